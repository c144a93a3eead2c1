#pragma once

#include <memory>
#include <string>
#include <vector>

#include "clients/cursor/cursor_table.hpp"
#include "clients/cursor/mark.hpp"

namespace leat::cursor {

using Parts = std::vector<std::unique_ptr<ChunkSource>>;

/// The rows of a range but those whose hashes the mark has.
Result<std::unique_ptr<ChunkSource>> new_rows(Table& table, const Range& range, const Mark& read,
                                              const data::Schema& schema,
                                              const ReadContext& context);

/// The rows of a range that are named by their hashes, which are made of `columns`.
///
/// Errors   external  one of them is not there, told at the end of the reading.
Result<std::unique_ptr<ChunkSource>> named_rows(Table& table, const Range& range,
                                                const Mark& columns,
                                                const std::vector<std::string>& hashes,
                                                const data::Schema& schema,
                                                const ReadContext& context);

}  // namespace leat::cursor
