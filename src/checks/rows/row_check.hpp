#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/catalog.hpp"
#include "core/check_options.hpp"

namespace leat::checks::rows {

using Name = config::Located<std::string>;

/// What the long form of every row check about columns may say.
struct ColumnOptions : CheckOptions {
  std::vector<Name> columns;
};

/// `quarantine` is the default of row checks.
config::EnumNames<OnFail> on_fail_names();

template <typename O>
std::vector<config::TableLine<O>> column_options(std::vector<config::TableLine<O>> own,
                                                 config::EnumNames<OnFail> on_fail) {
  std::vector<config::TableLine<O>> lines;
  lines.push_back(
      config::option("columns", &ColumnOptions::columns, "The columns, or \"*\" for all of them."));
  lines.push_back(config::option("column", &ColumnOptions::columns, "The column."));
  for (auto& line : own) lines.push_back(std::move(line));
  lines.push_back(where_option<O>());
  lines.push_back(mostly_option<O>());
  return with_check_options(std::move(lines), std::move(on_fail));
}

template <typename O>
std::vector<config::TableLine<O>> column_options(std::vector<config::TableLine<O>> own) {
  return column_options(std::move(own), on_fail_names());
}

/// Reads the long form: a map with `column` or `columns`.
template <typename O>
std::optional<O> read_long_form(const config::OptionTable<O>& table, std::string_view kind,
                                const config::Node& value, config::Findings& findings) {
  O options;
  const auto before = findings.size();
  if (!table.read(value, options, findings)) return std::nullopt;
  const auto* column = value.find("column");
  if (column != nullptr && value.find("columns") != nullptr) {
    findings.add(*column, "`column` and `columns` say the same", "keep one of them");
  } else if (options.columns.empty()) {
    findings.add(value, "`" + std::string(kind) + "` needs `column` or `columns`");
  }
  if (findings.size() != before) return std::nullopt;
  return options;
}

/// Reads `a`, `[a, b]` or the long form.
template <typename O>
std::optional<O> read_columns_form(const config::OptionTable<O>& table, std::string_view kind,
                                   const config::Node& value, config::Findings& findings) {
  if (value.is_map() || value.is_null()) return read_long_form(table, kind, value, findings);
  config::Node map;
  map.kind = config::Node::Kind::map;
  map.place = value.place;
  map.length = value.length;
  config::Node key;
  key.kind = config::Node::Kind::scalar;
  key.text = "columns";
  key.place = value.place;
  map.entries.push_back({std::move(key), value});
  return read_long_form(table, kind, map, findings);
}

}  // namespace leat::checks::rows
