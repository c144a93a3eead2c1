#pragma once

#include "core/catalog.hpp"

namespace leat::checks::rows {

/// Each says what it is in its own file.
CheckEntry not_null();
CheckEntry range();
CheckEntry accepted_values();
CheckEntry pattern();
CheckEntry castable();
CheckEntry expression();
CheckEntry unique();

}  // namespace leat::checks::rows
