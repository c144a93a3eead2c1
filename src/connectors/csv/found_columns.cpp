#include "connectors/csv/found_columns.hpp"

#include <algorithm>
#include <utility>

namespace leat::connectors::csv {

bool FoundColumns::is_same(const SeenFile& seen, const file_list::ListedFile& now) {
  return seen.path == now.path.native() && seen.size == now.size && seen.mtime_ns == now.mtime_ns &&
         seen.inode == now.inode && !now.stream;
}

std::optional<data::Schema> FoundColumns::in(
    const std::vector<file_list::ListedFile>& listed) const {
  const std::lock_guard held(x_mutex);
  const bool are_same = !x_files.empty() && std::equal(x_files.begin(), x_files.end(),
                                                       listed.begin(), listed.end(), is_same);
  if (!are_same) return std::nullopt;
  return x_columns;
}

void FoundColumns::keep(const std::vector<file_list::ListedFile>& listed,
                        const data::Schema& columns, std::string sample) {
  const std::lock_guard held(x_mutex);
  x_files.clear();
  for (const auto& file : listed) {
    x_files.push_back({file.path.native(), file.size, file.mtime_ns, file.inode});
  }
  x_columns = columns;
  x_sample = std::move(sample);
}

std::string FoundColumns::sample() const {
  const std::lock_guard held(x_mutex);
  return x_sample;
}

}  // namespace leat::connectors::csv
