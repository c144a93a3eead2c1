#include <algorithm>
#include <cstring>
#include <nlohmann/json.hpp>

#include "base/utf8.hpp"
#include "clients/text_values/decode_frame.hpp"
#include "clients/text_values/engine_text.hpp"

namespace leat::text_values {
namespace {

/// A JSON text that is nested deeper is taken by nobody, those of JSON files neither.
constexpr std::size_t kJsonDepthMax = 1000;

void decode_varchar(const ColumnJob& job) {
  auto* const out = static_cast<duckdb_string_t*>(duckdb_vector_get_data(job.vector));
  NullWriter nulls(job.vector);
  for (std::size_t row = 0; row < job.cells.size(); ++row) {
    const Cell& cell = job.cells[row];
    bool is_null = cell.kind == Cell::Kind::absent;
    if (!is_null && job.may_be_invalid && !is_valid_utf8(cell.view())) {
      add_fault(job, row, "`" + printable(cell.view()) + "` is not valid UTF-8");
      is_null = true;
    }
    out[row] = engine_text(cell.text, is_null ? 0 : cell.size);
    if (is_null) nulls.set(row);
  }
}

void decode_json(const ColumnJob& job) {
  std::vector<Cell> cells(job.cells.begin(), job.cells.end());
  for (Cell& cell : cells) {
    if (cell.size == 0) cell.kind = Cell::Kind::absent;
  }
  ColumnJob texts = job;
  texts.cells = cells;
  decode_varchar(texts);
}

/// Depth costs no stack here.
bool is_json(std::string_view text) { return nlohmann::json::accept(text.begin(), text.end()); }

/// How many lists and objects stand around the innermost value of a JSON text.
std::size_t depth_of(std::string_view json) {
  std::size_t depth = 0;
  std::size_t deepest = 0;
  bool in_text = false;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (in_text) {
      i += c == '\\' ? 1 : 0;
      in_text = c != '"';
    } else if (c == '"') {
      in_text = true;
    } else if (c == '[' || c == '{') {
      deepest = std::max(deepest, ++depth);
    } else if (c == ']' || c == '}') {
      --depth;
    }
  }
  return deepest;
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/// "\x41" becomes one byte; a backslash that starts no such escape makes it false.
bool undo_hex(std::string_view text, char* out, std::uint32_t& size) {
  size = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\') {
      out[size++] = text[i];
      continue;
    }
    if (i + 3 >= text.size() || text[i + 1] != 'x') return false;
    const int high = hex_digit(text[i + 2]);
    const int low = hex_digit(text[i + 3]);
    if (high < 0 || low < 0) return false;
    out[size++] = static_cast<char>(high * 16 + low);
    i += 3;
  }
  return true;
}

void decode_blob(const ColumnJob& job) {
  auto* const out = static_cast<duckdb_string_t*>(duckdb_vector_get_data(job.vector));
  NullWriter nulls(job.vector);
  for (std::size_t row = 0; row < job.cells.size(); ++row) {
    const Cell& cell = job.cells[row];
    out[row] = engine_text(cell.text, 0);
    if (cell.kind == Cell::Kind::absent || (cell.size == 0 && cell.kind != Cell::Kind::quoted)) {
      nulls.set(row);
      continue;
    }
    const char* bytes = cell.text;
    std::uint32_t size = cell.size;
    if (cell.view().find('\\') != std::string_view::npos) {
      char* const copy = job.arena.take(cell.size);
      bytes = copy;
      if (!undo_hex(cell.view(), copy, size)) {
        nulls.set(row);
        add_not_a(job, row);
        continue;
      }
    }
    out[row] = engine_text(bytes, size);
  }
}

}  // namespace

/// A cell that is no document becomes null with a fault, the others json.
void decode_strict_json(const ColumnJob& job) {
  std::vector<Cell> cells(job.cells.begin(), job.cells.end());
  for (std::size_t row = 0; row < cells.size(); ++row) {
    Cell& cell = cells[row];
    if (cell.kind == Cell::Kind::absent || cell.size == 0) continue;
    if (!is_json(cell.view())) {
      add_not_a(job, row);
    } else if (depth_of(cell.view()) > kJsonDepthMax) {
      add_fault(job, row, "nested deeper than 1,000 levels");
    } else {
      continue;
    }
    cell.kind = Cell::Kind::absent;
  }
  ColumnJob texts = job;
  texts.cells = cells;
  decode_json(texts);
}

Decoder text_decoder(const data::Type& type) {
  switch (type.id) {
    case data::TypeId::varchar: return decode_varchar;
    case data::TypeId::json: return decode_json;
    case data::TypeId::blob: return decode_blob;
    default: return nullptr;
  }
}

}  // namespace leat::text_values
