#include "clients/file_target/grown_lines.hpp"

#include <algorithm>

#include "base/quantity.hpp"

namespace leat::file_target {
namespace {

constexpr std::uint64_t kFirstBytes = std::uint64_t{64} << 10;
constexpr std::uint64_t kLineMax = 128'000'000;

bool is_same(const io::FileStat& a, const io::FileStat& b) {
  return a.size == b.size && a.mtime_ns == b.mtime_ns && a.inode == b.inode && a.device == b.device;
}

/// None of ours is nearly as long, and what comes next may be longer than memory.
Error too_long(const std::filesystem::path& path) {
  return Error(Fault::external, path.string() + " has a line of more than " +
                                    format_bytes(kLineMax) + ", which is none of a ledger")
      .hint("put the file back from a backup");
}

}  // namespace

Result<GrownLines> GrownLines::open(io::FileSystem& files, const std::filesystem::path& path) {
  GrownLines lines;
  lines.x_path = path;
  if (!files.exists(path)) return lines;
  TRY(lines.x_file, files.open(path, io::Open::read));
  TRY(lines.x_stat, lines.x_file->stat());
  lines.x_from = lines.x_stat.size;
  for (;;) {
    const auto last_end = lines.x_text.rfind('\n');
    if (last_end != std::string::npos) {
      lines.x_end = lines.x_from + last_end + 1;
      return lines;
    }
    if (lines.x_from == 0) return lines;
    if (lines.x_text.size() >= kLineMax) return too_long(path);
    TRY(lines.reach_back(lines.x_from));
  }
}

/// Some more of what lies before `from`, twice as much as there is.
Status GrownLines::reach_back(std::uint64_t from) {
  const auto more =
      std::min<std::uint64_t>(from, std::max<std::uint64_t>(kFirstBytes, x_text.size()));
  std::string earlier(more, '\0');
  TRY(const auto got, x_file->read_at(from - more, earlier.data(), more));
  if (got < more) {
    return Error(Fault::external, x_path.string() + " is shorter than it was a moment ago").busy();
  }
  x_text.insert(0, earlier);
  x_from = from - more;
  return {};
}

std::string_view GrownLines::text(std::uint64_t from, std::uint64_t to) const {
  return std::string_view(x_text).substr(from - x_from, to - from);
}

Result<std::string_view> GrownLines::before(std::uint64_t end) {
  if (end == 0) return std::string_view();
  for (;;) {
    if (x_from < end) {
      const auto known = text(x_from, end - 1);
      const auto line_end = known.rfind('\n');
      if (line_end != std::string_view::npos) return text(x_from + line_end + 1, end);
      if (x_from == 0) return text(0, end);
      if (known.size() >= kLineMax) return too_long(x_path);
    }
    TRY(reach_back(x_from));
  }
}

Result<std::string_view> GrownLines::all() {
  while (x_from > 0) TRY(reach_back(x_from));
  return text(0, x_end);
}

Status GrownLines::drop_last() {
  TRY(const auto last, before(x_end));
  x_end -= last.size();
  return {};
}

bool GrownLines::is_as_it_was(io::FileSystem& files) const {
  if (!x_file) return !files.exists(x_path);
  const auto now = files.stat(x_path);
  return now.ok() && is_same(*now, x_stat);
}

bool GrownLines::operator==(const GrownLines& other) const {
  return bool(x_file) == bool(other.x_file) && is_same(x_stat, other.x_stat);
}

}  // namespace leat::file_target
