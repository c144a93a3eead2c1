#include "plan/shown_path.hpp"

namespace leat::plan {

std::string shown_path(const std::filesystem::path& absolute,
                       const std::filesystem::path& working_folder) {
  const auto relative = absolute.lexically_relative(working_folder).string();
  return relative.empty() || relative.starts_with("..") ? absolute.string() : relative;
}

}  // namespace leat::plan
