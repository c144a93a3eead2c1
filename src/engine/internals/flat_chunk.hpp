#pragma once

#include <duckdb/common/types/data_chunk.hpp>

namespace leat {
namespace internals {

/// Makes all columns of a chunk flat, as the C API reads them. What a filter left of a column of
/// texts is told by numbers of rows: those go, and the texts stay where they lie; the engine's own
/// Flatten copies each.
void flatten(duckdb::DataChunk& chunk);

}  // namespace internals
}  // namespace leat
