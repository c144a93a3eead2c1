#include "core/receipt.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <unordered_map>

namespace leat {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::array<std::string_view, 4> kVerdicts{"pass", "warn", "fail", "hold"};

/// Reads the members of one JSON object; the first that is missing or of another type is kept.
class Reader {
 public:
  Reader(const Json& object, std::string path) : x_object(object), x_path(std::move(path)) {
    if (!object.is_object()) x_problem = x_path + " is not an object";
  }

  const Json* member(const char* key, bool (Json::*is)() const noexcept) {
    if (!x_problem.empty()) return nullptr;
    const auto found = x_object.find(key);
    if (found == x_object.end()) return fail(key, "is missing");
    return ((*found).*is)() ? &*found : fail(key, "has another type");
  }

  void read(const char* key, std::string& out) {
    if (const auto* json = member(key, &Json::is_string)) out = json->get<std::string>();
  }
  void read(const char* key, std::uint64_t& out) {
    if (const auto* json = member(key, &Json::is_number_unsigned)) out = json->get<std::uint64_t>();
  }
  void read(const char* key, double& out) {
    if (const auto* json = member(key, &Json::is_number)) out = json->get<double>();
  }
  void read(const char* key, bool& out) {
    if (const auto* json = member(key, &Json::is_boolean)) out = json->get<bool>();
  }
  void read(const char* key, Uuid& out) { read_text(key, out, parse_uuid); }
  void read(const char* key, Instant& out) { read_text(key, out, parse_instant); }
  void read(const char* key, Verdict& out) {
    std::string name;
    read(key, name);
    for (std::size_t i = 0; x_problem.empty() && i < kVerdicts.size(); ++i) {
      if (kVerdicts[i] == name) {
        out = Verdict(i);
        return;
      }
    }
    fail(key, "is no verdict");
  }

  const Json* fail(const char* key, std::string_view why) {
    if (x_problem.empty()) x_problem = x_path + "." + key + " " + std::string(why);
    return nullptr;
  }
  void fail_as(const std::string& problem) {
    if (x_problem.empty()) x_problem = problem;
  }
  const std::string& problem() const { return x_problem; }

 private:
  template <typename T>
  void read_text(const char* key, T& out, Result<T> (*parse)(std::string_view)) {
    std::string text;
    read(key, text);
    if (!x_problem.empty()) return;
    auto parsed = parse(text);
    if (parsed.ok()) {
      out = *parsed;
    } else {
      fail(key, parsed.error().message());
    }
  }

