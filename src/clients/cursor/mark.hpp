#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "clients/cursor/cursor_table.hpp"
#include "data/schema.hpp"

namespace leat::cursor {

/// What was read from some rows on: how many, and a sum of their hashes in any order.
struct Window {
  std::uint64_t rows = 0;
  std::uint64_t sum = 0;
  bool operator==(const Window&) const = default;
};

/// How far a table was read. docs/formats/position.md.
struct Mark {
  std::string column;
  std::optional<Value> value;  ///< Nothing: there was no row yet.
  bool is_closed = false;      ///< Every row at `value` counts as read.
  /// Of the rows at `value` that were read, sorted; rows that are the same come several times.
  std::vector<std::string> hashes;
  /// The columns that the hashes are made of, with their types.
  std::vector<std::pair<std::string, std::string>> columns;
  std::optional<Window> window;  ///< Of a cursor that looks back: what lay there.
};

std::string to_json(const Mark& mark);
/// Nothing where the text is no mark.
std::optional<Mark> mark_from_json(std::string_view text);

/// Hashes rows by some of their columns.
class RowHash {
 public:
  /// Errors  config  a column is not there any more, or has another type.
  static Result<RowHash> of(const std::vector<std::pair<std::string, std::string>>& columns,
                            const data::Schema& schema);
  /// 16 hex digits.
  std::string operator()(const RowTexts& row) const;

 private:
  std::vector<std::size_t> x_columns;
};

std::vector<std::pair<std::string, std::string>> columns_of(const data::Schema& schema);

/// Those of `all` that are not in `some`; both sorted, each entry counts once.
std::vector<std::string> without(const std::vector<std::string>& all,
                                 const std::vector<std::string>& some);

}  // namespace leat::cursor
