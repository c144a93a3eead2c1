#pragma once

#include "base/cancel.hpp"

namespace leat::cli {

/// From now on SIGINT and SIGTERM ask for a clean stop; a second one ends the process at once.
const CancelToken& watch_signals();

/// 130 or 143 after one of them came; 0 before.
int interrupted_code();

}  // namespace leat::cli
