#pragma once

#include <cstdint>
#include <filesystem>

#include "base/result.hpp"
#include "io/byte_stream.hpp"

namespace leat::connectors::files {

/// Records of the text of a CSV file that a sink wrote, and where the first one ends.
struct CsvCount {
  std::uint64_t records = 0;    ///< Line ends outside quotes.
  std::uint64_t first_end = 0;  ///< Bytes of the text of the first record with its line end.
};
/// Errors   internal  the file ends within a record.
Result<CsvCount> count_csv(io::ByteStream& text, const std::filesystem::path& path);

/// Lines of a file of one JSON object a line, in whose texts no line end can stand.
/// Errors   internal  the last line has no end.
Result<std::uint64_t> count_lines(io::ByteStream& text, const std::filesystem::path& path);

}  // namespace leat::connectors::files
