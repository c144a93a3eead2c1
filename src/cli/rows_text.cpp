#include "cli/rows_text.hpp"

#include <nlohmann/json.hpp>

namespace leat::cli {

using nlohmann::json;

json rows_json(const engine::TextTable& found) {
  json columns = json::array();
  for (const auto& column : found.schema.columns) {
    columns.push_back({{"name", column.name}, {"type", data::sql_of(column.type)}});
  }
  json rows = json::array();
  for (const auto& row : found.rows) {
    json cells = json::array();
    for (const auto& cell : row) cells.push_back(cell ? json(*cell) : json(nullptr));
    rows.push_back(std::move(cells));
  }
  return {{"columns", std::move(columns)}, {"rows", std::move(rows)}};
}

std::string rows_text(const engine::TextTable& found, const Output& output) {
  std::vector<std::vector<std::string>> rows(1);
  for (const auto& name : found.schema.names()) rows[0].push_back(printable(name));
  for (const auto& row : found.rows) {
    auto& cells = rows.emplace_back();
    for (const auto& cell : row) cells.push_back(cell ? printable(*cell) : "∅");
  }
  return table(rows, output);
}

}  // namespace leat::cli
