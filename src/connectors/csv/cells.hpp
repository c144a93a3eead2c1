#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "clients/text_values/arena.hpp"
#include "clients/text_values/cell.hpp"
#include "connectors/csv/dialect.hpp"
#include "connectors/csv/field_index.hpp"
#include "connectors/csv/file_format.hpp"

namespace leat::connectors::csv {

using text_values::Arena;
using text_values::Cell;

/// The text between the quotes of a field, escapes undone; the arena holds it where it must be
/// copied. `field` starts with the quote and is well formed.
Cell unquote(std::string_view field, const Dialect& dialect, Arena& arena);
std::string_view trim_blanks(std::string_view text, const Dialect& dialect);

/// Takes one column out of indexed records.
class CellReader {
 public:
  CellReader(const Dialect& dialect, const char* text, const FieldIndex& index, Arena& arena)
      : x_dialect(dialect), x_text(text), x_index(index), x_arena(arena) {}

  /// Field number `field` of every record: absent in records that have too few, or where
  /// `is_broken` says so (empty: nowhere).
  void read(std::uint32_t field, std::span<const char> is_broken, std::span<Cell> out) const;
  /// Characters `first` to `last` of every record, without the blanks around them.
  void read_fixed(const FixedColumn& column, std::span<const char> is_broken,
                  std::span<Cell> out) const;

 private:
  void take_cell(std::uint32_t start, std::uint32_t end, Cell& out) const;
  Cell refine(std::string_view field) const;

  const Dialect& x_dialect;
  const char* x_text;
  const FieldIndex& x_index;
  Arena& x_arena;
};

/// Bytes that the first `characters` characters of UTF-8 text take; all when there are fewer.
std::size_t bytes_of_characters(std::string_view text, std::size_t characters);

}  // namespace leat::connectors::csv
