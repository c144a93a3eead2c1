#pragma once

#include <filesystem>
#include <string>

#include "base/result.hpp"
#include "io/files.hpp"

namespace leat::file_list {

/// Size, time and inode of a database file and of its log, the file `log_suffix` beside it, as
/// JSON: another state is another text. An empty log is as good as none.
/// Errors  config, external: cannot be looked at.
Result<std::string> database_state(io::FileSystem& files, const std::filesystem::path& file,
                                   const std::string& log_suffix);

}  // namespace leat::file_list
