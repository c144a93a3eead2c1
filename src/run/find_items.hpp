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

/// A source of another plan, as the items that are there now make it: kept as those of the run are.
/// Rows that are no items are left out.
Status find_items_of(LiveRun& run, const plan::Plan& plan, const plan::SourceNode& node);

}  // namespace leat::run
