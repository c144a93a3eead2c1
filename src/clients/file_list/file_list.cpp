#include "clients/file_list/file_list.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "base/names.hpp"
#include "base/quantity.hpp"
#include "base/utf8.hpp"
#include "io/links.hpp"
#include "io/streams.hpp"
#include "io/url.hpp"

namespace leat::file_list {
namespace {

/// To look at so many costs no more than to list what else lies beside them.
constexpr std::size_t kFewFiles = 16;

namespace fs = std::filesystem;

/// What follows the root in a path that is written in full; empty: to be found part by part.
std::string_view plain_rest(const fs::path& root, const fs::path& path) {
  const std::string_view text = path.native();
  const std::string_view start = root.native();
  if (start.empty() || !text.starts_with(start)) return {};
  std::string_view rest = text.substr(start.size());
  if (!start.ends_with('/')) {
    if (!rest.starts_with('/')) return {};
    rest.remove_prefix(1);
  }
  const bool is_plain = !rest.starts_with('.') && rest.find("//") == std::string_view::npos &&
                        rest.find("/.") == std::string_view::npos;
  return is_plain && !rest.starts_with('/') ? rest : std::string_view();
}

/// `root` is in its normal form.
std::string name_in(const fs::path& root, const fs::path& path) {
  if (const auto rest = plain_rest(root, path); !rest.empty()) return std::string(rest);
  if (io::is_url(path.native())) return path.native();
  const fs::path relative = path.lexically_relative(root);
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
  if (path.native().ends_with(".leat.ndjson")) return true;
  if (path.native().find("_leat") == std::string::npos) return false;
  const fs::path relative = path.lexically_relative(root);
  return std::find(relative.begin(), relative.end(), "_leat") != relative.end();
}

/// `before`: a file as it was listed, or as a position names it. `by`: how it is known, where its
/// size is the same.
template <typename File>
Error changed_error(const File& before, std::uint64_t size_now, const char* by) {
  Error error(Fault::external, before.name + " has changed since it was read");
  if (size_now == before.size) {
    error = std::move(error).with("size", std::to_string(size_now));
    error = std::move(error).with("changed", by);
  } else {
    error = std::move(error).with("size_before", std::to_string(before.size));
    error = std::move(error).with("size_now", std::to_string(size_now));
  }
  return std::move(error).hint(
      "a file that was read must stay as it was; put new rows into a new file");
}

/// A file that is gone was there when it was listed.
Error unreadable(const Error& error) {
  if (error.fault() != Fault::config) return error;
  return Error(Fault::external, error.text())
      .hint("what is read must stay as it was until the end");
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

/// Files that were taken, to be found again.
class Taken {
 public:
  Taken(std::vector<Input>& files, std::string root, const std::string& part)
      : x_root(std::move(root)) {
    for (Input& file : files) {
      if (!may_share_part(file.part, part)) continue;
      x_by_place.emplace(file.place, &file);
      auto& named = file.root == x_root ? x_by_name : x_elsewhere;
      named.emplace(file.name, &file);
    }
  }

  /// By its name in this project; by where it lies; by its name in the project as it lay elsewhere.
  template <typename PlaceOf>
  Input* find(const std::string& name, PlaceOf place_of) const {
    if (auto* file = in(x_by_name, name)) return file;
    if (x_by_place.empty()) return nullptr;
    if (auto* file = in(x_by_place, place_of())) return file;
    return in(x_elsewhere, name);
  }

 private:
  using Files = std::unordered_map<std::string, Input*>;

  static Input* in(const Files& files, const std::string& key) {
    const auto found = files.find(key);
    return found == files.end() ? nullptr : found->second;
  }

  std::string x_root;
  Files x_by_name;
  Files x_by_place;
  Files x_elsewhere;
};

std::string describe(const std::vector<ListedFile>& files) {
  std::uint64_t bytes = 0;
  for (const ListedFile& file : files) bytes += file.size;
  const std::string what =
      files.size() == 1 ? files[0].name : format_count(files.size()) + " files";
  return what + ", " + format_bytes(bytes);
}

}  // namespace

FileList::FileList(io::FileSystem& files, fs::path root, std::vector<std::string> patterns,
                   std::string part)
    : x_files(files),
      x_root(std::move(root)),
      x_real_root(io::real_path(x_root).string()),
      x_patterns(std::move(patterns)),
      x_part(std::move(part)) {}

bool FileList::grows(const std::vector<std::string>& patterns) {
  return patterns.size() != 1 || io::has_wildcards(patterns[0]) || read_streams(patterns);
}

bool FileList::read_streams(const std::vector<std::string>& patterns) {
  return std::any_of(patterns.begin(), patterns.end(), [](const std::string& pattern) {
    const bool may_be = pattern == io::kStandardInput || fs::path(pattern).is_absolute();
    return may_be && io::is_stream(pattern);
  });
}

fs::path FileList::stream_path(const std::string& pattern) const {
  return pattern == io::kStandardInput ? fs::path(pattern) : x_root / pattern;
}

bool FileList::is_stream() const {
  return x_patterns.size() == 1 && io::is_stream(stream_path(x_patterns[0]));
}

Result<ListedFile> FileList::list_stream(const std::string& pattern) const {
  const std::string shown =
      pattern == io::kStandardInput ? "standard input" : "`" + pattern + "`, which is a pipe,";
  if (!x_allows_streams) {
    return Error(Fault::config, shown + " cannot be read by this source")
        .hint("write it into a file first; csv and json read streams");
  }
  if (x_patterns.size() != 1) {
    return Error(Fault::config, shown + " stands among other paths")
        .hint("give it a source of its own, and join them by UNION ALL in a model");
  }
  if (pattern != io::kStandardInput && !fs::path(pattern).is_absolute()) {
    return Error(Fault::config, shown + " must be written with its whole path")
        .hint("so that the plan sees that nobody can read it twice: " +
              (x_root / pattern).lexically_normal().string());
  }
  ListedFile listed;
  listed.name = pattern;
  listed.path = stream_path(pattern);
  listed.stream = io::process_streams().of(listed.path);
  return listed;
}

Result<std::vector<ListedFile>> FileList::list() const {
  std::vector<ListedFile> listed;
  std::unordered_set<std::string> seen;  // One pattern finds none twice.
  const fs::path root = x_root.lexically_normal();
  for (const std::string& pattern : x_patterns) {
    if (!io::has_wildcards(pattern) && io::is_stream(stream_path(pattern))) {
      TRY(auto stream, list_stream(pattern));
      listed.push_back(std::move(stream));
      continue;
    }
    TRY(const auto paths, io::expand_glob(x_files, x_root, pattern));
    const bool wild = io::has_wildcards(pattern);
    for (const fs::path& path : paths) {
      if (wild && is_ledger(path, root)) continue;
      if (x_patterns.size() > 1 && !seen.insert(path.native()).second) continue;
      std::string name = name_in(root, path);
      TRY(require_text(name));
      TRY(const io::FileStat stat, x_files.stat(path));
      if (stat.is_folder) {
        return Error(Fault::config, name + " is a folder, not a file")
            .hint("write `" + (path.lexically_relative(x_root) / "*").generic_string() +
                  "` for all files in it");
      }
      listed.push_back({std::move(name), path, stat.size, stat.mtime_ns, nullptr, stat.inode});
    }
  }
  return listed;
}

Status FileList::look() {
  x_seen.reset();
  x_folders.clear();
  TRY(x_seen, list());
  return {};
}

Result<std::vector<ListedFile>> FileList::all() {
  TRY(look());
  return *x_seen;
}

Result<std::vector<ListedFile>> FileList::seen() {
  if (x_seen) return *x_seen;
  return all();
}

Result<bool> FileList::is_as_taken(Input& taken, const ListedFile& now) const {
  if (taken.size != now.size) return false;
  if (taken.mtime_ns == now.mtime_ns) return true;
  if (taken.digest.empty()) return false;
  TRY(const auto digest, io::sha256_of_file(x_files, now.path));
  return digest == taken.digest;
}

/// With links resolved; folders are looked at once.
std::string FileList::place_of(const ListedFile& file) {
  const std::string& path = file.path.native();
  const auto cut = path.rfind('/') + 1;
  const auto [folder, fresh] = x_folders.try_emplace(path.substr(0, cut));
  if (fresh) {
    folder->second.real = (io::real_path(folder->first) / "").string();
    if (x_seen && x_seen->size() > kFewFiles)
      folder->second.links = io::links_in(x_files, folder->first);
  }
  std::string name = path.substr(cut);
  const auto& links = folder->second.links;
  std::error_code error;
  const bool is_link = links ? links->contains(name) : fs::is_symlink(file.path, error);
  return is_link ? io::real_path(file.path).string() : folder->second.real + name;
}

Input FileList::input_of(const ListedFile& file) {
  Input input;
  input.kind = Input::Kind::file;
  input.place = place_of(file);
  input.name = file.name;
  input.root = x_real_root;
  input.part = x_part;
  input.size = file.size;
  input.mtime_ns = file.mtime_ns;
  return input;
}

void FileList::move_to(Input& taken, const ListedFile& file) {
  taken.name = file.name;
  taken.root = x_real_root;
  taken.place = place_of(file);
}

Result<std::vector<Input>> FileList::read_position(const Position& from) const {
  auto inputs = inputs_of(from, x_real_root);
  TRY(require_kind(inputs, Input::Kind::file, "a list of files"));
  return inputs;
}

Error FileList::no_files(const std::string& hint) const {
  Error error(Fault::config, "no file matches " + join_names(x_patterns, " or "));
  for (const auto& pattern : x_patterns) {
    if (!x_files.exists(x_root / pattern)) continue;
    auto written = pattern;
    for (auto at = written.find_first_of("*?["); at != std::string::npos;
         at = written.find_first_of("*?[", at + 3)) {
      written.replace(at, 1, std::string("[") + written[at] + "]");
    }
    return std::move(error).hint("`" + pattern +
                                 "` is a file, but * ? and [ stand for others: write " + written);
  }
  return std::move(error).hint(hint);
}

Result<std::vector<ListedFile>> FileList::after(std::vector<Input>& taken) {
  TRY(look());
  if (x_seen->empty() && taken.empty()) {
    return no_files("looked beneath " + (x_root.empty() ? fs::path(".") : x_root).string());
  }
  const Taken known(taken, x_real_root, x_part);
  std::vector<ListedFile> fresh;
  std::set<const Input*> again;
  for (const ListedFile& file : *x_seen) {
    Input* before = known.find(file.name, [&] { return place_of(file); });
    bool as_taken = false;
    if (before != nullptr) {
      TRY(as_taken, is_as_taken(*before, file));
    }
    if (as_taken) {
      before->mtime_ns = file.mtime_ns;
      if (before->root != x_real_root || before->name != file.name) move_to(*before, file);
      continue;
    }
    if (before != nullptr && grows(x_patterns)) {
      return changed_error(*before, file.size, before->digest.empty() ? "time" : "bytes");
    }
    if (before != nullptr) again.insert(before);
    fresh.push_back(file);
  }
  std::erase_if(taken, [&](const Input& file) { return again.contains(&file); });
  return fresh;
}

/// All of it, or nothing where the position is that behind it.
Result<std::optional<Slice>> FileList::stream_slice(const Position& from) {
  TRY(const auto listed, all());
  Input stream;
  stream.place = listed.front().stream->id();
  for (const auto& input : inputs_of(from, x_real_root)) {
    if (input.kind == Input::Kind::state && input.place == stream.place) {
      return std::optional<Slice>();
    }
  }
  Slice slice;
  slice.description =
      x_patterns[0] == io::kStandardInput ? std::string("standard input") : x_patterns[0];
  slice.spec = to_text({listed, false});
  slice.after = position_of({stream});
  return std::optional<Slice>(std::move(slice));
}

Result<std::optional<Slice>> FileList::next_slice(const Position& from, const SliceLimits& limits) {
  if (is_stream()) return stream_slice(from);
  TRY(std::vector<Input> taken, read_position(from));
  TRY(std::vector<ListedFile> fresh, after(taken));
  if (fresh.empty()) return std::optional<Slice>();
  std::size_t count = 0;
  std::uint64_t bytes = 0;
  while (count < fresh.size()) {
    bytes += fresh[count++].size;
    if (limits.rows || (limits.bytes && bytes >= *limits.bytes)) break;
  }
  Slice slice;
  slice.more = count < fresh.size();
  fresh.resize(count);
  slice.description = describe(fresh);
  for (const ListedFile& file : fresh) taken.push_back(input_of(file));
  const auto by_name = [](const Input& a, const Input& b) { return a.name < b.name; };
  if (!std::is_sorted(taken.begin(), taken.end(), by_name)) {
    std::stable_sort(taken.begin(), taken.end(), by_name);
  }
  slice.after = position_of(taken);
  x_slice = {std::move(fresh), limits.to_go_on};
  x_spec = slice.spec = to_text(x_slice);
  return std::optional<Slice>(std::move(slice));
}

const SliceFiles& FileList::files_of(const Slice& slice) {
  if (x_spec != slice.spec) {
    x_slice = from_text(slice.spec, x_root);
    x_spec = slice.spec;
  }
  return x_slice;
}

Result<std::vector<ListedFile>> FileList::begin(const Slice& slice, const CancelToken* cancel,
                                                Checked checked) {
  if (is_stream()) return list();
  const auto& [files, wants_digests] = files_of(slice);
  if (checked == Checked::now) TRY(verify_unchanged(x_files, files));
  if (wants_digests) take_digests(slice.spec, files, cancel);
  return files;
}

void FileList::take_digests(const std::string& spec, const std::vector<ListedFile>& files,
                            const CancelToken* cancel) {
  if (x_digests && x_begun == spec && !x_digests->has_failed()) return;
  std::vector<fs::path> paths;
  for (const auto& file : files) paths.push_back(file.path);
  x_digests = std::make_unique<Digests>(x_files, std::move(paths), cancel);
  x_begun = spec;
}

Result<Position> FileList::position_after(const Slice& slice) {
  if (is_stream()) return slice.after;
  const auto& [files, wants_digests] = files_of(slice);
  if (!wants_digests) return slice.after;
  take_digests(slice.spec, files, nullptr);
  const auto taking = std::exchange(x_digests, nullptr);
  const auto& digests = taking->wait();
  if (!digests.ok()) return unreadable(digests.error());
  TRY(verify_unchanged(x_files, files));
  std::map<std::string_view, const std::string*> by_name;
  for (std::size_t i = 0; i < files.size(); ++i) by_name[files[i].name] = &digests->at(i);
  auto taken = inputs_of(slice.after, x_real_root);
  for (auto& input : taken) {
    if (input.root != x_real_root || input.part != x_part) continue;
    const auto found = by_name.find(input.name);
    if (found != by_name.end()) input.digest = *found->second;
  }
  return position_of(taken);
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

Status verify_unchanged(io::FileSystem& files, const std::vector<ListedFile>& listed,
                        const std::vector<std::uint64_t>& inodes) {
  for (std::size_t i = 0; i < listed.size(); ++i) {
    const ListedFile& file = listed[i];
    if (file.stream) continue;
    TRY(const io::FileStat stat, files.stat(file.path));
    if (stat.size != file.size || stat.mtime_ns != file.mtime_ns) {
      return changed_error(file, stat.size, "time");
    }
    if (i < inodes.size() && inodes[i] != 0 && stat.inode != inodes[i]) {
      return Error(Fault::external, "`" + file.name + "` was replaced while it was read")
          .hint("run again when nobody writes to the file any more");
    }
  }
  return {};
}

std::vector<fs::path> would_read(io::FileSystem& files, const fs::path& root,
                                 const std::vector<std::string>& patterns,
                                 const std::vector<fs::path>& targets) {
  std::vector<fs::path> found;
  for (const std::string& pattern : patterns) {
    const bool is_standard =
        pattern == io::kStandardInput || io::means_standard_input(root / pattern);
    if (is_standard || io::is_url(pattern)) {
      const fs::path known = is_standard ? fs::path(io::kStandardInput) : fs::path(pattern);
      if (std::find(targets.begin(), targets.end(), known) != targets.end()) found.push_back(known);
      continue;
    }
    auto some = io::found_if_there(files, root, pattern, targets);
    if (some.ok()) found.insert(found.end(), some->begin(), some->end());
  }
  return found;
}

}  // namespace leat::file_list