  const Json& x_object;
  std::string x_path;
  std::string x_problem;
};

Json json_of(const CheckOutcome& outcome) {
  Json json{{"dataset", outcome.dataset},
            {"id", outcome.id},
            {"dimension", outcome.dimension},
            {"on_fail", outcome.on_fail},
            {"severity", outcome.severity},
            {"verdict", name_of(outcome.verdict)},
            {"rows_judged", outcome.rows_judged},
            {"rows_failed", outcome.rows_failed},
            {"value", outcome.value}};
  if (!outcome.asked.empty()) json["asked"] = outcome.asked;
  if (!outcome.reason.empty()) json["reason"] = outcome.reason;
  if (!outcome.name.empty()) json["name"] = outcome.name;
  return json;
}

Json json_of(const RowChanges& changes) {
  return {{"inserted", changes.inserted},
          {"updated", changes.updated},
          {"deleted", changes.deleted},
          {"unchanged", changes.unchanged},
          {"superseded", changes.superseded}};
}

Json json_of(const QuarantineSegment& segment) {
  return {{"dataset", segment.dataset}, {"segment", segment.segment}, {"rows", segment.rows}};
}

Json json_of(const DatasetColumns& dataset) {
  Json columns = Json::array();
  for (const auto& [name, type] : dataset.columns) columns.push_back({name, type});
  Json json{{"dataset", dataset.dataset}, {"columns", std::move(columns)}};
  if (!dataset.units.empty()) json["units"] = dataset.units;
  return json;
}

Json json_of(const SchemaChange& change) {
  Json json{{"dataset", change.dataset},
            {"column", change.column},
            {"from", change.from},
            {"to", change.to}};
  if (change.units_from == change.units_to) return json;
  json["units_from"] = change.units_from;
  json["units_to"] = change.units_to;
  return json;
}

Json json_of(const Replayed& replay) {
  Json segments = Json::array();
  for (const auto& from : replay.segments) {
    Json ranges = Json::array();
    for (const auto& [first, end] : from.rows) ranges.push_back({first, end});
    segments.push_back({{"segment", from.segment}, {"rows", std::move(ranges)}});
  }
  return {{"dataset", replay.dataset},
          {"after", replay.after.text()},
          {"segments", std::move(segments)}};
}

std::string read_item(const Json& json, ReplayedRows& out) {
  Reader reader(json, "replay.segments[]");
  reader.read("segment", out.segment);
  const auto* ranges = reader.member("rows", &Json::is_array);
  if (ranges == nullptr) return reader.problem();
  for (const auto& range : *ranges) {
    if (!range.is_array() || range.size() != 2 || !range[0].is_number_unsigned() ||
        !range[1].is_number_unsigned()) {
      return "replay.segments[].rows is no list of ranges";
    }
    out.rows.emplace_back(range[0].get<std::uint64_t>(), range[1].get<std::uint64_t>());
  }
  return reader.problem();
}

std::string read_item(const Json& json, Replayed& out) {
  Reader reader(json, "replay");
  reader.read("dataset", out.dataset);
  reader.read("after", out.after);
  const auto* segments = reader.member("segments", &Json::is_array);
  if (segments == nullptr) return reader.problem();
  for (const auto& segment : *segments) {
    const auto problem = read_item(segment, out.segments.emplace_back());
    if (!problem.empty()) reader.fail_as(problem);
  }
  return reader.problem();
}

std::string read_item(const Json& json, DatasetColumns& out) {
  Reader reader(json, "columns[]");
  reader.read("dataset", out.dataset);
  const auto* columns = reader.member("columns", &Json::is_array);
  if (columns == nullptr) return reader.problem();
  for (const auto& column : *columns) {
    if (!column.is_array() || column.size() != 2 || !column[0].is_string() ||
        !column[1].is_string()) {
      return "columns[].columns is no list of names and types";
    }
    out.columns.emplace_back(column[0].get<std::string>(), column[1].get<std::string>());
  }
  if (!json.contains("units")) return reader.problem();
  if (const auto* units = reader.member("units", &Json::is_object)) {
    for (const auto& [column, unit] : units->items()) {
      if (!unit.is_string()) return "columns[].units is no object of texts";
      out.units[column] = unit.get<std::string>();
    }
  }
  return reader.problem();
}

std::string read_item(const Json& json, SchemaChange& out) {
  Reader reader(json, "schema_changes[]");
  reader.read("dataset", out.dataset);
  reader.read("column", out.column);
  reader.read("from", out.from);
  reader.read("to", out.to);
  if (!json.is_object() || !json.contains("units_from")) return reader.problem();
  reader.read("units_from", out.units_from);
  reader.read("units_to", out.units_to);
  return reader.problem();
}

std::string read_item(const Json& json, CheckOutcome& out) {
  Reader reader(json, "checks[]");
  reader.read("dataset", out.dataset);
  reader.read("id", out.id);
  reader.read("dimension", out.dimension);
  reader.read("on_fail", out.on_fail);
  if (json.is_object() && json.contains("severity")) reader.read("severity", out.severity);
  reader.read("verdict", out.verdict);
  reader.read("rows_judged", out.rows_judged);
  reader.read("rows_failed", out.rows_failed);
  reader.read("value", out.value);
  if (!json.is_object()) return reader.problem();
  if (json.contains("asked")) reader.read("asked", out.asked);
  if (json.contains("reason")) reader.read("reason", out.reason);
  if (json.contains("name")) reader.read("name", out.name);
  return reader.problem();
}

std::string read_item(const Json& json, QuarantineSegment& out) {
  Reader reader(json, "quarantine[]");
  reader.read("dataset", out.dataset);
  reader.read("segment", out.segment);
  reader.read("rows", out.rows);
  return reader.problem();
}

template <typename Item>
Json array_of(const std::vector<Item>& items) {
  Json array = Json::array();
  for (const auto& item : items) array.push_back(json_of(item));
  return array;
}

template <typename Item>
void read_array(Reader& reader, const char* key, std::vector<Item>& out) {
  const auto* array = reader.member(key, &Json::is_array);
  if (!array) return;
  for (const auto& json : *array) {
    const auto problem = read_item(json, out.emplace_back());
    if (!problem.empty()) reader.fail_as(problem);
  }
}

/// Of receipts that older versions wrote it may be missing.
template <typename Item>
void read_array_if_there(const Json& json, Reader& reader, const char* key,
                         std::vector<Item>& out) {
  if (json.is_object() && json.contains(key)) read_array(reader, key, out);
}

void read_position(Reader& reader, PositionMap& out) {
  const auto* object = reader.member("position", &Json::is_object);
  if (!object) return;
  for (const auto& [source, text] : object->items()) {
    if (!text.is_string()) {
      reader.fail("position", "has another type");
      return;
    }
    out[source] = Position{text.get<std::string>()};
  }
}

void read_names(Reader& reader, const char* key, std::vector<std::string>& out) {
  const auto* names = reader.member(key, &Json::is_array);
  if (names == nullptr) return;
  for (const auto& name : *names) {
    if (!name.is_string()) {
      return reader.fail_as("receipt." + std::string(key) + " is no list of names");
    }
    out.push_back(name.get<std::string>());
  }
}

/// Of receipts that older versions wrote all are missing.
void read_scope(const Json& json, Reader& reader, Receipt& receipt) {
  if (!json.is_object()) return;
  if (json.contains("read_whole")) read_names(reader, "read_whole", receipt.read_whole);
  if (json.contains("appended")) read_names(reader, "appended", receipt.appended);
  if (json.contains("took_over")) reader.read("took_over", receipt.took_over.emplace());
  if (json.contains("replay")) {
    const auto problem = read_item(json["replay"], receipt.replay.emplace());
    if (!problem.empty()) reader.fail_as(problem);
  }
}

void read_rows(Reader& reader, Receipt& receipt) {
  reader.read("rows_read", receipt.rows_read);
  reader.read("rows_published", receipt.rows_published);
  reader.read("rows_quarantined", receipt.rows_quarantined);
  reader.read("rows_filtered", receipt.rows_filtered);
  reader.read("rows_deduplicated", receipt.rows_deduplicated);
  reader.read("row_wise", receipt.row_wise);
  reader.read("checksum", receipt.checksum);
}

/// Receipts of before there were other strategies than replace and append have none.
void read_changes(const Json& json, Reader& reader, RowChanges& changes) {
  if (!json.is_object() || !json.contains("changes")) return;
  Reader inner(json["changes"], "changes");
  inner.read("inserted", changes.inserted);
  inner.read("updated", changes.updated);
  inner.read("deleted", changes.deleted);
  inner.read("unchanged", changes.unchanged);
  inner.read("superseded", changes.superseded);
  if (!inner.problem().empty()) reader.fail_as(inner.problem());
}

void read_identity(Reader& reader, Receipt& receipt) {
  reader.read("publish_id", receipt.publish_id);
  reader.read("previous_publish_id", receipt.previous_publish_id);
  reader.read("counter", receipt.counter);
  reader.read("pipeline", receipt.lane.pipeline);
  reader.read("sink", receipt.lane.sink);
  reader.read("lane", receipt.lane.lane);
  reader.read("run_id", receipt.run_id);
  reader.read("strategy", receipt.strategy);
  read_position(reader, receipt.position);
}

}  // namespace

