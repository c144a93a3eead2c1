#pragma once

#include <memory>
#include <vector>

#include "core/source.hpp"

namespace leat {

inline constexpr std::uint32_t kChainFileBits = 20;  ///< Of a file's number in a part of a chain.

/// The rows of several parts, one part after the other.
///
/// Promise   `RowPlace::file` tells the part in the bits above `kChainFileBits`.
std::unique_ptr<ChunkSource> chain(std::vector<std::unique_ptr<ChunkSource>> parts);

}  // namespace leat
