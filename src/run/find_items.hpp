#pragma once

#include "run/live_run.hpp"

namespace leat::run {

/// Reads the rows that are the items of sources, and opens these sources for them.
///
/// Calls     before a slice is ordered.
/// Promise   rows that checks set aside are no items. What was found stays for the whole run.
/// Errors    those of reading the rows; data  a check that holds or fails has failed, or rows that
///           can be no items; config  what an item makes of a source.
Status find_items(LiveRun& run, std::vector<std::string>& warnings);

}  // namespace leat::run
