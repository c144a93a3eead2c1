#pragma once

#include <cstdint>
#include <memory>

#include "clients/cursor/cursor_table.hpp"

namespace leat::cursor {

/// At most so many rows may lie at the greatest value; where more do, they wait for a greater one.
inline constexpr std::uint64_t kRowsAtLastMax = 10'000;

/// A table whose new rows are found by the greatest value that was read.
///
/// Promise   rows come from the last value on; those at it that were read already are known by
///           their hashes and left out. A slice is exactly the rows up to its last value, and of
///           those at that value the ones its position names.
/// Missing   a row without a value is never new: while there is one nothing is read.
/// Errors    config    the position is of another table or column.
///           data      rows without a value; one that ends all order ("infinity").
///           external  those of the table; rows at the last value have changed since it was looked
///                     at.
std::unique_ptr<Source> open_source(std::unique_ptr<Tables> tables, Cursor cursor);

}  // namespace leat::cursor
