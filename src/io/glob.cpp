#include <algorithm>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "io/files.hpp"
#include "io/url.hpp"

namespace leat::io {
namespace {

using FileId = std::pair<std::uint64_t, std::uint64_t>;

/// Bytes of the UTF-8 character at the start of `text`, which is not empty.
std::size_t character_size(std::string_view text) {
  std::size_t size = 1;
  while (size < text.size() && (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80) ++size;
  return size;
}

/// Takes "[a-z]" or "[!abc]" off the front of `pattern`; false when it is not closed.
bool take_set(std::string_view& pattern, std::string_view character, bool& matches) {
  std::size_t at = 1;
  const bool negated = at < pattern.size() && (pattern[at] == '!' || pattern[at] == '^');
  if (negated) ++at;
  const std::size_t close = pattern.find(']', at + 1);
  if (close == std::string_view::npos) return false;
  std::string_view set = pattern.substr(at, close - at);
  matches = false;
  while (!set.empty()) {
    const std::string_view low = set.substr(0, character_size(set));
    set.remove_prefix(low.size());
    std::string_view high = low;
    if (set.size() > 1 && set[0] == '-') {
      set.remove_prefix(1);
      high = set.substr(0, character_size(set));
      set.remove_prefix(high.size());
    }
    // UTF-8 sorts as its characters do.
    if (low <= character && character <= high) matches = true;
  }
  matches = matches != negated;
  pattern.remove_prefix(close + 1);
  return true;
}

/// Takes one pattern element that stands for one character; false when it does not match.
bool take_one(std::string_view& pattern, std::string_view& name) {
  const std::string_view character = name.substr(0, character_size(name));
  if (pattern[0] == '?') {
    pattern.remove_prefix(1);
    name.remove_prefix(character.size());
    return true;
  }
  bool matches = false;
  if (pattern[0] == '[' && take_set(pattern, character, matches)) {
    name.remove_prefix(character.size());
    return matches;
  }
  if (pattern[0] == '\\' && pattern.size() > 1) pattern.remove_prefix(1);
  if (pattern[0] != name[0]) return false;
  pattern.remove_prefix(1);
  name.remove_prefix(1);
  return true;
}

/// Matches one part of a path. Goes back to the last star only, so it takes at most n * m steps.
bool part_matches(std::string_view pattern, std::string_view name) {
  if (name.starts_with('.') && !pattern.starts_with('.')) return false;
  std::string_view star_pattern, star_name;
  bool has_star = false;
  while (!name.empty()) {
    if (!pattern.empty() && pattern[0] == '*') {
      has_star = true;
      pattern.remove_prefix(1);
      star_pattern = pattern;
      star_name = name;
      continue;
    }
    if (!pattern.empty() && take_one(pattern, name)) continue;
    if (!has_star) return false;
    star_name.remove_prefix(character_size(star_name));
    pattern = star_pattern;
    name = star_name;
  }
  return pattern.find_first_not_of('*') == std::string_view::npos;
}

/// Sorted by path, none twice. What a folder's listing brings is in order already.
void sort_once(std::vector<fs::path>& paths) {
  if (!std::is_sorted(paths.begin(), paths.end(), sorts_before)) {
    std::sort(paths.begin(), paths.end(), sorts_before);
  }
  paths.erase(std::unique(paths.begin(), paths.end(),
                          [](const auto& a, const auto& b) { return a.native() == b.native(); }),
              paths.end());
}

enum class Seen { all, links };

/// A folder as the walk sees it: what is there, and what is imagined to be there.
class View {
 public:
  /// `imagined`: real paths of files that count as there, with the folders they lie in.
  /// `real`: which of the files that are there are seen.
  View(FileSystem& files, const std::vector<fs::path>& imagined, Seen real)
      : x_files(files), x_imagined(imagined), x_real(real) {}

  bool exists(const fs::path& path) const {
    return x_files.exists(path) || !imagined_in(path).empty();
  }

  /// Nothing: it is no folder.
  Result<std::optional<FileId>> folder_id(const fs::path& folder) const {
    if (!x_files.exists(here(folder)) && !imagined_in(folder).empty()) {
      return std::optional<FileId>(FileId{std::hash<std::string>()(folder.string()), 0});
    }
    TRY(const FileStat stat, x_files.stat(here(folder)));
    return stat.is_folder ? std::optional<FileId>(FileId{stat.device, stat.inode}) : std::nullopt;
  }

  Result<std::vector<fs::path>> files(const fs::path& folder) const {
    std::vector<fs::path> found;
    if (x_files.exists(here(folder))) {
      TRY(found, x_real == Seen::links ? x_files.list_links(folder) : x_files.list(folder));
    }
    for (const fs::path& way : imagined_in(folder)) {
      if (!way.has_parent_path()) found.push_back(folder / way);
    }
    return sorted(std::move(found));
  }

  Result<std::vector<fs::path>> folders(const fs::path& folder) const {
    std::vector<fs::path> found;
    if (x_files.exists(here(folder))) {
      TRY(found, x_files.list_folders(folder));
    }
    for (const fs::path& way : imagined_in(folder)) {
      if (way.has_parent_path()) found.push_back(folder / *way.begin());
    }
    return sorted(std::move(found));
  }

 private:
  static fs::path here(const fs::path& folder) { return folder.empty() ? fs::path(".") : folder; }

  static std::vector<fs::path> sorted(std::vector<fs::path> paths) {
    sort_once(paths);
    return paths;
  }

  /// The ways from `folder` to the imagined files beneath it.
  std::vector<fs::path> imagined_in(const fs::path& folder) const {
    std::vector<fs::path> ways;
    if (x_imagined.empty()) return ways;
    const fs::path real = real_path(here(folder));
    for (const fs::path& file : x_imagined) {
      fs::path way = file.lexically_relative(real);
      if (!way.empty() && way != "." && *way.begin() != "..") ways.push_back(std::move(way));
    }
    return ways;
  }

  FileSystem& x_files;
  const std::vector<fs::path>& x_imagined;
  Seen x_real;
};

class Walk {
 public:
  Walk(const View& view, std::vector<std::string> parts)
      : x_view(view), x_parts(std::move(parts)) {}

  Status into(const fs::path& folder, std::size_t part) {
    if (part + 1 == x_parts.size() && x_parts[part] != "**") return take_files(folder);
    if (x_parts[part] == "**") return any_depth(folder, part);
    if (!has_wildcards(x_parts[part])) {
      const fs::path next = folder / x_parts[part];
      return x_view.exists(next) ? into(next, part + 1) : Status();
    }
    TRY(const auto folders, x_view.folders(folder));
    for (const fs::path& next : folders) {
      if (part_matches(x_parts[part], next.filename().string())) TRY(into(next, part + 1));
    }
    return {};
  }

  std::vector<fs::path> found() && {
    sort_once(x_found);
    return std::move(x_found);
  }

 private:
  Status take_files(const fs::path& folder) {
    TRY(const auto id, x_view.folder_id(folder));
    if (!id) return {};
    TRY(auto files, x_view.files(folder));
    for (fs::path& file : files) {
      const std::string_view way = file.native();
      const std::string_view name = way.substr(way.rfind('/') + 1);
      if (part_matches(x_parts.back(), name)) x_found.push_back(std::move(file));
    }
    return {};
  }

  Status any_depth(const fs::path& folder, std::size_t part) {
    TRY(const auto id, x_view.folder_id(folder));
    // A link that leads back up would never end.
    if (!id || !x_above.insert(*id).second) return {};
    if (part + 1 < x_parts.size()) {
      TRY(into(folder, part + 1));
    } else {
      TRY(auto files, x_view.files(folder));
      std::erase_if(files, [](const fs::path& f) { return f.filename().string()[0] == '.'; });
      x_found.insert(x_found.end(), files.begin(), files.end());
    }
    TRY(const auto folders, x_view.folders(folder));
    for (const fs::path& next : folders) {
      if (next.filename().string()[0] != '.') TRY(any_depth(next, part));
    }
    x_above.erase(*id);
    return {};
  }

  const View& x_view;
  std::vector<std::string> x_parts;
  std::set<FileId> x_above;
  std::vector<fs::path> x_found;
};

std::string without_escapes(std::string_view pattern) {
  if (is_url(pattern)) return std::string(pattern);
  std::string text;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == '\\' && i + 1 < pattern.size()) ++i;
    text += pattern[i];
  }
  return text;
}

Result<std::vector<fs::path>> expand(const View& view, const fs::path& root,
                                     std::string_view pattern) {
  if (!has_wildcards(pattern)) {
    return std::vector<fs::path>{seen_from(root, without_escapes(pattern))};
  }
  fs::path folder = pattern.starts_with('/') ? fs::path("/") : root;
  std::vector<std::string> parts;
  for (const fs::path& part : fs::path(pattern).relative_path()) {
    if (part.empty() || part == ".") continue;
    if (parts.empty() && !has_wildcards(part.string())) {
      folder /= without_escapes(part.string());
    } else {
      parts.push_back(part.string());
    }
  }
  folder = folder.lexically_normal();
  if (parts.empty() || (!folder.empty() && !view.exists(folder))) return std::vector<fs::path>{};
  Walk walk(view, std::move(parts));
  TRY(walk.into(folder, 0));
  return std::move(walk).found();
}

}  // namespace

