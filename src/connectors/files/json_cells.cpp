#include "connectors/files/json_cells.hpp"

#include <algorithm>
#include <utility>

namespace leat::connectors::files {
namespace {

using text_values::Cell;

constexpr char kNothing[text_values::kPadding] = {};

Cell cell_of(bool keeps_json, const JsonValue& value, text_values::Arena& arena) {
  const bool is_text = value.kind == JsonValue::Kind::text;
  if (is_text && !keeps_json) {
    if (value.has_escapes) return undo_escapes(value.raw, arena);
    return {value.raw.data(), static_cast<std::uint32_t>(value.raw.size()), Cell::Kind::quoted};
  }
  const std::size_t quotes = is_text ? 1 : 0;
  return {value.raw.data() - quotes, static_cast<std::uint32_t>(value.raw.size() + 2 * quotes),
          Cell::Kind::plain};
}

}  // namespace

JsonCells::JsonCells(const data::Schema& schema, const std::vector<bool>& wanted)
    : x_schema(schema) {
  for (std::size_t i = 0; i < schema.size(); ++i) {
    const data::Column& column = schema.columns[i];
    Column made;
    made.decode = text_values::decoder_of(column.type);
    made.is_wanted = i < wanted.size() && wanted[i];
    made.keeps_json = column.type.id == data::TypeId::json;
    made.keeps_empty = column.type.is_text() || column.type.id == data::TypeId::blob;
    x_columns.push_back(std::move(made));
  }
}

void JsonCells::resize(std::uint32_t rows) {
  for (Column& column : x_columns) column.cells.resize(rows);
}

void JsonCells::blank(std::uint32_t row) {
  for (Column& column : x_columns) column.cells[row] = {kNothing, 0, Cell::Kind::absent};
}

void JsonCells::set(std::uint32_t row, std::size_t at, const JsonValue& value,
                    text_values::Arena& arena, std::vector<RowFault>& faults) {
  if (value.kind == JsonValue::Kind::null) return;
  Column& column = x_columns[at];
  if (value.raw.empty() && !column.keeps_empty) {
    const data::Column& described = x_schema.columns[at];
    faults.push_back({row, described.name,
                      "an empty text is not a value of type " + data::sql_of(described.type)});
    return;
  }
  column.cells[row] = cell_of(column.keeps_json, value, arena);
}

JsonValue JsonCells::settled(std::size_t column, const JsonValue& value,
                             text_values::Arena& arena) const {
  if (!value.has_escapes || x_columns[column].keeps_json) return value;
  return {JsonValue::Kind::text, undo_escapes(value.raw, arena).view(), false};
}

void JsonCells::set_plain(std::uint32_t row, std::size_t column, std::string_view text) {
  x_columns[column].cells[row] = {text.data(), static_cast<std::uint32_t>(text.size()),
                                  Cell::Kind::plain};
}

void JsonCells::decode(std::uint32_t rows, RowBatch& batch, text_values::Arena& arena) {
  for (std::size_t i = 0; i < x_columns.size(); ++i) {
    if (!x_columns[i].is_wanted || batch.columns[i] == nullptr) continue;
    x_columns[i].decode({std::span(x_columns[i].cells).first(rows), batch.columns[i],
                         x_schema.columns[i], x_format, false, arena, batch.faults});
  }
  std::stable_sort(batch.faults.begin(), batch.faults.end(),
                   [](const RowFault& a, const RowFault& b) { return a.row < b.row; });
}

}  // namespace leat::connectors::files
