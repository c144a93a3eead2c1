#include "clients/file_list/file_list.hpp"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/names.hpp"
#include "base/quantity.hpp"
#include "base/utf8.hpp"

namespace leat::file_list {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

std::string name_in(const fs::path& root, const fs::path& path) {
  const fs::path relative = path.lexically_relative(root.lexically_normal());
  const bool beneath = !relative.empty() && *relative.begin() != "..";
  return (beneath ? relative : path).generic_string();
}

/// Positions, receipts and quarantine name files as text.
Status require_text(const std::string& name) {
  if (is_valid_utf8(name)) return {};
  return Error(Fault::config,
               "the name of the file " + printable(name, 4 * name.size()) + " is not valid UTF-8")
      .hint("rename it, or name the other files more narrowly");
}

/// The ledger beside a file, or what a folder of partitions keeps for itself.
bool is_ledger(const fs::path& path, const fs::path& root) {
  if (path.filename().string().ends_with(".leat.ndjson")) return true;
  const fs::path relative = path.lexically_relative(root.lexically_normal());
  return std::find(relative.begin(), relative.end(), "_leat") != relative.end();
}

std::string to_text(const std::vector<ListedFile>& files) {
  Json list = Json::array();
  for (const ListedFile& file : files) {
    list.push_back({{"path", file.name}, {"size", file.size}, {"mtime_ns", file.mtime_ns}});
    if (!file.digest.empty()) list.back()["digest"] = file.digest;
  }
  return Json{{"files", std::move(list)}}.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<std::vector<ListedFile>> from_text(const std::string& text, const fs::path& root) {
  std::vector<ListedFile> files;
  if (text.empty()) return files;
  try {
    const Json position = Json::parse(text);
    for (const Json& entry : position.at("files")) {
      ListedFile file;
      file.name = entry.at("path").get<std::string>();
      file.path = (root / file.name).lexically_normal();
      file.size = entry.at("size").get<std::uint64_t>();
      file.mtime_ns = entry.at("mtime_ns").get<std::int64_t>();
      file.digest = entry.value("digest", "");
      files.push_back(std::move(file));
    }
  } catch (const Json::exception& error) {
    return Error(Fault::config, "this position is not one of a list of files")
        .with("reason", error.what())
        .hint("the kind of the source was changed; give the sink another name to start afresh");
  }
  return files;
}

Error changed_error(const ListedFile& before, std::uint64_t size_now) {
  Error error(Fault::external, before.name + " has changed since it was read");
  if (size_now == before.size) {
    error = std::move(error).with("size", std::to_string(size_now));
    error = std::move(error).with("changed", before.digest.empty() ? "time" : "bytes");
  } else {
    error = std::move(error).with("size_before", std::to_string(before.size));
    error = std::move(error).with("size_now", std::to_string(size_now));
  }
  return std::move(error).hint(
      "a file that was read must stay as it was; put new rows into a new file");
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/// `%2F` is a slash; a per cent sign before anything else stands for itself.
std::string unescape(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_escape = text[i] == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 &&
                           hex_digit(text[i + 2]) >= 0;
    out += is_escape ? char(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2])) : text[i];
    i += is_escape ? 2 : 0;
  }
  return out;
}

std::map<std::string, ListedFile*> by_name(std::vector<ListedFile>& files) {
  std::map<std::string, ListedFile*> names;
  for (ListedFile& file : files) names[file.name] = &file;
  return names;
}

std::string describe(const std::vector<ListedFile>& files) {
  std::uint64_t bytes = 0;
  for (const ListedFile& file : files) bytes += file.size;
  const std::string what =
      files.size() == 1 ? files[0].name : format_count(files.size()) + " files";
  return what + ", " + format_bytes(bytes);
}

}  // namespace

FileList::FileList(io::FileSystem& files, fs::path root, std::vector<std::string> patterns)
    : x_files(files), x_root(std::move(root)), x_patterns(std::move(patterns)) {}

bool FileList::grows(const std::vector<std::string>& patterns) {
  return patterns.size() != 1 || io::has_wildcards(patterns[0]);
}

Result<std::vector<ListedFile>> FileList::list() const {
  std::vector<ListedFile> listed;
  std::set<fs::path> seen;
  for (const std::string& pattern : x_patterns) {
    TRY(const auto paths, io::expand_glob(x_files, x_root, pattern));
    const bool wild = io::has_wildcards(pattern);
    for (const fs::path& path : paths) {
      if ((wild && is_ledger(path, x_root)) || !seen.insert(path).second) continue;
      TRY(require_text(name_in(x_root, path)));
      TRY(const io::FileStat stat, x_files.stat(path));
      if (stat.is_folder) {
        return Error(Fault::config, name_in(x_root, path) + " is a folder, not a file")
            .hint("write `" + (path.lexically_relative(x_root) / "*").generic_string() +
                  "` for all files in it");
      }
      listed.push_back({name_in(x_root, path), path, stat.size, stat.mtime_ns, ""});
    }
  }
  return listed;
}

Result<std::vector<ListedFile>> FileList::all() {
  x_seen.reset();
  TRY(x_seen, list());
  return *x_seen;
}

Result<std::vector<ListedFile>> FileList::seen() {
  if (x_seen) return *x_seen;
  return all();
}

Result<bool> FileList::is_as_taken(ListedFile& taken, const ListedFile& now) const {
  if (taken.size != now.size) return false;
  if (taken.mtime_ns == now.mtime_ns) return true;
  if (taken.digest.empty()) return false;
  std::string digest = now.digest;
  if (digest.empty()) {
    TRY(digest, io::sha256_of_file(x_files, now.path));
  }
  if (digest != taken.digest) return false;
  taken.mtime_ns = now.mtime_ns;
  return true;
}

