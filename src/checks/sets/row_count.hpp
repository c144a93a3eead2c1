#pragma once

#include "core/catalog.hpp"

namespace leat::checks::sets {

/// The number of rows of a dataset lies between bounds.
CheckEntry row_count();

}  // namespace leat::checks::sets
