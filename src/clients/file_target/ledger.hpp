#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "base/uuid.hpp"
#include "clients/file_target/grown_lines.hpp"
#include "core/receipt.hpp"
#include "io/files.hpp"

namespace leat::file_target {

/// What lies in the target file now.
struct LiveFile {
  std::uint64_t size = 0;
  std::string digest;  ///< Hex SHA-256.
};

/// One line of the ledger: what the file is to be once this publish is renamed into place.
struct LedgerEntry {
  Uuid previous;  ///< The publish that the file held before, of whatever lane.
  LiveFile file;
  std::vector<std::pair<std::string, std::string>> columns;  ///< Name and SQL type.
  Receipt receipt;
};

/// The side-car ledger of one file, as it was when it was read. docs/formats/ledger-file.md.
///
/// Threads   one at a time.
/// Promise   lines are only ever added, each an intent. An intent is committed when the live file
///           has its digest, or when a committed one names it as `previous`. A last line that was
///           torn by a crash does not count.
class Ledger {
 public:
  /// A ledger that is not there is empty.
  static Result<Ledger> read(io::FileSystem& files, const std::filesystem::path& path);

  /// The newest committed entry that `wanted` accepts. Errors: config, a line was tampered with.
  using Wanted = std::function<bool(const LedgerEntry&)>;
  Result<std::optional<LedgerEntry>> newest_committed(const LiveFile& live, const Wanted& wanted);
  /// Where the next line goes: behind the last whole one.
  std::uint64_t end() const { return x_lines.end(); }
  /// Nobody has written to it since.
  bool is_as_it_was(io::FileSystem& files) const { return x_lines.is_as_it_was(files); }
  bool operator==(const Ledger& other) const { return x_lines == other.x_lines; }

 private:
  /// An entry, and where its line begins.
  struct Read {
    LedgerEntry entry;
    std::uint64_t start = 0;
  };
  Result<Read> read_before(std::uint64_t end);

  std::filesystem::path x_path;
  GrownLines x_lines;
  std::vector<Read> x_newest;  ///< The last ones, which are asked for again, the newest first.
};

/// With its line end.
std::string to_line(const LedgerEntry& entry);

}  // namespace leat::file_target
