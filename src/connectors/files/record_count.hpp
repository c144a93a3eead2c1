#pragma once

#include <cstdint>
#include <filesystem>

#include "base/result.hpp"
#include "io/files.hpp"

namespace leat::connectors::files {

/// Records of a CSV file that a sink wrote, and where the first one ends.
struct CsvCount {
  std::uint64_t records = 0;       ///< Line ends outside quotes.
  std::uint64_t first_end = 0;     ///< Bytes of the first record with its line end.
};
/// Errors   data  the file ends within a record.
Result<CsvCount> count_csv(io::FileSystem& files, const std::filesystem::path& path);

/// Objects of a JSON file that a sink wrote: one after the other, or in one array.
/// Errors   data  a number that JSON has no word for; the file ends within an object.
Result<std::uint64_t> count_json(io::FileSystem& files, const std::filesystem::path& path,
                                 bool in_array);

}  // namespace leat::connectors::files
