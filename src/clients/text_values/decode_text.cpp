#include <algorithm>
#include <cstring>
#include <nlohmann/json.hpp>

#include "base/utf8.hpp"
#include "clients/text_values/decode_frame.hpp"

namespace leat::text_values {
namespace {

constexpr std::uint32_t kInlineMax = 12;
/// A JSON text that is nested deeper is taken by nobody, those of JSON files neither.
constexpr std::size_t kJsonDepthMax = 1000;

std::uint64_t load_masked(const char* text, std::uint32_t bytes) {
  std::uint64_t word;
  std::memcpy(&word, text, 8);
  return bytes >= 8 ? word : word & ((std::uint64_t{1} << (8 * bytes)) - 1);
}

/// 16 readable bytes must follow `text`.
duckdb_string_t make_string(const char* text, std::uint32_t size) {
  struct {
    std::uint32_t length;
    std::uint32_t low;
    std::uint64_t high;
  } parts{};
  static_assert(sizeof(parts) == sizeof(duckdb_string_t));
  parts.length = size;
  const std::uint64_t first = load_masked(text, size);
  parts.low = static_cast<std::uint32_t>(first);
  if (size <= kInlineMax) {
    const std::uint64_t last = size > 8 ? load_masked(text + 8, size - 8) : 0;
    parts.high = (first >> 32) | (last << 32);
  } else {
    std::memcpy(&parts.high, &text, sizeof(text));
  }
  duckdb_string_t out;
  std::memcpy(&out, &parts, sizeof(out));
  return out;
}

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
    out[row] = make_string(cell.text, is_null ? 0 : cell.size);
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
    out[row] = make_string(cell.text, 0);
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
    out[row] = make_string(bytes, size);
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