Result<std::vector<ListedFile>> FileList::after(std::vector<ListedFile>& taken) {
  const bool is_fresh = std::exchange(x_is_fresh, false);
  TRY(std::vector<ListedFile> listed, is_fresh ? seen() : all());
  if (listed.empty() && taken.empty()) {
    return Error(Fault::config, "no file matches " + join_names(x_patterns, " or "))
        .hint("looked beneath " + (x_root.empty() ? fs::path(".") : x_root).string());
  }
  const auto known = by_name(taken);
  std::vector<ListedFile> fresh;
  for (ListedFile& file : listed) {
    const auto found = known.find(file.name);
    bool as_taken = false;
    if (found != known.end()) {
      TRY(as_taken, is_as_taken(*found->second, file));
    }
    if (as_taken) continue;
    if (found != known.end() && grows(x_patterns)) return changed_error(*found->second, file.size);
    fresh.push_back(std::move(file));
  }
  return fresh;
}

Result<std::vector<ListedFile>> FileList::within(const Stretch& stretch) {
  TRY(std::vector<ListedFile> taken, from_text(stretch.from.text, x_root));
  std::vector<ListedFile> files;
  if (stretch.to) {
    TRY(files, from_text(stretch.to->text, x_root));
  } else {
    TRY(files, x_is_fresh ? seen() : all());
    x_is_fresh = true;
  }
  TRY(const auto read, same_files(taken, files));
  std::erase_if(files, [&](const ListedFile& file) { return read.contains(file.name); });
  return files;
}

/// The names of those that stand for the rows of one that was taken. A file that was taken from a
/// folder is never read again, whatever became of it.
Result<std::set<std::string>> FileList::same_files(std::vector<ListedFile>& taken,
                                                   const std::vector<ListedFile>& files) const {
  std::set<std::string> names;
  const auto known = by_name(taken);
  for (const ListedFile& file : files) {
    const auto found = known.find(file.name);
    if (found == known.end()) continue;
    bool is_same = grows(x_patterns);
    if (!is_same) {
      TRY(is_same, is_as_taken(*found->second, file));
    }
    if (is_same) names.insert(file.name);
  }
  return names;
}

Result<bool> FileList::has_read(const Position& position, const Stretch& stretch) {
  auto read = from_text(position.text, x_root);
  if (!read.ok()) return false;  // A position of another kind of source.
  TRY(const auto files, within(stretch));
  TRY(const auto names, same_files(*read, files));
  return !names.empty();
}

Result<std::optional<Slice>> FileList::next_slice(const Position& from, const SliceLimits& limits) {
  TRY(std::vector<ListedFile> taken, from_text(from.text, x_root));
  TRY(std::vector<ListedFile> fresh, after(taken));
  if (fresh.empty()) return std::optional<Slice>();
  if (!grows(x_patterns)) taken.clear();
  std::size_t count = 0;
  std::uint64_t bytes = 0;
  while (count < fresh.size()) {
    bytes += fresh[count++].size;
    if (limits.rows || (limits.bytes && bytes >= *limits.bytes)) break;
  }
  Slice slice;
  slice.more = count < fresh.size();
  fresh.resize(count);
  for (ListedFile& file : fresh) {
    if (!limits.to_go_on) break;
    TRY(file.digest, io::sha256_of_file(x_files, file.path));
  }
  slice.description = describe(fresh);
  slice.spec = to_text(fresh);  // In the order of reading; a position is sorted by name.
  taken.insert(taken.end(), fresh.begin(), fresh.end());
  std::sort(taken.begin(), taken.end(),
            [](const ListedFile& a, const ListedFile& b) { return a.name < b.name; });
  slice.after.text = to_text(taken);
  return std::optional<Slice>(std::move(slice));
}

Result<std::vector<ListedFile>> FileList::files_of(const Slice& slice) const {
  TRY(std::vector<ListedFile> files, from_text(slice.spec, x_root));
  TRY(verify_unchanged(x_files, files));
  return files;
}

Result<std::optional<std::string>> folder_value(const ListedFile& file, std::string_view name) {
  const std::string wanted = to_lower(name);
  for (const fs::path& part : fs::path(file.name).parent_path()) {
    const std::string text = part.string();
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos || to_lower(text.substr(0, equals)) != wanted) continue;
    const std::string value = text.substr(equals + 1);
    if (value == "__HIVE_DEFAULT_PARTITION__") return std::optional<std::string>();
    return std::optional<std::string>(unescape(value));
  }
  return Error(Fault::config,
               "no folder of " + file.name + " is called `" + std::string(name) + "=…`")
      .hint("`hive` names the columns that stand in folders' names");
}

Status verify_unchanged(io::FileSystem& files, const std::vector<ListedFile>& listed) {
  for (const ListedFile& file : listed) {
    TRY(const io::FileStat stat, files.stat(file.path));
    if (stat.size != file.size || stat.mtime_ns != file.mtime_ns) {
      return changed_error(file, stat.size);
    }
  }
  return {};
}

std::vector<fs::path> would_read(io::FileSystem& files, const fs::path& root,
                                 const std::vector<std::string>& patterns,
                                 const std::vector<fs::path>& targets) {
  std::vector<fs::path> found;
  for (const std::string& pattern : patterns) {
    auto some = io::found_if_there(files, root, pattern, targets);
    if (some.ok()) found.insert(found.end(), some->begin(), some->end());
  }
  return found;
}

}  // namespace leat::file_list
