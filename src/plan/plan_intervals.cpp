#include "plan/plan_intervals.hpp"

#include <algorithm>

#include "base/names.hpp"

namespace leat::plan {
namespace {

using data::TypeId;

/// Comments aside, in which nobody writes so.
bool names_interval(const std::string& written) {
  for (auto at = written.find("{{"); at != written.npos; at = written.find("{{", at + 2)) {
    const auto word = written.find_first_not_of(" \t\n", at + 2);
    if (word != written.npos && written.compare(word, 9, "interval.") == 0) return true;
  }
  return false;
}

bool names_interval(const config::Node& node) {
  if (node.is_scalar()) return node.origin && names_interval(node.origin->written);
  return std::any_of(node.items.begin(), node.items.end(),
                     [](const auto& item) { return names_interval(item); }) ||
         std::any_of(node.entries.begin(), node.entries.end(),
                     [](const auto& entry) { return names_interval(entry.value); });
}

bool names_interval(const FileSource& source) {
  if (source.node.options != nullptr && names_interval(*source.node.options)) return true;
  return std::any_of(source.items.begin(), source.items.end(),
                     [](const auto& item) { return names_interval(*item.second); });
}

/// One sink that publishes interval by interval.
class IntervalSink {
 public:
  IntervalSink(const FileSink& draft, const IntervalRule& rule, const Interval& interval,
               const data::Schema& schema, SinkNode& sink, config::Findings& findings)
      : x_draft(draft),
        x_rule(rule),
        x_interval(interval),
        x_schema(schema),
        x_sink(sink),
        x_findings(findings) {}

  void plan() {
    switch (x_sink.strategy) {
      case Strategy::replace: return plan_replace();
      case Strategy::append: return plan_append();
      case Strategy::delete_insert: return plan_delete_insert();
      case Strategy::merge:
      case Strategy::scd2: return;
    }
  }

 private:
  const config::Node& place() const {
    return x_draft.strategy_node != nullptr ? *x_draft.strategy_node : *x_draft.node.key;
  }

  void plan_replace() {
    if (x_sink.target_by_interval) return;
    x_findings.add(place(),
                   "sink `" + x_sink.name +
                       "` replaces all, so that each interval would take the "
                       "place of the one before",
                   "use `strategy: delete_insert` with `by`, or name the interval in its target: "
                   "{{ interval.start }}");
  }

  void plan_append() {
    if (x_rule.lookback.count() == 0) return;
    x_findings.add(place(),
                   "`lookback` runs intervals again, and sink `" + x_sink.name +
                       "` would append their rows again",
                   "use `strategy: delete_insert` with `by`, or `merge`");
  }

  void plan_delete_insert() {
    if (x_sink.spec->replaces_partitions() || x_sink.options.by.empty()) return;
    if (x_sink.options.by.size() != 1) {
      return add_by("an interval is told by one column, and `by` names " +
                        std::to_string(x_sink.options.by.size()),
                    "name the column of its time alone");
    }
    const auto& column = x_schema.columns[*x_schema.find(x_sink.options.by.front())];
    const bool is_hour = x_rule.unit == IntervalUnit::hour;
    IntervalRows rows{column.name, "", ""};
    if (column.type.id == TypeId::timestamp_tz) {
      rows.start = instant_text(x_interval.start);
      rows.end = instant_text(x_interval.end);
    } else if (column.type.id == TypeId::timestamp && (!is_hour || x_rule.timezone == "UTC")) {
      rows.start = x_interval.local_start;
      rows.end = x_interval.local_end;
    } else if (column.type.id == TypeId::date && !is_hour) {
      rows.start = x_interval.local_start.substr(0, 10);
      rows.end = x_interval.local_end.substr(0, 10);
    } else {
      return add_by("column `" + column.name + "` is " + data::sql_of(column.type) +
                        ", which does not tell the " + std::string(name_of(x_rule.unit)) +
                        " of a row in " + x_rule.timezone,
                    is_hour ? "an hour needs a timestamp with time zone, or one in UTC"
                            : "name a date or a timestamp");
    }
    x_sink.options.interval = std::move(rows);
  }

  /// "2024-01-01 05:00:00+00"
  static std::string instant_text(Instant at) {
    auto text = format_instant(std::chrono::floor<std::chrono::seconds>(at)).substr(0, 19);
    text[10] = ' ';
    return text + "+00";
  }

  void add_by(const std::string& message, const std::string& hint) {
    const auto& by = x_draft.by.front();
    x_findings.add(by.place, message, hint, by.length);
  }

  const FileSink& x_draft;
  const IntervalRule& x_rule;
  const Interval& x_interval;
  const data::Schema& x_schema;
  SinkNode& x_sink;
  config::Findings& x_findings;
};

}  // namespace

bool IntervalUse::of_dataset(const std::string& name) const {
  for (const auto& source : x_file.sources) {
    if (source.node.name == name) return names_interval(source);
  }
  for (const auto& model : x_file.models) {
    if (model.name == name) return model.sql && names_interval(model.sql->written);
  }
  for (const auto& step : x_file.steps) {
    if (step.name == name && step.node != nullptr) return names_interval(*step.node);
  }
  return false;
}

bool IntervalUse::of_target(const FileSink& sink) const {
  return sink.node.options != nullptr && names_interval(*sink.node.options);
}

void plan_interval(const FileSink& draft, const PipelineFile& file,
                   const std::optional<Interval>& interval, const data::Schema& schema,
                   SinkNode& sink, config::Findings& findings) {
  if (!file.interval || !interval) return;
  const IntervalUse use(file);
  sink.target_by_interval = use.of_target(draft);
  sink.by_interval = sink.target_by_interval ||
                     std::any_of(sink.upstream.begin(), sink.upstream.end(),
                                 [&](const std::string& name) { return use.of_dataset(name); });
  if (sink.by_interval)
    IntervalSink(draft, *file.interval, *interval, schema, sink, findings).plan();
}

void judge_interval(const LoadedPipeline& loaded, const Plan& plan, config::Findings& findings) {
  if (!loaded.file.interval || plan.sinks.empty()) return;
  if (std::any_of(plan.sinks.begin(), plan.sinks.end(),
                  [](const SinkNode& sink) { return sink.by_interval; })) {
    return;
  }
  findings.add(
      *loaded.file.interval_node, "no sink is about an interval",
      "read the rows of one: WHERE at >= {{ interval.start }} AND at < {{ interval.end }}");
}

}  // namespace leat::plan
