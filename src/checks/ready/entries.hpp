#pragma once

#include "core/catalog.hpp"

namespace leat::checks::ready {

CheckEntry measures();
CheckEntry ohlc();

}  // namespace leat::checks::ready
