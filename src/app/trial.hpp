#pragma once

#include <optional>
#include <span>

namespace leat::app {

/// Does what another process of this program has asked of this one, to be apart from what may crash
/// it; nothing when the arguments ask for no such thing. Returns the exit code.
std::optional<int> carry_out_trial(std::span<const char* const> arguments);

}  // namespace leat::app
