#include "connectors/rows/row_table.hpp"

#include <charconv>
#include <nlohmann/json.hpp>

#include "base/names.hpp"
#include "clients/text_values/arena.hpp"
#include "config/read_value.hpp"
#include "io/files.hpp"

namespace leat::connectors::rows {
namespace {

using config::Findings;
using config::Node;
using data::TypeId;
using text_values::Cell;

template <typename T>
bool reads_as(std::string_view text) {
  T value{};
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  return read.ec == std::errc() && read.ptr == text.data() + text.size();
}

/// As YAML would read an unquoted word; "06" is none of the numbers.
TypeId type_of_word(std::string_view text) {
  if (text == "true" || text == "false") return TypeId::boolean;
  const std::string_view digits = text.starts_with('-') ? text.substr(1) : text;
  const bool is_code = digits.size() > 1 && digits[0] == '0' && digits[1] != '.';
  if (is_code || digits.empty() || digits[0] < '0' || digits[0] > '9') return TypeId::varchar;
  if (reads_as<std::int64_t>(text)) return TypeId::int64;
  return reads_as<double>(text) ? TypeId::float64 : TypeId::varchar;
}

/// A whole number that no bigint holds would lose its last digits as a double.
bool is_too_wide(std::string_view text) {
  const std::string_view digits = text.starts_with('-') ? text.substr(1) : text;
  const bool is_whole = digits.find_first_not_of("0123456789") == std::string_view::npos;
  return is_whole && type_of_word(text) == TypeId::float64;
}

/// The type that holds values of both.
TypeId type_for_both(TypeId a, TypeId b) {
  const auto is_number = [](TypeId id) { return id == TypeId::int64 || id == TypeId::float64; };
  if (a == b) return a;
  return is_number(a) && is_number(b) ? TypeId::float64 : TypeId::varchar;
}

}  // namespace

std::optional<RowTable> RowTable::make(const Node& rows,
                                       const std::optional<data::Schema>& declared,
                                       Findings& findings) {
  const std::size_t before = findings.size();
  RowTable table;
  if (declared) table.x_schema = *declared;
  table.x_columns.resize(table.x_schema.size());
  if (!rows.is_sequence()) {
    findings.add(rows, "expected a list of rows, found " + config::shown(rows),
                 "rows: [{id: 1, name: a}, {id: 2, name: b}]");
    return std::nullopt;
  }
  for (const Node& row : rows.items) table.take_row(row, !declared, findings);
  if (table.x_schema.columns.empty() && findings.size() == before) {
    findings.add(rows, "no row names a column", "rows: {columns: {id: bigint}, values: []}");
  }
  if (findings.size() != before) return std::nullopt;
  if (!declared) table.guess_types();
  table.x_text.append(text_values::kPadding, '\0');
  return table;
}

void RowTable::take_row(const Node& row, bool may_add, Findings& findings) {
  if (!row.is_map()) {
    findings.add(row, "expected a row, found " + config::shown(row), "{id: 1, name: a}");
    return;
  }
  for (const auto& entry : row.entries) {
    const std::size_t column = column_of(entry.key, may_add, findings);
    if (column >= x_columns.size()) continue;
    const bool is_word = entry.value.is_scalar() && !entry.value.quoted;
    if (may_add && is_word && is_too_wide(entry.value.text)) {
      findings.add(entry.value, "`" + entry.value.text + "` does not fit a bigint",
                   "declare a type that holds it: `rows: {columns: {" + entry.key.text +
                       ": hugeint}, values: […]}`, or quote it to keep it as text");
    }
    take(entry.value, column, findings);
  }
  ++x_rows;
}

std::size_t RowTable::column_of(const Node& key, bool may_add, Findings& findings) {
  if (const auto found = x_schema.find(key.text)) return *found;
  if (!may_add || key.text.empty()) {
    findings.add(key, "`" + key.text + "` is no column", name_hint(key.text, x_schema.names()));
    return x_columns.size();
  }
  x_schema.columns.push_back({key.text, {}, true});
  x_columns.emplace_back();
  return x_columns.size() - 1;
}

void RowTable::take(const Node& value, std::size_t column, Findings& findings) {
  if (value.is_null()) return;
  if (!value.is_scalar()) {
    findings.add(value, "expected a value, found " + config::shown(value));
    return;
  }
  if (config::refuse_secret(value, findings)) return;
  auto& values = x_columns[column];
  if (values.size() > x_rows) {
    findings.add(value, "column `" + x_schema.columns[column].name + "` comes twice in this row",
                 "letter case makes no difference");
    return;
  }
  values.resize(x_rows + 1);
  values[x_rows] = {x_text.size(), value.text.size(), false, value.quoted};
  x_text += value.text;
}

void RowTable::guess_types() {
  for (std::size_t i = 0; i < x_columns.size(); ++i) {
    std::optional<TypeId> type;
    for (const Value& value : x_columns[i]) {
      if (value.is_null) continue;
      const std::string_view text = std::string_view(x_text).substr(value.offset, value.size);
      const TypeId own = value.is_quoted ? TypeId::varchar : type_of_word(text);
      type = type ? type_for_both(*type, own) : own;
    }
    x_schema.columns[i].type.id = type.value_or(TypeId::varchar);
  }
}

Cell RowTable::cell(std::size_t row, std::size_t column) const {
  const auto& values = x_columns[column];
  if (row >= values.size() || values[row].is_null) return {x_text.data(), 0, Cell::Kind::absent};
  const Value& value = values[row];
  return {x_text.data() + value.offset, static_cast<std::uint32_t>(value.size), Cell::Kind::quoted};
}

std::string RowTable::json(std::size_t row) const {
  nlohmann::ordered_json out = nlohmann::ordered_json::object();
  for (std::size_t i = 0; i < x_columns.size(); ++i) {
    auto& member = out[x_schema.columns[i].name];
    const Cell value = cell(row, i);
    if (value.kind == Cell::Kind::absent) continue;
    const bool is_quoted = x_columns[i][row].is_quoted;
    const TypeId type = is_quoted ? TypeId::varchar : type_of_word(value.view());
    if (type == TypeId::varchar) {
      member = std::string(value.view());
    } else {
      member = nlohmann::ordered_json::parse(value.view(), nullptr, false);
    }
  }
  return out.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

std::string RowTable::digest() const {
  std::string all;
  for (std::size_t row = 0; row < x_rows; ++row) all += json(row) + "\n";
  return io::sha256_of(all);
}

}  // namespace leat::connectors::rows
