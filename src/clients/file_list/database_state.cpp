#include "clients/file_list/database_state.hpp"

#include <nlohmann/json.hpp>

namespace leat::file_list {

Result<std::string> database_state(io::FileSystem& files, const std::filesystem::path& file,
                                   const std::string& log_suffix) {
  auto state = nlohmann::json::array();
  TRY(const auto stat, files.stat(file));
  state.push_back({stat.size, stat.mtime_ns, stat.inode});
  const std::filesystem::path log = file.string() + log_suffix;
  if (files.exists(log)) {
    TRY(const auto of_log, files.stat(log));
    if (of_log.size > 0) state.push_back({of_log.size, of_log.mtime_ns, of_log.inode});
  }
  return state.dump();
}

}  // namespace leat::file_list
