#pragma once

#include <cstdint>

#include "base/cancel.hpp"
#include "base/result.hpp"
#include "io/files.hpp"

namespace leat::parquet_levels {

/// Do the repetition and definition levels of all columns that can come more than once in a row
/// add up to the rows and values that the file says it has?
///
/// The engine believes them, and a file whose levels do not add up comes out as other rows. Columns
/// that come once in a row have no levels that could shift a value into another row.
///
/// Shape    Row groups in turn, page by page. Columns packed by LZO, Brotli or Hadoop's LZ4, and
///          levels in the old bit-packed form, are passed by.
/// Errors   external  broken, naming the column.
Status verify_levels(io::File& file, std::uint64_t size, const CancelToken* cancel);

}  // namespace leat::parquet_levels
