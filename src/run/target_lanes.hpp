#pragma once

#include "run/live_run.hpp"

namespace leat::run {

/// Where a sink goes on, and who else has published to its target.
///
/// Errors   refused  the target holds what another sink published, and this one would replace it,
///                   or add the same rows again.
Result<SinkStart> start_of(LiveRun& run, const plan::SinkNode& node);

/// May these held rows still go out, whoever has published to their target since?
///
/// Errors   refused  as above.
Status require_free(LiveRun& run, const plan::SinkNode& node, const Receipt& held);

/// The publishes of others that a publish expects in its target; nothing: any.
std::optional<std::vector<Uuid>> expected_others(const LiveRun& run, const plan::SinkNode& node);

}  // namespace leat::run
