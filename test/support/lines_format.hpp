#pragma once

#include <algorithm>
#include <filesystem>
#include <string>

#include "clients/file_target/file_target.hpp"

namespace leat::test {

/// The simplest format there is: each line is a row.
class LinesFormat final : public file_target::Format {
 public:
  explicit LinesFormat(io::FileSystem& files) : x_files(files) {}

  std::string extension() const override { return "txt"; }
  Stage stage_at(const std::filesystem::path& path, const data::Schema&) override {
    return StageTarget{path, "lines", {}, {}};
  }
  Result<std::uint64_t> count_rows(const std::filesystem::path& path) const override {
    TRY(const std::string text, io::read_text(x_files, path));
    return static_cast<std::uint64_t>(std::count(text.begin(), text.end(), '\n'));
  }
  Status join(const std::filesystem::path& live, const std::filesystem::path& stage,
              const std::filesystem::path& whole) const override {
    TRY(auto file, x_files.open(whole, io::Open::create_new));
    TRY(io::copy_bytes(x_files, live, *file));
    return io::copy_bytes(x_files, stage, *file);
  }

  /// Merging adds the lines that are not there yet.
  Result<RowChanges> meet(const file_target::Meeting& meeting) const override {
    std::string live;
    if (meeting.live) {
      TRY(live, io::read_text(x_files, *meeting.live));
    }
    TRY(const std::string stage, io::read_text(x_files, meeting.stage));
    RowChanges changes;
    for (std::size_t at = 0; at < stage.size();) {
      const std::size_t end = stage.find('\n', at) + 1;
      const std::string line = stage.substr(at, end - at);
      const bool is_there = live.find(line) != std::string::npos;
      if (!is_there) live += line;
      ++(is_there ? changes.unchanged : changes.inserted);
      at = end;
    }
    TRY(auto file, x_files.open(meeting.whole, io::Open::create_new));
    TRY(file->append(live));
    return changes;
  }

 private:
  io::FileSystem& x_files;
};

}  // namespace leat::test
