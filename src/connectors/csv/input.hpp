#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "clients/file_list/open_listed.hpp"
#include "connectors/csv/file_format.hpp"
#include "io/files.hpp"

namespace leat::connectors::csv {

/// Unpacking it takes longer than reading what comes of it.
inline bool is_slow(io::Compression compression) {
  return compression == io::Compression::bzip2 || compression == io::Compression::xz;
}

/// The text of one file without its footer, decompressed, as UTF-8, with a way to put bytes back.
///
/// Threads  one at a time.
/// Errors   config    cannot be opened. external  changed since it was listed, or cannot be read.
class Input {
 public:
  static Result<Input> open(io::FileSystem& files, const file_list::ListedFile& file,
                            const FileFormat& format,
                            file_list::Opened how = file_list::Opened::to_look);

  /// Up to `size` bytes; fewer only at the end.
  Result<std::size_t> read(char* buffer, std::size_t size);
  /// What was read last comes again, before everything else.
  void unread(std::string_view text);
  /// Bytes of the file itself taken so far; for progress.
  std::uint64_t file_bytes() const { return x_file.stream->file_bytes(); }
  std::uint64_t inode() const { return x_file.inode; }
  /// The text is the bytes of the file as they lie there.
  bool is_plain() const { return x_file.is_plain; }
  io::Compression compression() const { return x_file.compression; }

 private:
  Status leave_footer_out(io::FileSystem& files, const file_list::ListedFile& file,
                          const FileFormat& format);

  file_list::OpenFile x_file;
  std::string x_pending;  ///< Put back; used from x_pending_at on.
  std::size_t x_pending_at = 0;
  std::uint64_t x_left = std::numeric_limits<std::uint64_t>::max();  ///< Until the footer.
};

/// Where the last `lines` physical lines of a text start, of which `tail` is the end; `npos` when
/// the tail is too short to tell. Empty lines at the very end do not count.
std::size_t footer_start(std::string_view tail, bool is_whole, std::uint32_t lines);

}  // namespace leat::connectors::csv
