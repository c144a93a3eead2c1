#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/postgres/encode.hpp"
#include "io/files.hpp"

namespace leat::connectors::postgres {

/// How the columns travel, in one line: rows that were encoded for other columns are told by it.
std::string signature_of(const std::vector<WireColumn>& columns);

/// Rows, as a binary COPY has them, as a part of a file of staged rows: packed by LZ4, for the disk
/// has the server's own writes to do meanwhile.
std::string pack_rows(std::string_view rows);

/// Rows on disk: what was sent to the server, to be sent again. `leat staged rows` and LF, the
/// signature behind its length (4 bytes), then blocks of rows, each behind its size as it is and
/// packed (4 bytes each, of this machine's order); sizes of zero end it.
///
/// Calls     `create`, then `append` any number of times, then `finish`.
class CopyFile {
 public:
  static Result<std::unique_ptr<CopyFile>> create(io::FileSystem& files,
                                                  const std::filesystem::path& path,
                                                  const std::string& signature);
  explicit CopyFile(std::unique_ptr<io::File> file) : x_file(std::move(file)) {}
  Status append(std::string_view packed_rows) { return x_file->append(packed_rows); }
  Status finish();

 private:
  std::unique_ptr<io::File> x_file;
};

/// The header and the end that a server wants around rows.
std::string copy_header();
std::string copy_end();

/// Hands out the rows of a file in pieces of whole rows, about `piece_bytes` each.
/// Errors   config    the file has another signature. external  it is cut off or damaged.
Status read_rows(io::FileSystem& files, const std::filesystem::path& path,
                 const std::string& signature, std::size_t piece_bytes,
                 const std::function<Status(std::string_view rows)>& take);

}  // namespace leat::connectors::postgres
