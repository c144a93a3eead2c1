#include "plan/pipeline_file.hpp"

#include <algorithm>
#include <charconv>

#include "base/names.hpp"
#include "base/quantity.hpp"
#include "plan/cursors.hpp"
#include "plan/policies.hpp"
#include "plan/seals.hpp"
#include "plan/pipeline_keys.hpp"

namespace leat::plan {
namespace {

Retry retry_of(const RetryKeys& keys) {
  Retry retry{keys.attempts, keys.backoff == "exponential", keys.delay.length,
              keys.max_delay.length, keys.jitter};
  if (keys.within) retry.within = keys.within->length;
  return retry;
}

using config::Located;
using config::Node;

IntervalRule rule_of(const IntervalKeys& keys) {
  return {keys.unit, keys.start.text, keys.end.text, keys.lookback.length, keys.timezone.text};
}

/// Turns keys into a pipeline, section by section.
class PipelineReader {
 public:
  PipelineReader(const Node& root, const std::string& stem, config::Findings& findings)
      : x_root(root), x_stem(stem), x_findings(findings) {}

  PipelineFile read() {
    PipelineKeys keys;
    if (x_root.is_null()) {
      x_findings.add(Place{x_root.place.file, 1, 1}, "the file is empty",
                     "start with `pipeline: " + x_stem + "`");
      return {};
    }
    pipeline_table().read(x_root, keys, x_findings);
    x_out.description = keys.description;
    x_out.owner = keys.owner;
    x_out.tags = keys.tags;
    x_out.params = keys.params;
    read_name(keys.pipeline);
    read_sections(keys);
    judge_empty(keys);
    x_out.policy = policy_of(keys.policy, x_root, x_findings);
    name_breached(keys.policy.on_breach);
    read_resources(keys.resources);
    x_out.slice.rows = keys.slice.rows;
    if (keys.slice.bytes) x_out.slice.bytes = keys.slice.bytes->count;
    read_delivery(keys.delivery);
    read_hooks(keys.hooks);
    if (keys.interval) {
      x_out.interval = rule_of(*keys.interval);
      x_out.interval_node = x_root.find("interval");
    }
    if (keys.retry) {
      x_out.retry = retry_of(*keys.retry);
    }
    return std::move(x_out);
  }

 private:
  void read_name(const Located<std::string>& name) {
    x_out.pipeline = name.text;
    if (name.text.empty() || name.text == x_stem) return;
    x_findings.add(name.place, "`" + name.text + "` is not the name of its file",
                   "write `pipeline: " + x_stem + "`, or name the file " + name.text + ".yml",
                   name.length);
  }

  /// Nothing to read and nowhere to publish is no pipeline; said where nothing else is wrong.
  void judge_empty(const PipelineKeys& keys) {
    if (!x_findings.empty()) return;
    const auto is_empty = [](const Node* section) {
      return section == nullptr || section->is_null() ||
             (section->is_map() && section->entries.empty());
    };
    if (!is_empty(keys.sources) || !is_empty(keys.sinks) || keys.pipeline.text.empty()) return;
    x_findings.add(keys.pipeline.place, "the pipeline has no sources and no sinks",
                   "`sources` say what is read, `sinks` what is published and where",
                   keys.pipeline.length);
  }

  void read_sections(const PipelineKeys& keys) {
    for_each_node(keys.sources, "source", [this](const Node::Entry& entry) {
      if (entry.value.is_null()) return add_null(entry, "source", "csv: {path: data.csv}");
      SourceKeys source;
      std::vector<const Node::Entry*> others;
      source_table().read(entry.value, source, x_findings, &others);
      FileSource file;
      file.node =
          find_connector(entry, others, source_table(), pipeline_table(), "source", x_findings);
      file.contract_node = source.contract;
      judge_for_each(source, entry.value);
      if (source.cursor) file.cursor = cursor_of(*source.cursor, entry.value, x_findings);
      if (source.seal) file.seal = seal_of(*source.seal, entry.value);
      file.on_error = on_error_of(source.on_error);
      file.on_error_node = entry.value.find("on_error");
      if (source.provenance == "row") file.keeps_places = entry.value.find("provenance");
      file.when = condition_of(source);
      file.when_node = entry.value.find("when");
      x_out.sources.push_back(std::move(file));
    });
    for_each_node(keys.models, "model", [this](const Node::Entry& entry) { read_model(entry); });
    for_each_node(keys.steps, "step", [this](const Node::Entry& entry) { read_step(entry); });
    for_each_node(keys.sinks, "sink", [this](const Node::Entry& entry) { read_sink(entry); });
    read_checks(keys.checks);
  }

