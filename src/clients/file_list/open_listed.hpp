#pragma once

#include <cstdint>
#include <memory>

#include "base/result.hpp"
#include "clients/file_list/file_list.hpp"
#include "io/byte_stream.hpp"

namespace leat::file_list {

/// A listed file, open: what it is now is what it was when it was listed.
struct OpenFile {
  std::unique_ptr<io::ByteStream> stream;  ///< Decompressed where it is gzip.
  std::uint64_t inode = 0;
};

/// Errors   config    cannot be opened. external  has changed since it was listed.
Result<OpenFile> open_listed(io::FileSystem& files, const ListedFile& listed);

}  // namespace leat::file_list
