#pragma once

#include <string_view>

namespace leat {

/// A named place where a test kills the process.
///
/// Calls     before and after every fsync, rename, COMMIT and ledger write.
/// Promise   does nothing unless LEAT_CRASH_AT is `name` or `name:n` (the n-th arrival, from 1);
///           then the process dies as by kill -9. With LEAT_CRASH_LIST=<file> each arrival
///           appends its name to that file, so a test learns which points a run passes.
void crash_point(std::string_view name);

/// A named place between two looks at the same thing, where a test lets another process go first.
///
/// Promise   does nothing unless LEAT_STOP_AT is `name`; then the process stops as by SIGSTOP.
void stop_point(std::string_view name);

}  // namespace leat
