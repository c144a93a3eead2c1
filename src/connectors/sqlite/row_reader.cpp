#include "connectors/sqlite/row_reader.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstring>
#include <nlohmann/json.hpp>
#include <utility>

namespace leat::connectors::sqlite {
namespace {

using data::TypeId;
using text_values::Cell;

constexpr char kNothing[text_values::kPadding] = {};

Cell cell_of(std::string_view text, text_values::Arena& arena) {
  char* copy = arena.take(text.size());
  std::memcpy(copy, text.data(), text.size());
  return {copy, static_cast<std::uint32_t>(text.size()), Cell::Kind::quoted};
}

/// Shortest text that reads back as the same number, without an exponent.
std::string number_text(double value) {
  std::array<char, 400> text{};
  const auto end =
      std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
  return {text.data(), end.ptr};
}

std::string_view stored_bytes(sqlite3_stmt* statement, int column) {
  const void* bytes = sqlite3_column_blob(statement, column);
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement, column));
  return bytes == nullptr ? std::string_view("")
                          : std::string_view(static_cast<const char*>(bytes), size);
}

void set_null(duckdb_vector vector, std::size_t row) {
  duckdb_vector_ensure_validity_writable(vector);
  duckdb_validity_set_row_invalid(duckdb_vector_get_validity(vector), row);
}

}  // namespace

bool is_readable(const data::Type& type) { return text_values::decoder_of(type) != nullptr; }

StoredColumn::StoredColumn(const data::Column& column)
    : x_column(column), x_decode(text_values::decoder_of(column.type)) {}

void StoredColumn::clear() {
  x_values.clear();
  x_texts.clear();
}

void StoredColumn::take(sqlite3_stmt* statement, int column, text_values::Arena& arena) {
  Value value;
  Cell text{kNothing, 0, Cell::Kind::absent};
  value.kind = sqlite3_column_type(statement, column);
  switch (value.kind) {
    case SQLITE_INTEGER:
      value.integer = sqlite3_column_int64(statement, column);
      if (!is_direct(value)) text = cell_of(std::to_string(value.integer), arena);
      break;
    case SQLITE_FLOAT:
      value.real = sqlite3_column_double(statement, column);
      if (!is_direct(value)) text = cell_of(number_text(value.real), arena);
      break;
    case SQLITE_TEXT:
    case SQLITE_BLOB: text = cell_of(stored_bytes(statement, column), arena); break;
    default: break;
  }
  x_values.push_back(value);
  x_texts.push_back(text);
}

void StoredColumn::drop_last() {
  x_values.pop_back();
  x_texts.pop_back();
}

std::string StoredColumn::stored(std::size_t row) const {
  const Value& value = x_values[row];
  switch (value.kind) {
    case SQLITE_INTEGER: return "i" + std::to_string(value.integer);
    case SQLITE_FLOAT: return "f" + number_text(value.real);
    case SQLITE_TEXT: return "t" + std::string(x_texts[row].view());
    case SQLITE_BLOB: return "b" + std::string(x_texts[row].view());
    default: return "n";
  }
}

bool StoredColumn::is_direct(const Value& value) const {
  if (value.kind == SQLITE_INTEGER) {
    return x_column.type.id == TypeId::int64 || x_column.type.id == TypeId::float64;
  }
  return value.kind == SQLITE_FLOAT && x_column.type.id == TypeId::float64;
}

void StoredColumn::decode(duckdb_vector vector, text_values::Arena& arena,
                          std::vector<RowFault>& faults) {
  if (x_column.type.id == TypeId::blob) return write_blobs(vector, faults);
  x_jobs = x_texts;
  refuse_blobs(faults);
  x_decode({x_jobs, vector, x_column, x_format, true, arena, faults});
  write_direct(vector);
}

/// Bytes are no text, even where they could be read as some.
void StoredColumn::refuse_blobs(std::vector<RowFault>& faults) {
  for (std::size_t row = 0; row < x_values.size(); ++row) {
    const bool is_empty =
        x_values[row].kind == SQLITE_TEXT && x_jobs[row].size == 0 && !x_column.type.is_text();
    if (x_values[row].kind != SQLITE_BLOB && !is_empty) continue;
    x_jobs[row] = {kNothing, 0, Cell::Kind::absent};
    faults.push_back({static_cast<std::uint32_t>(row), x_column.name,
                      std::string(is_empty ? "an empty text" : "a BLOB") +
                          " is not a value of type " + data::sql_of(x_column.type)});
  }
}

void StoredColumn::write_direct(duckdb_vector vector) const {
  if (x_column.type.id != TypeId::int64 && x_column.type.id != TypeId::float64) return;
  void* const out = duckdb_vector_get_data(vector);
  std::uint64_t* const valid = duckdb_vector_get_validity(vector);
  for (std::size_t row = 0; row < x_values.size(); ++row) {
    const Value& value = x_values[row];
    if (!is_direct(value)) continue;
    if (x_column.type.id == TypeId::int64) {
      static_cast<std::int64_t*>(out)[row] = value.integer;
    } else {
      static_cast<double*>(out)[row] =
          value.kind == SQLITE_FLOAT ? value.real : static_cast<double>(value.integer);
    }
    if (valid != nullptr) duckdb_validity_set_row_valid(valid, row);
  }
}

/// Text is its bytes; numbers have none.
void StoredColumn::write_blobs(duckdb_vector vector, std::vector<RowFault>& faults) const {
  for (std::size_t row = 0; row < x_values.size(); ++row) {
    const int kind = x_values[row].kind;
    if (kind == SQLITE_BLOB || kind == SQLITE_TEXT) {
      duckdb_vector_assign_string_element_len(vector, row, x_texts[row].text, x_texts[row].size);
      continue;
    }
    set_null(vector, row);
    if (kind == SQLITE_NULL) continue;
    faults.push_back({static_cast<std::uint32_t>(row), x_column.name, "a number is not a BLOB"});
  }
}

std::string StoredColumn::json(std::size_t row) const {
  const Value& value = x_values[row];
  nlohmann::json out;
  switch (value.kind) {
    case SQLITE_INTEGER: out = value.integer; break;
    case SQLITE_FLOAT:
      out = std::isfinite(value.real) ? nlohmann::json(value.real)
                                      : nlohmann::json(value.real > 0 ? "Infinity" : "-Infinity");
      break;
    case SQLITE_TEXT:
    case SQLITE_BLOB: out = std::string(x_texts[row].view()); break;
    default: break;
  }
  return out.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace leat::connectors::sqlite
