#include "connectors/files/xml_file.hpp"

#include <nlohmann/json.hpp>
#include <algorithm>
#include <utility>

#include "base/quantity.hpp"

namespace leat::connectors::files {

std::vector<std::string> XmlPlan::paths_of(const data::Schema& columns) const {
  std::vector<std::string> out = columns.names();
  for (auto& path : out) {
    const auto named = std::find_if(paths.begin(), paths.end(),
                                    [&](const auto& entry) { return entry.first == path; });
    if (named != paths.end()) path = named->second;
  }
  return out;
}

XmlFile::XmlFile(const XmlPlan& plan, const RecordColumns& columns)
    : x_plan(plan), x_schema(columns.schema), x_rows(columns), x_walk(plan.shape, *this) {
  auto path_of = plan.paths_of(x_schema);
  for (std::size_t i = 0; i < path_of.size(); ++i) x_by_path[std::move(path_of[i])].push_back(i);
}

Result<std::uint32_t> XmlFile::next(RowBatch& batch) {
  x_walk.forget();
  x_rows.begin();
  x_ended.clear();
  x_rows_max = batch.rows_max;
  while (x_rows.rows() < x_rows_max) {
    if (x_walk.window_bytes() >= kXmlWindowBytes) {
      if (x_rows.rows() > 0) break;
      x_walk.forget();
    }
    TRY(const bool goes_on, x_walk.read_on());
    if (goes_on) continue;
    if (auto note = x_walk.note(); !note.empty()) x_seen.say(std::move(note));
    break;
  }
  x_rows.decode(batch);
  return x_rows.rows();
}

void XmlFile::value(std::string_view path, std::string_view text) {
  const auto found = x_by_path.find(std::string(path));
  if (found != x_by_path.end()) {
    for (const auto column : found->second) {
      x_seen.add_found(column);
      x_values.push_back({column, std::string(text)});
    }
  } else if (!x_plan.is_declared && x_complaint.empty()) {
    x_complaint = "`" + std::string(path) +
                  "` was not among the first records; declare the columns that are wanted";
  } else if (x_plan.is_declared) {
    x_seen.add_other(path);
  }
}

void XmlFile::nil(std::string_view path) {
  const auto found = x_by_path.find(std::string(path));
  if (found == x_by_path.end()) return;
  for (const auto column : found->second) x_seen.add_found(column);
}

void XmlFile::end_record(const XmlRecord& record) {
  x_ended.push_back(record);
  x_rows.add_row({++x_records, record.line, record.byte_offset, 0});
  if (record.bytes > x_plan.shape.max_record_bytes) {
    x_complaint = "the record has " + format_count(record.bytes) + " bytes; at most " +
                  format_count(x_plan.shape.max_record_bytes) + " are read (`max_record_bytes`)";
  }
  if (x_complaint.empty()) fill_row();
  if (!x_complaint.empty()) x_rows.refuse(std::exchange(x_complaint, {}));
  x_values.clear();
  if (x_rows.rows() == x_rows_max) x_walk.pause();
}

void XmlFile::fill_row() {
  std::vector<std::pair<std::size_t, nlohmann::json>> lists;
  std::vector<bool> seen(x_schema.size());
  for (const auto& [column, text] : x_values) {
    if (x_schema.columns[column].type.id == data::TypeId::json) {
      if (!seen[column]) lists.emplace_back(column, nlohmann::json::array());
      for (auto& [listed, list] : lists) {
        if (listed == column) list.push_back(text);
      }
    } else if (seen[column]) {
      x_complaint = "`" + x_schema.columns[column].name +
                    "` comes twice; a column of type json takes all of them";
      return;
    } else {
      x_rows.set(column, text);
    }
    seen[column] = true;
  }
  for (const auto& [column, list] : lists) x_rows.set(column, list.dump());
}

}  // namespace leat::connectors::files