RowChanges& RowChanges::operator+=(const RowChanges& more) {
  inserted += more.inserted;
  updated += more.updated;
  deleted += more.deleted;
  unchanged += more.unchanged;
  superseded += more.superseded;
  return *this;
}

std::string label_of(const CheckOutcome& outcome) {
  return outcome.name.empty() ? outcome.id : outcome.name + " (" + outcome.id + ")";
}

std::string measured_text(const CheckOutcome& outcome) {
  auto text = "measured " + outcome.value;
  if (!outcome.asked.empty()) text += ", " + outcome.asked + " asked";
  return outcome.reason.empty() ? text : text + ": " + outcome.reason;
}

std::string_view name_of(Verdict verdict) { return kVerdicts[std::size_t(verdict)]; }

namespace {

std::string unit_in(const DatasetColumns& dataset, const std::string& column) {
  const auto found = dataset.units.find(column);
  return found == dataset.units.end() ? std::string() : found->second;
}

}  // namespace

std::vector<SchemaChange> changes_between(const std::vector<DatasetColumns>& before,
                                          const std::vector<DatasetColumns>& now) {
  using Types = std::unordered_map<std::string_view, std::string_view>;
  const auto type_in = [](const Types& types, const std::string& name) {
    const auto found = types.find(name);
    return found == types.end() ? std::string() : std::string(found->second);
  };
  std::vector<SchemaChange> changes;
  for (const auto& dataset : now) {
    const auto old = std::find_if(before.begin(), before.end(), [&](const auto& other) {
      return other.dataset == dataset.dataset;
    });
    if (old == before.end()) continue;
    const Types types_before(old->columns.begin(), old->columns.end());
    const Types types_now(dataset.columns.begin(), dataset.columns.end());
    for (const auto& [name, type] : dataset.columns) {
      SchemaChange change{dataset.dataset, name, type_in(types_before, name), type};
      const auto unit = unit_in(*old, name);
      if (!unit.empty() && unit != unit_in(dataset, name)) {
        change.units_from = unit;
        change.units_to = unit_in(dataset, name);
      }
      if (change.from != type || !change.units_from.empty()) changes.push_back(std::move(change));
    }
    for (const auto& [name, type] : old->columns) {
      if (type_in(types_now, name).empty()) {
        changes.push_back({dataset.dataset, name, type, ""});
      }
    }
  }
  return changes;
}

