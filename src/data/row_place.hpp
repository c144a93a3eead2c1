#pragma once

#include <cstdint>

namespace leat::data {

/// Where a row stood in what was read. 0 means that the reader cannot tell.
struct RowPlace {
  std::uint64_t record = 0;       ///< Number of the record in its file, from 1, headers excluded.
  std::uint64_t line = 0;         ///< Physical line on which it starts, from 1.
  std::uint64_t byte_offset = 0;  ///< From the start of the decompressed file, from 0.
  std::uint32_t file = 0;         ///< Index into the reader's list of files.
};

}  // namespace leat::data
