#include "io/decompress.hpp"

#include <gtest/gtest.h>
#include <zlib.h>

#include <cstring>

namespace leat::io {
namespace {

class MemoryFile final : public File {
 public:
  explicit MemoryFile(std::string bytes) : x_bytes(std::move(bytes)) {}
  Result<std::size_t> read_at(std::uint64_t offset, char* buffer, std::size_t size) override {
    const std::size_t at = std::min<std::uint64_t>(offset, x_bytes.size());
    const std::size_t count = std::min(size, x_bytes.size() - at);
    std::memcpy(buffer, x_bytes.data() + at, count);
    return count;
  }
  Status append(std::string_view) override { return Error(Fault::internal, "read only"); }
  Status sync() override { return {}; }
  Status truncate(std::uint64_t) override { return Error(Fault::internal, "read only"); }
  Result<FileStat> stat() override { return FileStat{.size = x_bytes.size()}; }

 private:
  std::string x_bytes;
};

std::string gzip(std::string_view text) {
  z_stream z{};
  EXPECT_EQ(deflateInit2(&z, 9, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string in(text);
  std::string out(deflateBound(&z, in.size()) + 64, '\0');
  z.next_in = reinterpret_cast<Bytef*>(in.data());
  z.avail_in = static_cast<uInt>(in.size());
  z.next_out = reinterpret_cast<Bytef*>(out.data());
  z.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&z, Z_FINISH), Z_STREAM_END);
  out.resize(z.total_out);
  deflateEnd(&z);
  return out;
}

Result<std::string> gunzip(std::string bytes, std::size_t piece, RatioLimit limit = {}) {
  auto stream = gunzip_stream(std::make_unique<MemoryFile>(std::move(bytes)), "a.gz", limit);
  std::string out;
  std::string buffer(piece, '\0');
  while (true) {
    TRY(const std::size_t got, stream->read(buffer.data(), piece));
    out.append(buffer, 0, got);
    if (got < piece) return out;
  }
}

TEST(Gunzip, JoinsTheMembersOfAFile) {
  const std::string bytes = gzip("one\n") + gzip("") + gzip("two\n") + std::string(700, '\0');
  for (const std::size_t piece : {1u, 3u, 4096u}) {
    EXPECT_EQ(gunzip(bytes, piece).value(), "one\ntwo\n");
  }
}

TEST(Gunzip, ReportsEveryPlaceWhereAFileCanBeCut) {
  const std::string bytes = gzip("some text that is long enough");
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const auto result = gunzip(bytes.substr(0, size), 4096);
    ASSERT_FALSE(result.ok()) << size;
    EXPECT_EQ(result.error().fault(), Fault::external);
    EXPECT_NE(result.error().text().find("a.gz"), std::string::npos);
    EXPECT_NE(result.error().text().find("file_offset="), std::string::npos);
  }
}

TEST(Gunzip, ReportsAFlippedBitUnlessItIsPadding) {
  const std::string text = "some text that is long enough";
  const std::string good = gzip(text);
  for (std::size_t at = 10; at < good.size(); ++at) {
    std::string bytes = good;
    bytes[at] = static_cast<char>(bytes[at] ^ 4);
    const auto result = gunzip(bytes, 4096);
    EXPECT_TRUE(!result.ok() || result.value() == text) << at;
  }
}

TEST(Gunzip, RefusesSomethingElseBehindTheData) {
  EXPECT_FALSE(gunzip(gzip("a") + "trailing", 4096).ok());
  EXPECT_FALSE(gunzip(gzip("a") + std::string(3, '\0') + gzip("b"), 4096).ok());
}

TEST(Gunzip, StopsABombAtItsRatio) {
  const std::string bytes = gzip(std::string(2'000'000, 'a'));
  EXPECT_TRUE(gunzip(bytes, 4096, {.ratio_max = 2000, .bytes_free = 1000}).ok());
  const auto result = gunzip(bytes, 4096, {.ratio_max = 100, .bytes_free = 1000});
  ASSERT_FALSE(result.ok());
  EXPECT_NE(result.error().text().find("100 times"), std::string::npos);
  EXPECT_TRUE(gunzip(bytes, 4096, {.ratio_max = 100, .bytes_free = 3'000'000}).ok());
}

}  // namespace
}  // namespace leat::io
