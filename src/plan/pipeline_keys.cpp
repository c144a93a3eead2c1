#include "plan/pipeline_keys.hpp"

namespace leat::plan {
namespace {

using config::later;
using config::option;

const config::OptionTable<MaxChangeKeys>& max_change_table() {
  static const auto table = config::option_table<MaxChangeKeys>({
      option("added", &MaxChangeKeys::added, "New rows, as a share of those that are there.")
          .example("50%"),
      option("removed", &MaxChangeKeys::removed,
             "Rows that go, as a share of those that are there.")
          .example("10%"),
      option("changed", &MaxChangeKeys::changed,
             "Rows that stay with other values, as a share of those that are there.")
          .example("20%"),
  });
  return table;
}

const config::OptionTable<PolicyKeys>& policy_table() {
  static const auto table = config::option_table<PolicyKeys>({
      option("max_quarantine", &PolicyKeys::max_quarantine,
             "Largest share of rows in quarantine, judged from 100 rows up; `none`: any.")
          .example("5%"),
      option("min_score", &PolicyKeys::min_score, "Smallest score of a publish.").between(0, 100),
      option("on_breach", &PolicyKeys::on_breach,
             "What happens when this policy is broken: `hold`, `fail`, `warn`, or "
             "`fallback:<source>`: whenever the gate of a sink closes, what it rests on is read "
             "once more, "
             "with that source in the place of the one that names it in `on_error`, or of the only "
             "other one.")
          .example("fallback:prices_backup"),
      option("on_held", &PolicyKeys::on_held,
             "While a publish is held: the next one waits, or takes its place. Default: block for "
             "append, supersede for replace.")
          .choices({"block", "supersede"}),
      option(
          "weights", &PolicyKeys::weights,
          "Weight of each dimension in the score; those that are left out keep their default, and "
          "what weighs 0 does not count.")
          .between(0, 1e9)
          .example("{completeness: 30, accuracy: 30, consistency: 20, timeliness: 10, "
                   "validity: 10}"),
      option("profile", &PolicyKeys::profile,
             "Reads the published rows once more where statistics leave it open how many of them "
             "are valid; without it such a dataset has no count of valid rows."),
      option("max_change", &PolicyKeys::max_change,
             "Largest change of what is published already, judged within the transaction of each "
             "publish; `leat diff` shows what a held one changes.",
             max_change_table())
          .example("{removed: 10%}"),
  });
  return table;
}

const config::OptionTable<ResourceKeys>& resource_table() {
  static const auto table = config::option_table<ResourceKeys>({
      option("memory", &ResourceKeys::memory, "Memory of the engine: bytes, or a share of it all.")
          .example("25%"),
      option("threads", &ResourceKeys::threads, "Threads of a run, or `all`.").example("4"),
      later("temp", "Disk for what does not fit into memory."),
  });
  return table;
}

const config::OptionTable<HookKeys>& hook_table() {
  static const auto table = config::option_table<HookKeys>(with_program_options<HookKeys>({}));
  return table;
}

const config::OptionTable<HooksKeys>& hooks_table() {
  static const auto table = config::option_table<HooksKeys>({
      option("before", &HooksKeys::before, "Before anything is read; a failure ends the run.",
             hook_table())
          .example("[{command: [sh, hooks/mount.sh]}]"),
      option("after", &HooksKeys::after, "After a run that succeeded.", hook_table()),
      option("finally", &HooksKeys::finally,
             "At the end, whatever happened; never changes the verdict.", hook_table()),
      option("on_failure", &HooksKeys::on_failure, "After a run that failed.", hook_table()),
  });
  return table;
}

const config::OptionTable<RetryKeys>& retry_table() {
  static const auto table = config::option_table<RetryKeys>({
      option("attempts", &RetryKeys::attempts, "How often it is tried in all.").between(1, 100),
      option("backoff", &RetryKeys::backoff, "Whether the delay doubles each time.")
          .choices({"exponential", "constant"}),
      option("delay", &RetryKeys::delay, "Before the second try.").example("2s"),
      option("max_delay", &RetryKeys::max_delay, "The longest delay.").example("1h"),
      option("jitter", &RetryKeys::jitter, "Shorten each delay by up to a half, by chance."),
      option("within", &RetryKeys::within, "After so long no other try begins.").example("30m"),
  });
  return table;
}

const config::OptionTable<SliceKeys>& slice_table() {
  static const auto table = config::option_table<SliceKeys>({
      option("rows", &SliceKeys::rows, "At most so many rows a slice.").at_least(1),
      option("bytes", &SliceKeys::bytes, "At most so many bytes a slice.").example("512MB"),
      later("every", "A slice each so often."),
  });
  return table;
}

const config::OptionTable<ForEachKeys>& for_each_table() {
  static const auto table = config::option_table<ForEachKeys>({
      option("values", &ForEachKeys::values, "The items: texts, numbers, or maps of them.")
          .example("[{key: ny, file: new_york.csv}]"),
      option("from", &ForEachKeys::from,
             "Instead of `values`: a node whose rows are the items; a run reads them first.")
          .example("cities"),
      option("key", &ForEachKeys::key,
             "Which value of a map, or which column, names the item in positions and messages. "
             "Default: key.")
          .example("id"),
  });
  return table;
}

const config::OptionTable<CursorKeys>& cursor_table() {
  static const auto table = config::option_table<CursorKeys>({
      option("column", &CursorKeys::column, "The column; its values only grow.")
          .required()
          .length(1, 0)
          .example("updated_at"),
      option("lookback", &CursorKeys::lookback,
             "Rows so far below the greatest value are read again, for what is committed late: a "
             "time, or a number where the column is one. Its sinks must `merge`.")
          .example("1h"),
      option("boundary", &CursorKeys::boundary,
             "Rows at the greatest value that were read already are left out.")
          .choices({"dedupe"}),
  });
  return table;
}

const config::OptionTable<SealKeys>& seal_table() {
  static const auto table = config::option_table<SealKeys>({
      option("key", &SealKeys::key,
             "The column by whose values the rows are cut: one that has an index, no nulls, and "
             "values that stay.")
          .required()
          .length(1, 0)
          .example("id"),
      option("rows", &SealKeys::rows,
             "A part each so many rows, about where a table is large. Default without the others: "
             "1000000.")
          .at_least(1),
      option("bytes", &SealKeys::bytes, "A part each so many bytes, about.").example("512MB"),
      option("every", &SealKeys::every, "A part each so often, about.").example("30s"),
  });
  return table;
}

}  // namespace

const config::OptionTable<SourceKeys>& source_table() {
  static const auto table = config::option_table<SourceKeys>(with_condition<SourceKeys>({
      option("cursor", &SourceKeys::cursor,
             "The column by which new rows of a table or query are found: those from the greatest "
             "value on that was read.",
             cursor_table())
          .example("{column: updated_at}"),
      option("seal", &SourceKeys::seal,
             "How a long extract is cut into parts that are kept until it is published: a run that "
             "was killed goes on behind the last of them.",
             seal_table())
          .example("{key: id, rows: 1000000}"),
      later("archive", "Keep the raw bytes."),
      option("contract", &SourceKeys::contract,
             "The columns it is agreed to have: a file, or a map. Default: "
             "contracts/<pipeline>.<source>.yml, written by the first run.")
          .example("contracts/people.yml"),
      option("for_each", &SourceKeys::for_each,
             "Read one such source for each item; {{ item.value }}, or {{ item.x }} of a map.",
             for_each_table())
          .example("{values: [a, b]}"),
      later("cache", "Keep results for a while."),
      later("rate", "Limits on requests."),
      option("on_error", &SourceKeys::on_error,
             "When it cannot be read: `fail` the run, `skip` what rests on it, or read another "
             "source, `fallback:<source>`.")
          .example("fallback:prices_backup"),
      option("provenance", &SourceKeys::provenance,
             "`row`: each row of a file says where it stood, in the columns `_leat_file`, "
             "`_leat_record_no`, `_leat_line_no` and `_leat_byte_offset`.")
          .choices({"none", "row"})
          .later_choices({"publish"}),
      later("retry", "How often to try again."),
      later("timeout", "How long it may take."),
  }));
  return table;
}

const config::OptionTable<StepKeys>& step_table() {
  static const auto table =
      config::option_table<StepKeys>(with_condition<StepKeys>(with_program_options<StepKeys>({
          option("from", &StepKeys::from, "The source, model or step whose rows it gets.")
              .required(),
          option("columns", &StepKeys::columns, "Name and type of each column that it yields.")
              .required()
              .example("{id: bigint, score: double}"),
          option("format", &StepKeys::format, "The form of the rows on its stdin and stdout.",
                 config::EnumNames<StepFormat>{{"csv", StepFormat::csv},
                                               {"ndjson", StepFormat::ndjson},
                                               {"parquet", StepFormat::parquet},
                                               {"arrow", StepFormat::arrow}}),
          option("may_stop_early", &StepKeys::may_stop_early,
                 "It may end well before it has read all of its input."),
          later("llm_batch", "Ask a language model about each row."),
          later("retry", "How often to try again."),
      })));
  return table;
}

const config::OptionTable<ModelKeys>& model_table() {
  static const auto table = config::option_table<ModelKeys>(with_condition<ModelKeys>({
      option("sql", &ModelKeys::sql, "File with one SELECT. Default: models/<name>.sql")
          .example("models/people.sql"),
      option("query", &ModelKeys::query, "One SELECT, written here.")
          .example("SELECT * FROM prices WHERE close > 100"),
      option("key", &ModelKeys::key, "Columns that name a row.").items(1).example("[day, symbol]"),
      option("materialize", &ModelKeys::materialize, "How its rows are kept.")
          .choices({"stream"})
          .later_choices({"table"}),
      option("contract", &ModelKeys::contract,
             "The columns it is agreed to have: a file, or a map.")
          .example("contracts/people.yml"),
      later("tests", "Rows in, rows out."),
      later("engine", "Where the model runs."),
  }));
  return table;
}

namespace {

std::vector<config::TableLine<SinkKeys>> sink_lines() {
  return {
      option("from", &SinkKeys::from, "The source or model whose rows are published.")
          .required()
          .example("dear"),
      option("strategy", &SinkKeys::strategy, "How rows meet those that are there.",
             config::EnumNames<Strategy>{{"replace", Strategy::replace},
                                         {"append", Strategy::append},
                                         {"merge", Strategy::merge},
                                         {"delete_insert", Strategy::delete_insert},
                                         {"scd2", Strategy::scd2}}),
      option("key", &SinkKeys::key,
             "merge, scd2: the columns that name a row. Default: the model's `key`.")
          .items(1)
          .example("[customer_id]"),
      option("by", &SinkKeys::by,
             "delete_insert: rows of the target whose values of these columns come are replaced.")
          .items(1)
          .example("day"),
      option("version", &SinkKeys::version,
             "merge, scd2: a column that tells newer rows. A row that is older than the one in "
             "the "
             "target changes nothing; of two in one batch the newer counts.")
          .example("updated_at"),
      option("update", &SinkKeys::update,
             "merge: the columns that change where a row is there. Default: all but the key.")
          .items(1)
          .example("[name, city]"),
      option("delete_when", &SinkKeys::delete_when,
             "merge: an SQL test of the new row; where it is true the row of its key is removed.")
          .example("op = 'D'"),
  };
}

std::vector<config::TableLine<SinkKeys>> history_lines() {
  return {
      option("valid_from", &SinkKeys::valid_from,
             "scd2: name of the column, since when a row held.")
          .length(1, 0),
      option("valid_to", &SinkKeys::valid_to,
             "scd2: name of the column, until when it held; null while it does.")
          .length(1, 0),
      option("current", &SinkKeys::current, "scd2: name of the column, whether it holds now.")
          .length(1, 0),
      option("compare", &SinkKeys::compare,
             "scd2: a change of these columns is a new version. Default: all but key and version.")
          .items(1)
          .example("[city, segment]"),
      option("deletes", &SinkKeys::deletes,
             "scd2: what becomes of a key that does not come any more. `close` ends its version; "
             "then every run reads its sources whole.")
          .choices({"ignore", "close"}),
  };
}

std::vector<config::TableLine<SinkKeys>> target_lines() {
  return {
      option("on_schema_change", &SinkKeys::on_schema_change,
             "When the columns are not those of the target: refuse, add those that it lacks, or "
             "leave those out. Default: fail; `replace` takes the new columns.")
          .choices({"fail", "add_columns", "ignore"}),
      option("create", &SinkKeys::create, "Make the target when it is not there."),
      option(
          "takes_over", &SinkKeys::takes_over,
          "The sink, or pipeline.sink, whose place it takes in its target: it goes on where that "
          "one stopped. Else what another sink published is not replaced.")
          .example("old_pipeline.out"),
      option("shared", &SinkKeys::shared,
             "Other sinks publish to the target as well: what they did is no reason to refuse."),
      later("retry", "How often to try again."),
      later("timeout", "How long it may take."),
  };
}

}  // namespace

const config::OptionTable<SinkKeys>& sink_table() {
  static const auto table = [] {
    auto lines = sink_lines();
    for (auto& line : history_lines()) lines.push_back(std::move(line));
    for (auto& line : target_lines()) lines.push_back(std::move(line));
    return config::option_table<SinkKeys>(with_condition<SinkKeys>(std::move(lines), false));
  }();
  return table;
}

namespace {

const config::OptionTable<IntervalKeys>& interval_table() {
  static const auto table = config::option_table<IntervalKeys>({
      option("unit", &IntervalKeys::unit, "How long one is.",
             config::EnumNames<IntervalUnit>{{"hour", IntervalUnit::hour},
                                             {"day", IntervalUnit::day},
                                             {"week", IntervalUnit::week},
                                             {"month", IntervalUnit::month}}),
      option("start", &IntervalKeys::start,
             "Where the first one begins: a date in the zone; of hours a time as well.")
          .required()
          .length(1, 0)
          .example("2024-01-01"),
      option("end", &IntervalKeys::end, "Where the last one ends. Default: they go on.")
          .example("2025-01-01"),
      option("lookback", &IntervalKeys::lookback,
             "With a new one those that ended so long before it began are run again.")
          .example("3d"),
      option("timezone", &IntervalKeys::timezone, "In which zone days, weeks and months begin.")
          .example("America/New_York"),
      later("calendar", "Days that count."),
  });
  return table;
}

}  // namespace

const config::OptionTable<PipelineKeys>& pipeline_table() {
  static const auto table = config::option_table<PipelineKeys>({
      option("pipeline", &PipelineKeys::pipeline, "Name; that of the file without its ending.")
          .example("prices")
          .required()
          .length(1, 63),
      option("version", &PipelineKeys::version, "Version of this file format.").between(1, 1),
      option("description", &PipelineKeys::description, "What it is for.")
          .example("\"Prices of every day, checked.\""),
      option("owner", &PipelineKeys::owner, "Who answers for it.").example("data@example.org"),
      option("tags", &PipelineKeys::tags, "Words to select it by.").example("[finance, daily]"),
      option("params", &PipelineKeys::params, "Typed values of a run, by name.", param_options())
          .example("{state: {type: string, default: MA}}"),
      option("sources", &PipelineKeys::sources, "Nodes that read other systems, by name.")
          .example("{prices: {csv: {path: prices.csv}}}"),
      option("models", &PipelineKeys::models, "Nodes that are one SELECT, by name.")
          .example("{dear: {query: \"SELECT * FROM prices WHERE close > 100\"}}"),
      option("steps", &PipelineKeys::steps, "Nodes that run a program over a dataset, by name.")
          .example("{clean: {command: [python3, clean.py], from: prices, columns: {id: int}}}"),
      option("checks", &PipelineKeys::checks,
             "Rules about datasets: a list for each name. `none`: rows are not measured either, no "
             "statistics and no checksum, and go on with the least work.")
          .example("{prices: [not_null: [day, close]]}"),
      option("sinks", &PipelineKeys::sinks, "Nodes that publish a dataset, by name.")
          .example("{out: {parquet: {path: out.parquet}, from: dear}}"),
      option("policy", &PipelineKeys::policy, "When a publish is held.", policy_table()),
      option("resources", &PipelineKeys::resources, "What a run may use.", resource_table()),
      option("slice", &PipelineKeys::slice, "How a source that grows is cut.", slice_table()),
      option("delivery", &PipelineKeys::delivery,
             "The guarantee that is asked for. Default: the best that the path can give.")
          .choices({"exactly_once", "idempotent", "at_least_once"}),
      later("schedule", "When it runs."),
      option("interval", &PipelineKeys::interval,
             "The time ranges it is about: each is published by itself, once.", interval_table())
          .example("{unit: day, start: 2024-01-01}"),
      later("deadline", "When it must be done."),
      option("retry", &PipelineKeys::retry,
             "How external faults are tried again. Default: they are not.", retry_table())
          .example("{attempts: 3, delay: 2s}"),
      option("hooks", &PipelineKeys::hooks, "Programs that run before and after.", hooks_table())
          .example("{finally: [{command: [sh, hooks/tidy.sh]}]}"),
      later("wait_for", "What must be true first."),
      later("alerts", "Whom to tell."),
      later("engine", "Where models run."),
      later("cache", "Keep results for a while."),
  });
  return table;
}

}  // namespace leat::plan
