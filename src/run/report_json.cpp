#include <nlohmann/json.hpp>

#include "run/tally.hpp"

namespace leat::run {

using nlohmann::json;

namespace {

json checks_json(const DatasetOutcome& outcome) {
  json list = json::array();
  for (const auto& check : outcome.checks) {
    json entry{{"id", check.id},
               {"dimension", check.dimension},
               {"on_fail", check.on_fail},
               {"severity", check.severity},
               {"verdict", leat::name_of(check.verdict)},
               {"judged", check.rows_judged},
               {"failed", check.rows_failed}};
    const auto add = [&](const char* key, const std::string& text) {
      if (!text.empty()) entry[key] = text;
    };
    add("name", check.name);
    add("description", check.description);
    add("value", check.value);
    add("asked", check.asked);
    add("reason", check.reason);
    for (const auto& tally : outcome.tallies) {
      if (tally.id == check.id && !tally.examples.empty()) entry["examples"] = tally.examples;
    }
    list.push_back(std::move(entry));
  }
  return list;
}

/// What is not known is not there.
json profile_json(const Profile& profile) {
  json columns = json::array();
  for (const auto& column : profile.columns) {
    columns.push_back({{"name", column.name}, {"missing", column.missing}});
    if (profile.knows_outliers) columns.back()["outliers"] = column.outliers;
  }
  json object{{"total", profile.total},
              {"completeness", profile.completeness()},
              {"looked_again", profile.looked_again},
              {"columns", std::move(columns)}};
  if (!profile.knows_invalid) return object;
  object["valid"] = profile.valid();
  object["invalid"] = profile.invalid;
  return object;
}

json score_json(const Score& score) {
  return {{"total", score.total}, {"by_dimension", score.by_dimension}};
}

json notes_json(const std::vector<plan::ColumnNote>& notes) {
  json list = json::array();
  for (const auto& note : notes) {
    json entry{{"name", note.name}};
    if (!note.units.empty()) entry["units"] = note.units;
    if (!note.description.empty()) entry["description"] = note.description;
    list.push_back(std::move(entry));
  }
  return list;
}

std::string text_of(const json& object) {
  return object.dump(-1, ' ', false, json::error_handler_t::replace);
}

/// An object that is not empty, and one more of its keys, whose value is text already.
std::string with(std::string object, std::string_view key, std::string_view value) {
  object.back() = ',';
  return object + "\"" + std::string(key) + "\":" + std::string(value) + "}";
}

template <typename Item>
std::string list_of(const std::vector<Item>& items, std::string (*text)(const Item&)) {
  std::string list = "[";
  for (const auto& item : items) list += (list.size() > 1 ? "," : "") + text(item);
  return list + "]";
}

std::string dataset_text(const DatasetReport& dataset) {
  const auto& counts = dataset.outcome.counts;
  json entry{{"name", dataset.name},
             {"kind", dataset.kind},
             {"read", counts.read},
             {"quarantined", counts.quarantined},
             {"undecodable", counts.undecodable},
             {"above_records", counts.above_records},
             {"deduplicated", counts.deduplicated},
             {"passed_on", counts.passed_on},
             {"elapsed_us", dataset.elapsed.count()},
             {"score", score_json(dataset.score)},
             {"checks", checks_json(dataset.outcome)}};
  if (!dataset.notes.empty()) entry["columns"] = notes_json(dataset.notes);
  if (dataset.profile.is_known) entry["profile"] = profile_json(dataset.profile);
  if (!dataset.measured) return text_of(entry);
  return with(text_of(entry), "statistics", kernels::to_json(dataset.statistics));
}

std::string sink_text(const SinkReport& sink) {
  json entry{{"name", sink.name},
             {"from", sink.from},
             {"place", sink.place},
             {"how_to_look", sink.how_to_look},
             {"strategy", sink.strategy},
             {"guarantee", sink.guarantee},
             {"verdict", name_of(sink.verdict)},
             {"published", sink.published},
             {"publishes", sink.publishes},
             {"changes",
              {{"inserted", sink.changes.inserted},
               {"updated", sink.changes.updated},
               {"deleted", sink.changes.deleted},
               {"unchanged", sink.changes.unchanged},
               {"superseded", sink.changes.superseded}}},
             {"reasons", sink.reasons}};
  if (!sink.error.empty()) entry["error"] = sink.error;
  if (sink.receipt.publish_id.is_zero()) return text_of(entry);
  entry["publish_id"] = sink.receipt.publish_id.text();
  return with(text_of(entry), "receipt", to_json(sink.receipt));
}

/// Those of checks first: the gate speaks before the commit.
std::vector<std::string> all_warnings(const RunReport& report) {
  auto all = report.check_warnings;
  all.insert(all.end(), report.warnings.begin(), report.warnings.end());
  return all;
}

}  // namespace

std::string to_json(const RunReport& report) {
  json object{{"schema", "leat.run/1"},
              {"ok", report.exit_code == 0},
              {"exit", report.exit_code},
              {"status", report.status},
              {"run_id", report.run_id.text()},
              {"pipeline", report.pipeline},
              {"description", report.description},
              {"owner", report.owner},
              {"environment", report.environment},
              {"started_at", format_instant(report.started_at)},
              {"elapsed_us", report.elapsed.count()},
              {"slices", report.slices},
              {"score", score_json(report.score)},
              {"warnings", all_warnings(report)},
              {"queries", report.queries},
              {"quarantine", report.segments},
              {"graph", json::array()}};
  if (!report.interval.empty()) object["interval"] = report.interval;
  for (const auto& node : report.graph) {
    object["graph"].push_back({{"name", node.name},
                               {"kind", node.kind},
                               {"connector", node.connector},
                               {"inputs", node.inputs}});
  }
  const auto with_nodes = with(text_of(object), "nodes", list_of(report.datasets, dataset_text));
  return with(with_nodes, "sinks", list_of(report.sinks, sink_text));
}

}  // namespace leat::run
