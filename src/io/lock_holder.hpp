#pragma once

#include <filesystem>

#include "base/error.hpp"

namespace leat::io {

/// Somebody else holds the lock of `path`: busy, and who it is where the machine tells.
Error busy_error(const std::filesystem::path& path);

}  // namespace leat::io
