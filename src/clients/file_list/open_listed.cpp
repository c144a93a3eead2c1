#include "clients/file_list/open_listed.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "io/url.hpp"
#include "io/streams.hpp"

namespace leat::file_list {
namespace {

/// What tells the form of a file, and most headers: small files are many, and each call has its
/// price.
constexpr std::size_t kStartBytes = 4096;

/// Reads the first bytes of a stream and gives them back with the rest.
class PeekedStream final : public io::ByteStream {
 public:
  static Result<std::unique_ptr<PeekedStream>> make(std::unique_ptr<io::ByteStream> rest,
                                                    std::size_t bytes) {
    std::string start(bytes, '\0');
    TRY(const std::size_t got, rest->read(start.data(), bytes));
    start.resize(got);
    return std::make_unique<PeekedStream>(std::move(rest), std::move(start));
  }
  PeekedStream(std::unique_ptr<io::ByteStream> rest, std::string start)
      : x_rest(std::move(rest)), x_start(std::move(start)) {}

  const std::string& start() const { return x_start; }

  Result<std::size_t> read(char* buffer, std::size_t size) override {
    const std::size_t held = x_start.copy(buffer, size, x_at);
    x_at += held;
    if (held == size) return size;
    TRY(const std::size_t got, x_rest->read(buffer + held, size - held));
    return held + got;
  }
  std::uint64_t file_bytes() const override { return x_rest->file_bytes(); }

 private:
  std::unique_ptr<io::ByteStream> x_rest;
  std::string x_start;
  std::size_t x_at = 0;
};

/// Only UTF-16 says what it is.
Result<std::unique_ptr<io::ByteStream>> as_utf8(std::unique_ptr<io::ByteStream> bytes,
                                                io::Encoding encoding, bool& is_plain) {
  if (encoding == io::Encoding::detect || encoding == io::Encoding::utf16) {
    TRY(auto peeked, PeekedStream::make(std::move(bytes), 2));
    encoding = io::encoding_of(peeked->start(), encoding);
    bytes = std::move(peeked);
  }
  if (encoding != io::Encoding::utf8) is_plain = false;
  return io::utf8_stream(std::move(bytes), encoding);
}

Result<io::Compression> stream_compression(const ListedFile& listed, const TextForm& form) {
  if (form.compression != io::Compression::detect) return form.compression;
  TRY(auto file, listed.stream->look());
  char start[io::kCompressionMark] = {};
  TRY(const std::size_t got, file->read_at(0, start, sizeof(start)));
  return io::compression_of({}, {start, got});
}

Result<OpenFile> open_stream(const ListedFile& listed, const TextForm& form, Opened how) {
  TRY(const auto compression, stream_compression(listed, form));
  TRY(auto file, how == Opened::for_good ? listed.stream->take() : listed.stream->look());
  auto bytes = compression == io::Compression::none
                   ? io::endless_stream(std::move(file))
                   : io::unpack_stream(std::move(file), listed.name, compression, form.limit);
  OpenFile out;
  out.is_plain = false;
  out.compression = compression;
  TRY(out.stream, as_utf8(std::move(bytes), form.encoding, out.is_plain));
  return out;
}

}  // namespace

Result<OpenFile> open_listed(io::FileSystem& files, const ListedFile& listed, const TextForm& form,
                             Opened how) {
  if (listed.stream) return open_stream(listed, form, how);
  TRY(auto file, files.open(listed.path, io::Open::read));
  TRY(const io::FileStat stat, file->stat());
  if (stat.size != listed.size || stat.mtime_ns != listed.mtime_ns) {
    return Error(Fault::external, "`" + listed.name + "` was changed while the run started")
        .hint("run again when nobody writes to the file any more");
  }
  std::string start(std::min<std::uint64_t>(listed.size, kStartBytes), '\0');
  TRY(const std::size_t got, file->read_at(0, start.data(), start.size()));
  start.resize(got);
  auto compression = form.compression;
  if (compression == io::Compression::detect) {
    compression = io::compression_of(listed.path, start);
  }
  OpenFile out;
  out.inode = stat.inode;
  out.is_plain = compression == io::Compression::none;
  out.compression = compression;
  if (!out.is_plain) {
    auto bytes = io::unpack_stream(std::move(file), listed.name, compression, form.limit);
    TRY(out.stream, as_utf8(std::move(bytes), form.encoding, out.is_plain));
    return out;
  }
  const auto encoding = io::encoding_of(start, form.encoding);
  out.is_plain = encoding == io::Encoding::utf8;
  out.stream = io::utf8_stream(
      io::plain_stream(std::move(file), listed.name, listed.size, std::move(start)), encoding);
  return out;
}

Status require_on_disk(const ListedFile& listed) {
  if (!io::is_url(listed.path.native())) return {};
  return Error(Fault::config, listed.name + ": files of this kind are read from the disk alone")
      .hint("fetch it first, and give the path of the copy");
}

}  // namespace leat::file_list
