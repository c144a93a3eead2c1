#include "io/byte_stream.hpp"

#include <algorithm>
#include <utility>

namespace leat::io {
namespace {

class PlainStream final : public ByteStream {
 public:
  PlainStream(std::unique_ptr<File> file, fs::path path, std::uint64_t size, std::string start)
      : x_file(std::move(file)), x_path(std::move(path)), x_size(size), x_start(std::move(start)) {}

  Result<std::size_t> read(char* buffer, std::size_t size) override {
    const std::size_t wanted = std::min<std::uint64_t>(size, x_size - x_offset);
    const std::size_t held =
        x_offset < x_start.size() ? x_start.copy(buffer, wanted, x_offset) : std::size_t{0};
    x_offset += held;
    if (held == wanted) return wanted;
    TRY(const std::size_t got, x_file->read_at(x_offset, buffer + held, wanted - held));
    x_offset += got;
    if (held + got < wanted) {
      return Error(Fault::external, "`" + x_path.string() + "` was cut while it was read")
          .with("bytes_expected", std::to_string(x_size))
          .with("bytes_there", std::to_string(x_offset))
          .hint("run again when nobody writes to the file any more");
    }
    return wanted;
  }

  std::uint64_t file_bytes() const override { return x_offset; }

 private:
  std::unique_ptr<File> x_file;
  fs::path x_path;
  std::uint64_t x_size;
  std::string x_start;
  std::uint64_t x_offset = 0;
};

}  // namespace

std::unique_ptr<ByteStream> plain_stream(std::unique_ptr<File> file, fs::path path,
                                         std::uint64_t size, std::string start) {
  return std::make_unique<PlainStream>(std::move(file), std::move(path), size, std::move(start));
}

}  // namespace leat::io
