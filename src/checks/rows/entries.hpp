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
CheckEntry not_empty();
CheckEntry positive();
CheckEntry non_negative();
CheckEntry not_accepted_values();
CheckEntry not_pattern();
CheckEntry length();
CheckEntry type();
CheckEntry format();
CheckEntry unique();
CheckEntry relationship();
CheckEntry unique_combination();
CheckEntry ordered();
CheckEntry increasing();
CheckEntry decreasing();
CheckEntry no_gaps();

}  // namespace leat::checks::rows
