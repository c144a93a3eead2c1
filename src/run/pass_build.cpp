#include "run/pass_build.hpp"

#include <algorithm>
#include <thread>

#include "base/names.hpp"
#include "data/parquet_types.hpp"
#include "run/first_records.hpp"
#include "run/on_error.hpp"
#include "run/shaped_source.hpp"
#include "run/skips.hpp"
#include "run/step_rows.hpp"

namespace leat::run {
namespace {

Result<engine::PassInput> source_input(LiveRun& run, const plan::SourceNode& node,
                                       const Slice& slice) {
  engine::PassInput input;
  input.dataset = node.name;
  input.schema = node.judged;
  input.checks = node.checks;
  input.project = node.visible.select_list;
  input.hidden = node.visible.hidden;
  const auto& source = stand_in(run, node);
  auto read = run.sources.at(source.name)->read(slice, read_context(run));
  if (!read.ok()) {
    note_failed(run, node.name, read.error());
    return std::move(read).error().during("while opening source " + source.name);
  }
  input.read = watch(run, node.name, std::move(read).value());
  const auto& records_max = run.options.records_max;
  auto* chunks = std::get_if<std::unique_ptr<ChunkSource>>(&input.read);
  if (records_max && chunks != nullptr && source.spec->replay() == Replay::none) {
    *chunks = first_records(std::move(*chunks), *records_max);
  }
  if (!source.drift.is_plain) {
    TRY(input.read,
        shape_read(*run.session, std::move(input.read), source.drift.shape, source.judged));
  }
  if (&source != &node && !node.from_fallback.is_plain) {
    TRY(input.read,
        shape_read(*run.session, std::move(input.read), node.from_fallback.shape, node.judged));
  }
  return input;
}

kernels::GaugeWish& wish_for(const std::string& column, std::vector<kernels::GaugeWish>& wishes) {
  for (auto& wish : wishes) {
    if (wish.column == column) return wish;
  }
  return wishes.emplace_back(kernels::GaugeWish{column, {}});
}

/// What the set checks of a dataset ask to be added up and parted while its rows stream by.
Result<std::vector<kernels::GaugeWish>> wishes_of(const std::vector<Check>& checks,
                                                  const data::Schema& schema) {
  std::vector<kernels::GaugeWish> wishes;
  for (const auto& check : checks) {
    const auto* test = std::get_if<SetTest>(&check.test);
    if (test == nullptr || !test->is_gauged) continue;
    const auto column = schema.find(test->columns.front());
    if (!column || !kernels::has_gauge(schema.columns[*column].type)) {
      return Error(Fault::config, check.id + " asks for a column that is hidden or left out")
          .with("column", test->columns.front());
    }
    auto& wish = wish_for(schema.columns[*column].name, wishes);
    for (const auto& at : test->splits) {
      wish.splits.push_back({at, false});
      wish.splits.push_back({at, true});
    }
  }
  return wishes;
}

const std::vector<Check>& checks_upon(const LiveRun& run, const std::string& dataset) {
  const auto* source = run.plan.source(dataset);
  return source != nullptr ? source->checks : run.plan.model(dataset)->checks;
}

}  // namespace

ReadContext read_context(const LiveRun& run) {
  ReadContext context;
  context.cancel = run.services.cancel;
  context.threads = run.plan.resources.threads;
  if (context.threads == 0) context.threads = std::max(1u, std::thread::hardware_concurrency());
  context.block_bytes = run.options.block_bytes;
  return context;
}

Result<engine::Pass> build_pass(LiveRun& run, const plan::PassNode& node, const SliceOrder& order,
                                const Spools& spools, const Spools& kept) {
  engine::Pass pass;
  pass.dataset = node.dataset;
  pass.select = node.select;
  pass.schema = node.schema;
  pass.row_wise = node.row_wise;
  pass.measured = node.measured;
  if (!run.plan.is_measured) pass.measured.emplace();
  pass.compare_keys = run.compares_keys;
  TRY(pass.gauges, wishes_of(checks_upon(run, node.dataset), node.schema));
  const auto* model = run.plan.model(node.dataset);
  pass.takes_all = model == nullptr || model->step;
  for (const auto& name : node.consults) {
    const auto& schema = run.plan.schema(name);
    pass.consulted[name] =
        skipped(run, name) ? no_rows(schema).from_sql : read_spool(kept.at(name), schema).from_sql;
  }
  if (model && model->step) {
    TRY(auto input, step_output(run, *model));
    pass.inputs.push_back(std::move(input));
    return pass;
  }
  if (model) pass.checks = model->checks;
  for (const auto& name : node.inputs) {
    if (skipped(run, name)) {
      const auto& schema = run.plan.schema(name);
      pass.inputs.push_back({name, schema, no_rows(schema), {}, false});
      continue;
    }
    if (const auto spool = spools.find(name); spool != spools.end()) {
      const auto& schema = run.plan.schema(name);
      pass.inputs.push_back({name, schema, read_spool(spool->second, schema), {}, false});
      continue;
    }
    TRY(auto input, source_input(run, *run.plan.source(name), order.slices.at(name)));
    if (node.measured) input.named = node.schema.names();
    pass.inputs.push_back(std::move(input));
  }
  return pass;
}

std::optional<StageTarget> readable_stage(const std::vector<Stage>& stages) {
  for (const auto& stage : stages) {
    const auto* file = std::get_if<StageTarget>(&stage);
    if (file == nullptr || file->format != "parquet") continue;
    const bool parted = std::any_of(file->options.begin(), file->options.end(), [](const auto& o) {
      return to_lower(o.first) == "partition_by";
    });
    if (!parted) return *file;
  }
  return std::nullopt;
}

std::string rows_of(const StageTarget& stage, const data::Schema& schema) {
  std::string list;
  for (std::size_t i = 0; i < schema.size(); ++i) {
    const auto name = quote_identifier(schema.columns[i].name);
    list += (i ? ", " : "") + ("CAST(" + name + " AS " + data::sql_of(schema.columns[i].type)) +
            ") AS " + name;
  }
  return "SELECT " + list + " FROM read_parquet(" + quote_literal(stage.path.string()) + ")";
}

EngineScan no_rows(const data::Schema& schema) {
  std::string list;
  for (const auto& column : schema.columns) {
    list += (list.empty() ? "" : ", ") + ("CAST(NULL AS " + data::sql_of(column.type)) + ") AS " +
            quote_identifier(column.name);
  }
  return {"(SELECT " + list + " WHERE false)", "", ""};
}

EngineScan read_spool(const StageTarget& spool, const data::Schema& schema) {
  return {"(" + rows_of(spool, schema) + ")", "", ""};
}

Result<StageTarget> make_spool(const LiveRun& run, const std::string& dataset,
                               const data::Schema& schema) {
  StageTarget spool;
  spool.path = run.workspace->scratch() / (dataset + ".spool.parquet");
  spool.format = "parquet";
  spool.options = {{"COMPRESSION", "'lz4'"}, {"PARQUET_VERSION", "v2"}};
  for (std::size_t i = 0; i < schema.size(); ++i) {
    TRY(const auto travels, data::parquet_travel_type(schema.columns[i].type));
    if (travels) spool.travels_as.emplace_back(i, *travels);
  }
  return spool;
}

}  // namespace leat::run
