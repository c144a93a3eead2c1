#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "base/uuid.hpp"
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
/// Promise   lines are only ever added, each an intent. An intent is committed when the live file
///           has its digest, or when a committed one names it as `previous`. A last line that was
///           torn by a crash does not count.
class Ledger {
 public:
  /// A ledger that is not there is empty.
  static Result<Ledger> read(io::FileSystem& files, const std::filesystem::path& path);

  /// The newest committed entry that `wanted` accepts. Errors: config, a line was tampered with.
  using Wanted = std::function<bool(const LedgerEntry&)>;
  Result<std::optional<LedgerEntry>> newest_committed(const LiveFile& live,
                                                      const Wanted& wanted) const;
  /// Where the next line goes: behind the last whole one.
  std::uint64_t end() const { return x_end; }
  bool operator==(const Ledger& other) const { return x_text == other.x_text; }

 private:
  std::filesystem::path x_path;
  std::string x_text;
  std::uint64_t x_end = 0;
};

/// With its line end.
std::string to_line(const LedgerEntry& entry);

}  // namespace leat::file_target
