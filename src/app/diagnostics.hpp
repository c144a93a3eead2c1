#pragma once

#include <span>
#include <string>

#include "base/error.hpp"

namespace leat::app {

/// Complaints as a compiler shows them, without a line end at the end.
std::string render(std::span<const Diagnostic> diagnostics, bool color);

}  // namespace leat::app
