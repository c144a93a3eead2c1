#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "clients/file_target/grown_lines.hpp"

namespace leat::file_target {

/// A line of a ledger of files: what it says of them, and the receipt, each a JSON object.
struct LedgerLine {
  std::string head;
  std::string_view receipt;  ///< Of the line.
};

/// Errors: config, it has no receipt.
Result<LedgerLine> split_line(std::string_view line);
/// `head` is a JSON object that is not empty. With its line end.
std::string join_line(std::string head, std::string_view receipt);

/// The lines of a ledger without a last one that a crash has torn: it may also be of the right
/// length, and its bytes are wrong.
Result<GrownLines> open_lines(io::FileSystem& files, const std::filesystem::path& path);

}  // namespace leat::file_target
