#pragma once

#include "base/error.hpp"

namespace leat {

/// What the program ends with where this error ends it; of one that cancels, as if SIGINT had.
int exit_code_of(const Error& error);

}  // namespace leat
