#pragma once

#include <cstdint>
#include <memory>

#include "base/result.hpp"
#include "clients/file_list/file_list.hpp"
#include "io/byte_stream.hpp"
#include "io/decompress.hpp"
#include "io/transcode.hpp"

namespace leat::file_list {

/// What is known of the bytes of a file before it is opened.
struct TextForm {
  io::Compression compression = io::Compression::detect;
  io::RatioLimit limit;
  io::Encoding encoding = io::Encoding::detect;
};

/// A listed file, open: what it is now is what it was when it was listed.
struct OpenFile {
  std::unique_ptr<io::ByteStream> stream;  ///< Decompressed, as UTF-8.
  std::uint64_t inode = 0;
  bool is_plain = true;  ///< The stream yields the bytes of the file as they lie there.
  io::Compression compression = io::Compression::none;  ///< Never `detect`.
};

/// Of a stream: a look, after which all comes again, or for good.
enum class Opened : std::uint8_t { to_look, for_good };

/// Errors   config    cannot be opened. external  has changed since it was listed.
Result<OpenFile> open_listed(io::FileSystem& files, const ListedFile& listed,
                             const TextForm& form = {}, Opened how = Opened::to_look);

/// For readers that want a path of this machine.
/// Errors   config    the file is one of the network.
Status require_on_disk(const ListedFile& listed);

}  // namespace leat::file_list