  /// Names are one space: a model may not be called as a source is.
  template <typename Read>
  void for_each_node(const Node* section, std::string_view what, Read read_entry) {
    if (!section || section->is_null()) return;
    if (!section->is_map()) {
      return config::add_mismatch(*section, "a map of " + std::string(what) + "s by name",
                                  x_findings);
    }
    for (const auto& entry : section->entries) {
      check_node_name(entry.key, x_findings);
      add_name(entry.key);
      if (entry.value.is_map() || entry.value.is_null()) {
        read_entry(entry);
      } else {
        config::add_mismatch(entry.value, "a map of options", x_findings);
      }
    }
  }

  void add_null(const Node::Entry& entry, const std::string& what, const std::string& example) {
    x_findings.add(entry.key, what + " `" + entry.key.text + "` names no connector",
                   "write one below it: " + example);
  }

  void add_name(const Node& key) {
    const auto [first, fresh] = x_names.emplace(to_lower(key.text), &key);
    if (fresh) return;
    x_findings.add(
        key, "the name `" + key.text + "` is taken",
        "`" + first->second->text + "` stands in line " +
            std::to_string(first->second->place.line) +
            "; names of sources, models, steps and sinks are one space, letter case aside");
  }

  void read_model(const Node::Entry& entry) {
    ModelKeys keys;
    FileModel model;
    model.name = entry.key.text;
    model.key = &entry.key;
    const bool good = model_table().read(entry.value, keys, x_findings);
    model.unique_key = keys.key;
    model.contract_node = keys.contract;
    model.when = condition_of(keys);
    model.when_node = entry.value.find("when");
    if (keys.sql && keys.query) {
      x_findings.add(*entry.value.find("query"), "a model has `sql` or `query`, not both",
                     "`sql` names a file, `query` is the SELECT itself");
    } else if (keys.query) {
      config::ValueShape shape;
      shape.kind = config::ValueKind::sql;
      config::SqlText sql;
      if (config::read_value(*keys.query, shape, sql, x_findings)) model.sql = std::move(sql);
    } else if (keys.sql) {
      config::ValueShape shape;
      shape.length_min = 1;
      if (!config::read_value(*keys.sql, shape, model.sql_path, x_findings)) return;
      model.sql_node = keys.sql;
    } else if (good) {
      model.sql_path = "models/" + model.name + ".sql";
    }
    x_out.models.push_back(std::move(model));
  }

  void judge_for_each(const SourceKeys& source, const Node& node) {
    if (!source.for_each) return;
    const auto& entry = *node.find("for_each");
    const auto* given = source.for_each->values;
    const auto* from = source.for_each->from;
    if (from != nullptr && !from->is_scalar()) {
      return config::add_mismatch(*from, "the name of a node", x_findings);
    }
    if ((given == nullptr) == (from == nullptr)) {
      const std::string what =
          given == nullptr ? "`for_each` has no items" : "`for_each` has items twice";
      return x_findings.add(entry, what, "say either `values: [..]` or `from: node`");
    }
    if (given == nullptr) return;
    const auto& values = *given;
    if (!values.is_sequence() || values.items.empty()) {
      if (values.is_sequence()) {
        x_findings.add(values, "`values` has no item, and a source is read once for each",
                       "values: [a, b]; or `from: node`, whose rows are the items");
      } else {
        config::add_mismatch(values, "a list of items", x_findings);
      }
    }
  }

  OnError on_error_of(const Located<std::string>& text) {
    constexpr std::string_view kFallback = "fallback:";
    if (text.text == "fail") return {};
    if (text.text == "skip") return {OnError::Act::skip, ""};
    if (text.text.starts_with(kFallback) && text.text.size() > kFallback.size()) {
      return {OnError::Act::fallback, text.text.substr(kFallback.size())};
    }
    add(text, "`" + text.text + "` is not one of fail, skip or fallback:<source>");
    return {};
  }

