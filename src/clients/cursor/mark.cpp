#include "clients/cursor/mark.hpp"

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>

#include "base/names.hpp"
#include "io/files.hpp"

namespace leat::cursor {
namespace {

using MarkJson = nlohmann::json;

constexpr std::size_t kHashDigits = 16;

/// Throws what nlohmann throws where a member is of another type.
Mark read_mark(const MarkJson& json) {
  Mark mark;
  mark.column = json.at("cursor").get<std::string>();
  if (json.contains("value")) {
    mark.value = Value{json["value"].get<std::string>(), json.value("kind", std::string())};
  }
  mark.is_closed = json.value("closed", false);
  mark.hashes = json.value("hashes", std::vector<std::string>());
  for (const auto& column : json.value("columns", MarkJson::array())) {
    mark.columns.emplace_back(column.at(0).get<std::string>(), column.at(1).get<std::string>());
  }
  if (json.contains("window")) {
    const auto& window = json["window"];
    mark.window = Window{window.at(0).get<std::uint64_t>(), window.at(1).get<std::uint64_t>()};
  }
  return mark;
}

}  // namespace

std::string to_json(const Mark& mark) {
  MarkJson json{{"cursor", mark.column}};
  if (mark.value) json["value"] = mark.value->text;
  if (mark.value && !mark.value->kind.empty()) json["kind"] = mark.value->kind;
  if (mark.is_closed) json["closed"] = true;
  if (!mark.hashes.empty()) json["hashes"] = mark.hashes;
  if (!mark.hashes.empty()) {
    auto columns = MarkJson::array();
    for (const auto& [name, type] : mark.columns) columns.push_back({name, type});
    json["columns"] = std::move(columns);
  }
  if (mark.window) json["window"] = {mark.window->rows, mark.window->sum};
  return json.dump(-1, ' ', false, MarkJson::error_handler_t::replace);
}

std::optional<Mark> mark_from_json(std::string_view text) {
  const auto json = MarkJson::parse(text, nullptr, false);
  if (!json.is_object() || !json.contains("cursor")) return std::nullopt;
  try {
    return read_mark(json);
  } catch (const MarkJson::exception&) {
    return std::nullopt;
  }
}

Result<RowHash> RowHash::of(const std::vector<std::pair<std::string, std::string>>& columns,
                            const data::Schema& schema) {
  RowHash hash;
  for (const auto& [name, type] : columns) {
    const auto at = schema.find(name);
    if (at && data::sql_of(schema.columns[*at].type) == type) {
      hash.x_columns.push_back(*at);
      continue;
    }
    return Error(Fault::config,
                 "the rows at the last value of the cursor cannot be told any more: column `" +
                     name + "` was " + type + " and is " +
                     (at ? data::sql_of(schema.columns[*at].type) : std::string("gone")))
        .hint(
            "nothing was changed; give the sink another name and another target, or let it "
            "`merge` with a `lookback`, which asks for no such rows");
  }
  return hash;
}

std::string RowHash::operator()(const RowTexts& row) const {
  std::string bytes;
  for (const auto column : x_columns) {
    bytes += std::to_string(row[column].size());
    bytes += ':';
    bytes += row[column];
  }
  return io::sha256_of(bytes).substr(0, kHashDigits);
}

std::vector<std::pair<std::string, std::string>> columns_of(const data::Schema& schema) {
  std::vector<std::pair<std::string, std::string>> columns;
  for (const auto& column : schema.columns) {
    columns.emplace_back(column.name, data::sql_of(column.type));
  }
  return columns;
}

std::vector<std::string> without(const std::vector<std::string>& all,
                                 const std::vector<std::string>& some) {
  std::vector<std::string> left;
  std::set_difference(all.begin(), all.end(), some.begin(), some.end(), std::back_inserter(left));
  return left;
}

}  // namespace leat::cursor
