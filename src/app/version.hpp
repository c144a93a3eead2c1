#pragma once

#include <string>

namespace leat::app {

/// "0.1.0"
std::string version();

}  // namespace leat::app
