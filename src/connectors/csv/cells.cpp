#include "connectors/csv/cells.hpp"

#include <cstring>

namespace leat::connectors::csv {
namespace {

Cell unescape(std::string_view inner, const Dialect& dialect, Arena& arena) {
  char* out = arena.take(inner.size());
  char* at = out;
  for (std::size_t i = 0; i < inner.size(); ++i) {
    const bool escapes = inner[i] == dialect.escape && i + 1 < inner.size() &&
                         (inner[i + 1] == dialect.quote || inner[i + 1] == dialect.escape);
    if (escapes) ++i;
    *at++ = inner[i];
  }
  return {out, static_cast<std::uint32_t>(at - out), Cell::Kind::quoted};
}

/// Fields a record has where its cells lie too far from those of the next for the CPU to foretell.
constexpr std::uint32_t kWideRecord = 128;

/// What the next columns of this record will need.
[[gnu::always_inline]] inline void fetch_ahead(const std::uint32_t* field_end, const char* text) {
  constexpr std::size_t kLine = 64;
  __builtin_prefetch(field_end + kLine / sizeof(std::uint32_t));
  __builtin_prefetch(text + kLine);
}

}  // namespace

std::string_view trim_blanks(std::string_view text, const Dialect& dialect) {
  while (!text.empty() && dialect.is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && dialect.is_blank(text.back())) text.remove_suffix(1);
  return text;
}

Cell unquote(std::string_view field, const Dialect& dialect, Arena& arena) {
  std::string_view inner = field.substr(1);
  if (!inner.empty() && inner.back() == dialect.quote) inner.remove_suffix(1);
  if (inner.find(dialect.escape) != std::string_view::npos) return unescape(inner, dialect, arena);
  return {inner.data(), static_cast<std::uint32_t>(inner.size()), Cell::Kind::quoted};
}

std::size_t bytes_of_characters(std::string_view text, std::size_t characters) {
  std::size_t at = 0;
  for (; characters > 0 && at < text.size(); --characters) {
    ++at;
    while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80) ++at;
  }
  return at;
}

Cell CellReader::refine(std::string_view field) const {
  if (x_dialect.trim) field = trim_blanks(field, x_dialect);
  if (x_dialect.has_quote && !field.empty() && field.front() == x_dialect.quote) {
    Cell cell = unquote(field, x_dialect, x_arena);
    if (x_dialect.trim) {
      const auto text = trim_blanks(cell.view(), x_dialect);
      cell.text = text.data();
      cell.size = static_cast<std::uint32_t>(text.size());
    }
    return cell;
  }
  return {field.data(), static_cast<std::uint32_t>(field.size()), Cell::Kind::plain};
}

/// Part by part: a cell that is put together first and copied then costs twice as much.
[[gnu::always_inline]] inline void CellReader::take_cell(std::uint32_t start, std::uint32_t end,
                                                         Cell& out) const {
  const char* const text = x_text + start;
  const std::uint32_t size = end - start;
  if (x_dialect.trim || (size > 0 && *text == x_dialect.quote)) {
    out = refine({text, size});
    return;
  }
  out.text = text;
  out.size = size;
  out.kind = Cell::Kind::plain;
}

void CellReader::read(std::uint32_t field, std::span<const char> is_broken,
                      std::span<Cell> out) const {
  const auto& ends = x_index.field_ends();
  const auto records = x_index.records();
  const std::uint32_t fields = is_broken.empty() ? x_index.fields_of_each() : 0;
  const std::uint32_t delimiter = x_dialect.delimiter_size();
  if (field > 0 && field < fields) {
    const std::uint32_t* end = ends.data() + field;
    const bool is_wide = fields >= kWideRecord;
    for (std::size_t row = 0; row < out.size(); ++row, end += fields) {
      if (is_wide) fetch_ahead(end, x_text + *end);
      take_cell(end[-1] + delimiter, *end, out[row]);
    }
    return;
  }
  for (std::size_t row = 0; row < out.size(); ++row) {
    const Record& record = records[row];
    if (field >= record.fields || (!is_broken.empty() && is_broken[row] != 0)) {
      out[row] = {x_text, 0, Cell::Kind::absent};
      continue;
    }
    const std::uint32_t at = record.first_field + field;
    take_cell(field == 0 ? record.start : ends[at - 1] + delimiter, ends[at], out[row]);
  }
}

void CellReader::read_fixed(const FixedColumn& column, std::span<const char> is_broken,
                            std::span<Cell> out) const {
  const auto records = x_index.records();
  for (std::size_t row = 0; row < out.size(); ++row) {
    std::string_view text(x_text + records[row].start, records[row].end - records[row].start);
    std::size_t before = column.first - 1;
    if (x_index.has_high_bytes()) before = bytes_of_characters(text, before);
    if (before >= text.size() || (!is_broken.empty() && is_broken[row] != 0)) {
      out[row] = {x_text, 0, Cell::Kind::absent};
      continue;
    }
    text.remove_prefix(before);
    std::size_t size = column.last - column.first + 1;
    if (x_index.has_high_bytes()) size = bytes_of_characters(text, size);
    text = trim_blanks(text.substr(0, size), x_dialect);
    out[row] = {text.data(), static_cast<std::uint32_t>(text.size()), Cell::Kind::plain};
  }
}

}  // namespace leat::connectors::csv
