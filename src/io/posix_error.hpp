#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace leat::io {

/// What a failed call of the operating system means to a person.
///
/// `action` completes "cannot <action> <path>": "open", "write to".
/// Errors    config for paths that the author can mend, with the nearest existing name as the hint;
///           external for the state of the machine. The fact `errno` names the code.
Error posix_error(int code, std::string_view action, const std::filesystem::path& path);

}  // namespace leat::io
