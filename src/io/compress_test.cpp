#include "io/compress.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "support/text_stream.hpp"

namespace leat::io {
namespace {

class PackTest : public testing::TestWithParam<Compression> {
 protected:
  void SetUp() override {
    char name[] = "/tmp/leat_pack_XXXXXX";
    x_folder = ::mkdtemp(name);
  }
  void TearDown() override { fs::remove_all(x_folder); }

  std::string unpacked() const {
    auto file = local_files().open(x_folder / "f", Open::read);
    auto stream = unpack_stream(std::move(file).value(), "f", GetParam());
    std::string text(40'000'000, '\0');
    text.resize(stream->read(text.data(), text.size()).value());
    return text;
  }

  fs::path x_folder;
};

TEST_P(PackTest, members_are_read_one_after_the_other) {
  auto file = local_files().open(x_folder / "f", Open::append);
  ASSERT_TRUE(file.ok());
  std::string all;
  for (const std::size_t size : {0U, 1U, 262'143U, 262'144U, 262'145U, 3'000'000U}) {
    std::string text;
    for (std::size_t i = 0; text.size() < size; ++i) text += std::to_string(i * 2'654'435'761U);
    text.resize(size);
    test::TextStream stream(text);
    ASSERT_TRUE(pack(stream, GetParam(), **file).ok());
    all += text;
    EXPECT_EQ(unpacked(), all);
  }
}

INSTANTIATE_TEST_SUITE_P(Codecs, PackTest, testing::Values(Compression::gzip, Compression::zstd));

}  // namespace
}  // namespace leat::io
