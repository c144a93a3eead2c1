#pragma once

#include <optional>
#include <string>
#include <vector>

#include "run/live_run.hpp"
#include "run/slice_run.hpp"

namespace leat::run {

/// Sinks that stand at the same position and so can share the reading.
struct SinkGroup {
  std::vector<std::string> sinks;
  std::string growing_source;  ///< Empty: everything is read whole (replace).
  Position from;               ///< Of the growing source.
  bool done = false;
};

/// A sink that lags is brought up on its own first.
Result<std::vector<SinkGroup>> group_sinks(LiveRun& run);

/// What the group does next; nothing when it has all there is.
Result<std::optional<SliceOrder>> next_order(LiveRun& run, const SinkGroup& group);

/// Moves the group past a slice that was published. False when nothing is known to follow.
bool advance(SinkGroup& group, const SliceOrder& order);

/// Does a held publish of this sink make the next run wait?
bool blocks_when_held(const plan::Plan& plan, const plan::SinkNode& sink);

}  // namespace leat::run
