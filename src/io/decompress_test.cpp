#include "io/decompress.hpp"

#include <bzlib.h>
#include <gtest/gtest.h>
#include <lzma.h>
#include <zlib.h>
#include <zstd.h>

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

std::string zstd(std::string_view text) {
  std::string out(ZSTD_compressBound(text.size()), '\0');
  ZSTD_CCtx* const context = ZSTD_createCCtx();
  ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
  out.resize(ZSTD_compress2(context, out.data(), out.size(), text.data(), text.size()));
  ZSTD_freeCCtx(context);
  return out;
}

std::string bzip2(std::string_view text) {
  std::string in(text);
  std::string out(in.size() * 2 + 600, '\0');
  auto size = static_cast<unsigned>(out.size());
  EXPECT_EQ(BZ2_bzBuffToBuffCompress(out.data(), &size, in.data(), static_cast<unsigned>(in.size()),
                                     9, 0, 0),
            BZ_OK);
  out.resize(size);
  return out;
}

std::string xz(std::string_view text) {
  std::string out(lzma_stream_buffer_bound(text.size()), '\0');
  std::size_t size = 0;
  EXPECT_EQ(lzma_easy_buffer_encode(6, LZMA_CHECK_CRC64, nullptr,
                                    reinterpret_cast<const std::uint8_t*>(text.data()), text.size(),
                                    reinterpret_cast<std::uint8_t*>(out.data()), &size, out.size()),
            LZMA_OK);
  out.resize(size);
  return out;
}

struct Format {
  Compression compression;
  const char* name;
  std::string (*pack)(std::string_view);
  bool allows_padding;
};

const Format kFormats[] = {{Compression::gzip, "gzip", gzip, true},
                           {Compression::zstd, "zstd", zstd, false},
                           {Compression::bzip2, "bzip2", bzip2, false},
                           {Compression::xz, "xz", xz, true}};

class Unpack : public testing::TestWithParam<Format> {
 protected:
  Result<std::string> unpack(std::string bytes, std::size_t piece, RatioLimit limit = {}) const {
    auto stream = unpack_stream(std::make_unique<MemoryFile>(std::move(bytes)), "a.packed",
                                GetParam().compression, limit);
    std::string out;
    std::string buffer(piece, '\0');
    while (true) {
      TRY(const std::size_t got, stream->read(buffer.data(), piece));
      out.append(buffer, 0, got);
      if (got < piece) return out;
    }
  }
  static std::string pack(std::string_view text) { return GetParam().pack(text); }
};

TEST_P(Unpack, JoinsTheMembersOfAFile) {
  const std::string padding(GetParam().allows_padding ? 700 : 0, '\0');
  const std::string bytes = pack("one\n") + pack("") + pack("two\n") + padding;
  for (const std::size_t piece : {1u, 3u, 4096u}) {
    EXPECT_EQ(unpack(bytes, piece).value(), "one\ntwo\n");
  }
}

TEST_P(Unpack, ReportsEveryPlaceWhereAFileCanBeCut) {
  const std::string bytes = pack("some text that is long enough");
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const auto result = unpack(bytes.substr(0, size), 4096);
    ASSERT_FALSE(result.ok()) << size;
    EXPECT_EQ(result.error().fault(), Fault::external);
    EXPECT_NE(result.error().text().find("a.packed"), std::string::npos);
    EXPECT_NE(result.error().text().find("file_offset="), std::string::npos);
  }
}

TEST_P(Unpack, ReportsAFlippedBitUnlessItIsPadding) {
  const std::string text = "some text that is long enough";
  const std::string good = pack(text);
  for (std::size_t at = 10; at < good.size(); ++at) {
    std::string bytes = good;
    bytes[at] = static_cast<char>(bytes[at] ^ 4);
    const auto result = unpack(bytes, 4096);
    EXPECT_TRUE(!result.ok() || result.value() == text) << at;
  }
}

TEST_P(Unpack, RefusesSomethingElseBehindTheData) {
  EXPECT_FALSE(unpack(pack("a") + "trailing", 4096).ok());
  EXPECT_FALSE(unpack(pack("a") + std::string(3, '\0') + pack("b"), 4096).ok());
}

TEST_P(Unpack, StopsABombAtItsRatio) {
  const std::string bytes = pack(std::string(2'000'000, 'a'));
  EXPECT_TRUE(unpack(bytes, 4096, {.ratio_max = 10'000'000, .bytes_free = 1000}).ok());
  const auto result = unpack(bytes, 4096, {.ratio_max = 10, .bytes_free = 1000});
  ASSERT_FALSE(result.ok());
  EXPECT_NE(result.error().text().find("10 times"), std::string::npos);
  EXPECT_TRUE(unpack(bytes, 4096, {.ratio_max = 10, .bytes_free = 3'000'000}).ok());
}

TEST_P(Unpack, IsChosenByTheFirstBytesAndThenByTheName) {
  const std::string bytes = pack("some text");
  EXPECT_EQ(compression_of("a.csv", bytes.substr(0, kCompressionMark)), GetParam().compression);
}

INSTANTIATE_TEST_SUITE_P(Formats, Unpack, testing::ValuesIn(kFormats),
                         [](const auto& format) { return std::string(format.param.name); });

TEST(Compression, IsToldByTheNameWhereTheBytesDoNot) {
  EXPECT_EQ(compression_of("a.csv.gz", "a,b"), Compression::gzip);
  EXPECT_EQ(compression_of("a.csv.zst", "a,b"), Compression::zstd);
  EXPECT_EQ(compression_of("a.csv.bz2", "a,b"), Compression::bzip2);
  EXPECT_EQ(compression_of("a.csv.xz", "a,b"), Compression::xz);
  EXPECT_EQ(compression_of("a.csv", "BZh9 is text"), Compression::none);
}

}  // namespace
}  // namespace leat::io