  void read_step(const Node::Entry& entry) {
    FileStep step;
    step.name = entry.key.text;
    step.key = &entry.key;
    step.node = &entry.value;
    step_table().read(entry.value, step.keys, x_findings);
    step.columns = step.keys.columns;
    step.when = condition_of(step.keys);
    step.when_node = entry.value.find("when");
    config::ValueShape text;
    if (step.keys.from && !config::read_value(*step.keys.from, text, step.from, x_findings)) {
      step.keys.from = nullptr;
    }
    x_out.steps.push_back(std::move(step));
  }

  void read_sink(const Node::Entry& entry) {
    if (entry.value.is_null()) return add_null(entry, "sink", "parquet: {path: out.parquet}");
    SinkKeys keys;
    std::vector<const Node::Entry*> others;
    sink_table().read(entry.value, keys, x_findings, &others);
    FileSink sink;
    sink.node = find_connector(entry, others, sink_table(), pipeline_table(), "sink", x_findings);
    config::ValueShape text;
    if (keys.from && config::read_value(*keys.from, text, sink.from, x_findings)) {
      sink.from_node = keys.from;
    }
    sink.keys = &entry.value;
    sink.strategy = keys.strategy;
    sink.strategy_node = entry.value.find("strategy");
    read_strategy(keys, sink);
    sink.when = condition_of(keys);
    sink.when_node = entry.value.find("when");
    x_out.sinks.push_back(std::move(sink));
  }

  void read_strategy(const SinkKeys& keys, FileSink& sink) {
    sink.key = keys.key;
    sink.by = keys.by;
    sink.version = keys.version;
    sink.update = keys.update;
    sink.delete_when = keys.delete_when;
    sink.valid_from = keys.valid_from;
    sink.valid_to = keys.valid_to;
    sink.current = keys.current;
    sink.compare = keys.compare;
    sink.close_deleted = keys.deletes == "close";
    sink.create = keys.create;
    sink.takes_over = keys.takes_over;
    sink.shared = keys.shared;
    sink.shared_node = sink.keys->find("shared");
    if (keys.on_schema_change) {
      const std::string& word = keys.on_schema_change->text;
      sink.on_schema_change = word == "fail"     ? OnSchemaChange::fail
                              : word == "ignore" ? OnSchemaChange::ignore
                                                 : OnSchemaChange::add_columns;
    }
  }

  void read_checks(const Node* section) {
    if (!section || section->is_null()) return;
    if (section->is_scalar() && section->text == "none") {
      x_out.no_checks = section;
      return;
    }
    if (!section->is_map()) {
      return config::add_mismatch(
          *section, "a map of datasets, each with a list of checks, or `none`", x_findings);
    }
    for (const auto& dataset : section->entries) {
      if (!dataset.value.is_sequence()) {
        x_findings.add(dataset.value, "expected a list of checks, found " + shown(dataset.value),
                       "- not_null: [column]");
      }
      for (const auto& item : dataset.value.items) read_check(dataset.key, item);
    }
  }

  void read_check(const Node& dataset, const Node& item) {
    if (!item.is_map() || item.entries.empty()) {
      return x_findings.add(item, "expected a check, found " + shown(item), "- not_null: [column]");
    }
    const auto& first = item.entries.front();
    if (item.entries.size() > 1) {
      return x_findings.add(
          item.entries[1].key,
          "one check has one name, and this is a second key beside `" + first.key.text + "`",
          first.value.is_null() ? "indent the options of `" + first.key.text + "` below it"
                                : "start another check with `- `");
    }
    x_out.checks.push_back({dataset.text, &dataset, first.key.text, &first.key, &first.value});
  }

  /// The policy's fallback stands in for the source that names it, or for the only other one.
  void name_breached(const Located<std::string>& written) {
    const auto fallback = to_lower(x_out.policy.fallback);
    if (fallback.empty()) return;
    std::vector<FileSource*> others;
    for (auto& source : x_out.sources) {
      if (to_lower(source.on_error.fallback) == fallback) return;
      if (to_lower(source.node.name) != fallback) others.push_back(&source);
    }
    if (others.size() != 1) {
      return add(written,
                 "it is not said which source `" + x_out.policy.fallback + "` is read in place of",
                 "write `on_error: fallback:" + x_out.policy.fallback + "` at that source");
    }
    others[0]->on_error.fallback = x_out.policy.fallback;
    others[0]->on_error_node = x_root.find_entry("policy")->value.find("on_breach");
  }

