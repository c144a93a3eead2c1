#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "clients/file_target/ledger.hpp"

namespace leat::file_target {

/// One partition that a publish wrote.
struct PartEntry {
  std::string folder;
  LiveFile file;
  std::uint64_t rows = 0;
};

/// One line of the ledger of a partitioned folder.
struct PartitionEntry {
  std::vector<PartEntry> parts;
  std::vector<std::string> removed;                          ///< Partitions that are there no more.
  std::vector<std::pair<std::string, std::string>> columns;  ///< Name and SQL type.
  Receipt receipt;
};

/// The ledger `_leat/commits.ndjson`, as it was when it was read. docs/formats/partitions.md.
///
/// Threads   one at a time.
/// Promise   lines are only ever added, and a whole line is a publish that happened: what it says
///           is carried out by whoever looks next. A last line torn by a crash does not count.
class PartitionLedger {
 public:
  /// A ledger that is not there is empty.
  static Result<PartitionLedger> read(io::FileSystem& files, const std::filesystem::path& path);

  /// The newest entry that `wanted` accepts. Errors: config, a line was tampered with.
  using Wanted = std::function<bool(const PartitionEntry&)>;
  Result<std::optional<PartitionEntry>> newest(const Wanted& wanted);
  /// As Sink::lanes.
  Result<std::vector<std::string>> lanes(const Lane& lane);
  /// Errors: refused, the lane's newest entry is not the one that `receipt` follows.
  Status require_head(const Receipt& receipt, const std::string& place);
  /// The partitions that are there by all that was published, and their files.
  Result<std::map<std::string, LiveFile>> live();
  /// Where the next line goes.
  std::uint64_t end() const { return x_lines.end(); }

 private:
  Error damaged(std::uint64_t start, const Error& why) const;

  std::filesystem::path x_path;
  GrownLines x_lines;
};

/// With its line end.
std::string to_line(const PartitionEntry& entry);

}  // namespace leat::file_target
