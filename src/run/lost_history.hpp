#pragma once

#include "run/live_run.hpp"

namespace leat::run {

/// Notes what the ledgers know and a store that was lost does not: of each sink that the store has
/// never heard of, the publishes since the oldest rows that still lie in quarantine.
///
/// Calls     once, before anything is planned, under the lock of the workspace.
Status recall_publishes(LiveRun& run);

}  // namespace leat::run
