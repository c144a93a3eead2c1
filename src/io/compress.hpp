#pragma once

#include "base/result.hpp"
#include "io/byte_stream.hpp"
#include "io/decompress.hpp"
#include "io/files.hpp"

namespace leat::io {

/// Appends all that comes from a stream to a file, as one more member of gzip or frame of zstd:
/// whoever unpacks the file reads what was there, then this.
/// Errors   external  the disk; whatever the stream has.
Status pack(ByteStream& from, Compression compression, File& to);

}  // namespace leat::io