  void read_resources(const ResourceKeys& keys) {
    x_out.resources.memory = amount(keys.memory);
    if (keys.threads.text == "all") return;
    const auto& text = keys.threads.text;
    std::uint64_t threads = 0;
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), threads);
    if (code == std::errc() && end == text.data() + text.size() && threads > 0 && threads <= 1024) {
      x_out.resources.threads = threads;
    } else {
      add(keys.threads, "expected a number of threads, 1 to 1024, or `all`, found `" + text + "`");
    }
  }

  std::optional<Amount> amount(const std::optional<Located<std::string>>& text) {
    if (!text) return std::nullopt;
    if (text->text.ends_with('%')) {
      const auto share = parse_share(text->text);
      if (share.ok() && *share > 0) return Amount{*share, std::nullopt};
    } else {
      const auto bytes = parse_bytes(text->text);
      if (bytes.ok() && *bytes > 0) return Amount{std::nullopt, *bytes};
    }
    add(*text, "expected bytes such as 2GB or a share such as 25%, found `" + text->text + "`");
    return std::nullopt;
  }

  std::vector<Program> programs(const char* when, const std::vector<HookKeys>& hooks) {
    std::vector<Program> out;
    for (const auto& keys : hooks) {
      const auto name = std::string("hooks.") + when + "[" + std::to_string(out.size() + 1) + "]";
      out.push_back(program_of(name, keys, x_findings));
    }
    return out;
  }

  void read_hooks(const HooksKeys& keys) {
    x_out.hooks.before = programs("before", keys.before);
    x_out.hooks.after = programs("after", keys.after);
    x_out.hooks.finally = programs("finally", keys.finally);
    x_out.hooks.on_failure = programs("on_failure", keys.on_failure);
  }

  void read_delivery(const Located<std::string>& delivery) {
    if (delivery.text.empty()) return;
    x_out.delivery_node = x_root.find("delivery");
    for (const auto guarantee :
         {Guarantee::exactly_once, Guarantee::idempotent, Guarantee::at_least_once}) {
      if (name_of(guarantee) == delivery.text) x_out.delivery = guarantee;
    }
  }

  void add(const Located<std::string>& at, std::string message, std::string hint = "") {
    x_findings.add(at.place, std::move(message), std::move(hint), at.length);
  }

  const Node& x_root;
  const std::string& x_stem;
  config::Findings& x_findings;
  PipelineFile x_out;
  std::map<std::string, const Node*> x_names;
};

struct ParamsOnly {
  ParamList params;
};

}  // namespace

PipelineFile read_pipeline(const Node& root, const std::string& stem, config::Findings& findings) {
  return PipelineReader(root, stem, findings).read();
}

std::optional<IntervalRule> read_interval(const Node& root) {
  if (!root.is_map() || root.find("interval") == nullptr) return std::nullopt;
  PipelineKeys keys;
  Node only = root;
  std::erase_if(only.entries,
                [](const Node::Entry& entry) { return entry.key.text != "interval"; });
  std::vector<const Node::Entry*> others;
  config::Findings unheard;  // The file is read again, and told then.
  pipeline_table().read(only, keys, unheard, &others);
  if (!keys.interval || keys.interval->start.text.empty()) return std::nullopt;
  return rule_of(*keys.interval);
}

ParamList read_params(const Node& root, config::Findings& findings) {
  static const auto table = config::option_table<ParamsOnly>(
      {config::option("params", &ParamsOnly::params, "Typed values.", param_options())});
  ParamsOnly only;
  std::vector<const Node::Entry*> others;
  if (root.is_map()) table.read(root, only, findings, &others);
  for (const auto& [name, keys] : only.params) {
    Node key;
    key.text = name.text;
    key.place = name.place;
    key.length = name.length;
    key.kind = Node::Kind::scalar;
    check_node_name(key, findings);
  }
  return std::move(only.params);
}

const config::OptionSet& pipeline_options() { return pipeline_table(); }
const config::OptionSet& source_options() { return source_table(); }
const config::OptionSet& model_options() { return model_table(); }
const config::OptionSet& step_options() { return step_table(); }
const config::OptionSet& sink_options() { return sink_table(); }

}  // namespace leat::plan
