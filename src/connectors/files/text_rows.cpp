#include "connectors/files/text_rows.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace leat::connectors::files {
namespace {

using text_values::Cell;

constexpr char kNoText[text_values::kPadding] = {};

}  // namespace

TextRows::TextRows(const RecordColumns& columns) : x_schema(columns.schema) {
  for (std::size_t i = 0; i < x_schema.size(); ++i) {
    Column made;
    made.decode = text_values::strict_decoder_of(x_schema.columns[i].type);
    made.is_wanted = columns.wanted[i];
    made.keeps_empty = x_schema.columns[i].type.id == data::TypeId::varchar;
    x_columns.push_back(std::move(made));
  }
}

void TextRows::begin() {
  x_current = 1 - x_current;
  x_arenas[x_current].clear();
  x_rows = 0;
  x_places.clear();
  x_faults.clear();
  for (auto& column : x_columns) column.cells.clear();
}

void TextRows::add_row(const data::RowPlace& place) {
  ++x_rows;
  x_places.push_back(place);
  for (auto& column : x_columns) column.cells.push_back({kNoText, 0, Cell::Kind::absent});
}

void TextRows::set(std::size_t column, std::string_view text) {
  auto& to = x_columns[column];
  if (text.empty() && !to.keeps_empty) return;
  char* copy = x_arenas[x_current].take(text.size());
  std::memcpy(copy, text.data(), text.size());
  to.cells.back() = {copy, static_cast<std::uint32_t>(text.size()), Cell::Kind::quoted};
}

bool TextRows::is_set(std::size_t column) const {
  return x_columns[column].cells.back().kind != Cell::Kind::absent;
}

void TextRows::fault(std::size_t column, std::string message) {
  x_columns[column].cells.back() = {kNoText, 0, Cell::Kind::absent};
  x_faults.push_back({x_rows - 1, x_schema.columns[column].name, std::move(message)});
}

void TextRows::refuse(std::string message) {
  std::erase_if(x_faults, [this](const RowFault& fault) { return fault.row == x_rows - 1; });
  for (auto& column : x_columns) column.cells.back() = {kNoText, 0, Cell::Kind::absent};
  x_faults.push_back({x_rows - 1, "", std::move(message)});
}

void TextRows::decode(RowBatch& batch) {
  batch.places = x_places;
  batch.faults = x_faults;
  for (std::size_t i = 0; i < x_columns.size(); ++i) {
    if (!x_columns[i].is_wanted || batch.columns[i] == nullptr) continue;
    x_columns[i].decode({x_columns[i].cells, batch.columns[i], x_schema.columns[i], x_format, false,
                         x_arenas[x_current], batch.faults});
  }
  std::stable_sort(batch.faults.begin(), batch.faults.end(),
                   [](const RowFault& a, const RowFault& b) { return a.row < b.row; });
}

}  // namespace leat::connectors::files