std::string to_json(const Receipt& receipt) {
  Json position = Json::object();
  for (const auto& [source, after] : receipt.position) position[source] = after.text;
  Json json{{"publish_id", receipt.publish_id.text()},
            {"previous_publish_id", receipt.previous_publish_id.text()},
            {"counter", receipt.counter},
            {"pipeline", receipt.lane.pipeline},
            {"sink", receipt.lane.sink},
            {"lane", receipt.lane.lane},
            {"run_id", receipt.run_id.text()},
            {"strategy", receipt.strategy},
            {"position", std::move(position)},
            {"read_whole", receipt.read_whole},
            {"rows_read", receipt.rows_read},
            {"rows_published", receipt.rows_published},
            {"rows_quarantined", receipt.rows_quarantined},
            {"rows_filtered", receipt.rows_filtered},
            {"rows_deduplicated", receipt.rows_deduplicated},
            {"changes", json_of(receipt.changes)},
            {"row_wise", receipt.row_wise},
            {"checksum", receipt.checksum},
            {"checks", array_of(receipt.checks)},
            {"quarantine", array_of(receipt.quarantine)},
            {"columns", array_of(receipt.columns)},
            {"schema_changes", array_of(receipt.schema_changes)},
            {"score", receipt.score},
            {"statistics", receipt.statistics},
            {"pipeline_version", receipt.pipeline_version},
            {"started_at", format_instant(receipt.started_at)},
            {"committed_at", format_instant(receipt.committed_at)},
            {"leat_version", receipt.leat_version}};
  if (!receipt.appended.empty()) json["appended"] = receipt.appended;
  if (receipt.took_over) json["took_over"] = receipt.took_over->text();
  if (receipt.replay) json["replay"] = json_of(*receipt.replay);
  // A file name may hold bytes that are not UTF-8; a receipt must be written all the same.
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<Receipt> receipt_from_json(std::string_view text) {
  const auto json = Json::parse(text, nullptr, false);
  if (json.is_discarded()) return Error(Fault::external, "a receipt in the ledger is not JSON");
  Receipt receipt;
  Reader reader(json, "receipt");
  read_identity(reader, receipt);
  read_scope(json, reader, receipt);
  read_rows(reader, receipt);
  read_changes(json, reader, receipt.changes);
  read_array(reader, "checks", receipt.checks);
  read_array(reader, "quarantine", receipt.quarantine);
  read_array_if_there(json, reader, "columns", receipt.columns);
  read_array_if_there(json, reader, "schema_changes", receipt.schema_changes);
  reader.read("score", receipt.score);
  reader.read("statistics", receipt.statistics);
  reader.read("pipeline_version", receipt.pipeline_version);
  reader.read("started_at", receipt.started_at);
  reader.read("committed_at", receipt.committed_at);
  reader.read("leat_version", receipt.leat_version);
  if (reader.problem().empty()) return receipt;
  return Error(Fault::external, "a receipt in the ledger cannot be read: " + reader.problem());
}

}  // namespace leat