bool sorts_before(const fs::path& a, const fs::path& b) {
  const auto rank = [](char c) { return c == '/' ? 0 : static_cast<unsigned char>(c) + 1; };
  const auto [x, y] =
      std::mismatch(a.native().begin(), a.native().end(), b.native().begin(), b.native().end());
  if (x == a.native().end() || y == b.native().end()) return y != b.native().end();
  return rank(*x) < rank(*y);
}

bool has_wildcards(std::string_view pattern) {
  if (is_url(pattern)) return false;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == '\\') {
      ++i;
    } else if (pattern[i] == '*' || pattern[i] == '?' || pattern[i] == '[') {
      return true;
    }
  }
  return false;
}

Result<std::vector<fs::path>> expand_glob(FileSystem& files, const fs::path& root,
                                          std::string_view pattern) {
  const std::vector<fs::path> none;
  return expand(View(files, none, Seen::all), root, pattern);
}

Result<std::vector<fs::path>> found_if_there(FileSystem& files, const fs::path& root,
                                             std::string_view pattern,
                                             const std::vector<fs::path>& wanted) {
  if (is_url(pattern)) return std::vector<fs::path>();
  TRY(const auto paths, expand(View(files, wanted, Seen::links), root, pattern));
  std::vector<fs::path> found;
  for (const fs::path& path : paths) {
    const fs::path real = real_path(path);
    if (std::find(wanted.begin(), wanted.end(), real) != wanted.end()) found.push_back(real);
  }
  return found;
}

}  // namespace leat::io
