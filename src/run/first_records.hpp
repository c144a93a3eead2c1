#pragma once

#include <cstdint>
#include <memory>

#include "core/source.hpp"

namespace leat::run {

/// The first `records_max` records of a source, by one thread, which stops there: what a stream
/// would bring after them is never asked for.
std::unique_ptr<ChunkSource> first_records(std::unique_ptr<ChunkSource> chunks,
                                           std::uint64_t records_max);

}  // namespace leat::run
