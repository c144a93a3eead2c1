#pragma once

#include "run/live_run.hpp"

namespace leat::run {

/// Where a sink goes on, and who else has published to its target.
///
/// Errors   refused  the target holds what another sink published, and this one would replace it,
///                   or add the same rows again.
Result<SinkStart> start_of(LiveRun& run, const plan::SinkNode& node);

/// The publishes of other sinks in a target that are known of; nothing: any may be there.
using OthersSeen = std::optional<std::vector<Uuid>>;

/// May these held rows still go out, whoever has published to their target since? Yields those that
/// do not stand in their way.
///
/// Errors   refused  as above.
Result<OthersSeen> require_free(LiveRun& run, const plan::SinkNode& node, const Receipt& held);

/// Before each slice: others may have published meanwhile.
///
/// Errors   refused  as `start_of`; or somebody has published in this sink's own name.
Status look_again(LiveRun& run, const plan::SinkNode& node, const Position& from);

/// What a publish of this run expects in its target.
OthersSeen expected_others(const LiveRun& run, const plan::SinkNode& node);

}  // namespace leat::run
