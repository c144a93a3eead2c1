#pragma once

#include "run/live_run.hpp"

namespace leat::run {

/// Settles what an earlier run planned and did not get to acknowledge: the ledger of the target
/// says whether it happened; if it did not, its stage and its quarantine segments are removed.
///
/// Calls     once, before anything is staged, under the lock of the workspace.
Status recover(LiveRun& run);

}  // namespace leat::run
