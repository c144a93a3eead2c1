#pragma once

#include <vector>

#include "core/check.hpp"

namespace leat::engine {

/// The same checks with every key test as one that compares rows: the engine sorts the keys into
/// parts, and what it has no memory for lies on disk. Slower than a set of keys, and as exact.
std::vector<Check> compared_keys(std::vector<Check> checks);

/// The checks that compare rows, in the order in which they are judged: those of a list side by
/// side, and each list among the rows that the one before left.
std::vector<std::vector<Check>> looks_of(const std::vector<Check>& checks);

}  // namespace leat::engine
