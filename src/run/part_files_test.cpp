#include "run/part_files.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include "io/posix_files.hpp"
#include "support/faulty_files.hpp"
#include "support/temporary_folder.hpp"

namespace leat::run {
namespace {

constexpr int kRows = 5;

PartFiles store(io::FileSystem& files, const test::TemporaryFolder& folder,
                const std::string& heads = "h") {
  return {files, system_clock(), folder / "slices/p/s", {"v", "c", heads, ""}};
}

PartBounds bounds(std::uint64_t number) {
  const auto end = std::to_string(number * 10);
  const auto begin = std::to_string((number - 1) * 10);
  return {number, number == 1 ? std::nullopt : std::optional(begin), end, "form", "state"};
}

/// Rows of which one is longer than a block, and one empty.
std::string row(int number) {
  return number == 3 ? std::string(3 << 20, 'x') : std::string(std::size_t(number), 'r');
}

Status seal(PartFiles& parts, std::uint64_t number, int rows = kRows) {
  TRY(auto writer, parts.begin(bounds(number)));
  for (int i = 0; i < rows; ++i) TRY(writer->add(row(i)));
  TRY(writer->seal());
  return parts.settle();
}

/// Whether all rows of a part come back.
testing::AssertionResult comes_back(PartFiles& parts, const SealedPart& part) {
  auto reader = parts.read(part);
  if (!reader.ok()) return testing::AssertionFailure() << reader.error().text();
  if (!*reader) return testing::AssertionFailure() << "its bytes are others";
  for (int i = 0; i < kRows; ++i) {
    auto next = (*reader)->next();
    if (!next.ok() || !*next || **next != row(i)) {
      return testing::AssertionFailure() << "row " << i;
    }
  }
  auto end = (*reader)->next();
  if (!end.ok() || *end) return testing::AssertionFailure() << "there are more rows";
  return testing::AssertionSuccess();
}

TEST(PartFiles, give_back_what_was_sealed_and_nothing_else) {
  const test::TemporaryFolder folder;
  auto parts = store(io::local_files(), folder);
  ASSERT_TRUE(parts.open("table").ok());
  ASSERT_TRUE(seal(parts, 2).ok());
  ASSERT_TRUE(seal(parts, 1).ok());
  {
    auto unsealed = parts.begin(bounds(3));
    ASSERT_TRUE(unsealed.ok());
    ASSERT_TRUE((*unsealed)->add("row").ok());
  }
  auto later = store(io::local_files(), folder);
  ASSERT_TRUE(later.open("table").ok());
  const auto found = later.parts();
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].bounds.number, 1u);
  EXPECT_EQ(found[0].bounds.after, std::nullopt);
  EXPECT_EQ(found[1].bounds.after, "10");
  EXPECT_EQ(found[1].bounds.upto, "20");
  EXPECT_EQ(found[1].rows, std::uint64_t(kRows));
  EXPECT_TRUE(comes_back(later, found[0]));
  EXPECT_TRUE(comes_back(later, found[1]));
  ASSERT_TRUE(later.clear().ok());
  EXPECT_FALSE(std::filesystem::exists(folder / "slices/p"));
}

/// Around the borders of the blocks in which rows are written.
TEST(PartFiles, give_back_rows_wherever_a_block_ends) {
  constexpr std::size_t kBlock = 1 << 20;
  constexpr std::size_t kLength = sizeof(std::uint32_t);
  for (const auto first : {kBlock - 2 * kLength - 1, kBlock - 2 * kLength, kBlock - kLength - 2,
                           kBlock - kLength, kBlock - kLength + 1, 2 * kBlock - kLength}) {
    const test::TemporaryFolder folder;
    auto parts = store(io::local_files(), folder);
    ASSERT_TRUE(parts.open("table").ok());
    auto writer = parts.begin(bounds(1));
    ASSERT_TRUE(writer.ok());
    const std::vector<std::string> rows{std::string(first, 'a'), "", std::string(kBlock, 'b'), "c"};
    for (const auto& row : rows) ASSERT_TRUE((*writer)->add(row).ok());
    ASSERT_TRUE((*writer)->seal().ok());
    ASSERT_TRUE(parts.settle().ok());
    auto reader = parts.read(parts.parts().at(0));
    ASSERT_TRUE(reader.ok() && *reader) << first;
    for (const auto& row : rows) EXPECT_TRUE(*(*reader)->next() == row) << first;
    EXPECT_EQ(*(*reader)->next(), std::nullopt) << first;
  }
}

int writes_by_the_cache = 0;

ssize_t count_write(int file, const void* buffer, std::size_t size) {
  const bool is_aligned = io::is_aligned({static_cast<const char*>(buffer), size});
  writes_by_the_cache += is_aligned ? 0 : 1;
  return ::write(file, buffer, size);
}

TEST(PartFiles, pass_by_the_cache_of_the_disk_but_for_their_ends) {
  const test::TemporaryFolder folder;
  auto calls = io::posix_calls();
  calls.write = count_write;
  const auto files = io::make_posix_files(calls);
  auto parts = store(*files, folder);
  ASSERT_TRUE(parts.open("table").ok());
  writes_by_the_cache = 0;
  auto writer = parts.begin(bounds(1));
  ASSERT_TRUE(writer.ok());
  for (int i = 0; i < 50'000; ++i) ASSERT_TRUE((*writer)->add(std::string(200, 'r')).ok());
  ASSERT_TRUE((*writer)->seal().ok());
  ASSERT_TRUE(parts.settle().ok());
  EXPECT_EQ(writes_by_the_cache, 2) << "the last rows, and the footer";
}

TEST(PartFiles, of_another_extract_are_discarded_with_a_sentence) {
  const test::TemporaryFolder folder;
  const auto reopened = [&](const std::string& heads, const std::string& identity) {
    auto first = store(io::local_files(), folder);
    EXPECT_TRUE(first.open("table").ok());
    EXPECT_TRUE(seal(first, 1).ok());
    auto later = store(io::local_files(), folder, heads);
    EXPECT_TRUE(later.open(identity).ok());
    EXPECT_TRUE(later.parts().empty());
    const auto said = later.take_said();
    return said.size() == 1 ? said[0] : "";
  };
  EXPECT_NE(reopened("g", "table").find("something was published since"), std::string::npos);
  EXPECT_NE(reopened("h", "other").find("another table"), std::string::npos);
}

TEST(PartFiles, with_a_byte_changed_are_read_from_the_source_again) {
  const test::TemporaryFolder folder;
  auto parts = store(io::local_files(), folder);
  ASSERT_TRUE(parts.open("table").ok());
  ASSERT_TRUE(seal(parts, 1).ok());
  auto bytes = folder.read("slices/p/s/000001.rows");
  bytes[100] ^= 1;
  folder.write("slices/p/s/000001.rows", bytes);
  ASSERT_TRUE(parts.open("table").ok());
  ASSERT_EQ(parts.parts().size(), 1u);
  auto reader = parts.read(parts.parts()[0]);
  ASSERT_TRUE(reader.ok());
  EXPECT_EQ(*reader, nullptr);
  EXPECT_TRUE(parts.parts().empty());
  EXPECT_EQ(parts.take_said().size(), 1u);
}

TEST(PartFiles, that_are_cut_anywhere_are_none) {
  const test::TemporaryFolder folder;
  auto parts = store(io::local_files(), folder);
  ASSERT_TRUE(parts.open("table").ok());
  ASSERT_TRUE(seal(parts, 1, 3).ok());
  const auto whole = folder.read("slices/p/s/000001.rows");
  for (std::size_t size = 0; size < whole.size(); ++size) {
    for (const auto& bytes : {whole.substr(0, size), whole.substr(size + 1)}) {
      folder.write("slices/p/s/000001.rows", bytes);
      ASSERT_TRUE(parts.open("table").ok());
      ASSERT_TRUE(parts.parts().empty()) << size;
    }
  }
}

TEST(PartFiles, are_whole_or_not_there_whichever_call_to_the_disk_fails) {
  std::size_t failures = 0;
  for (std::size_t nth = 1;; ++nth) {
    const test::TemporaryFolder folder;
    test::FaultyFiles disk(io::local_files());
    disk.fail(test::Call::any, nth, ENOSPC);
    auto parts = store(disk, folder);
    auto done = parts.open("table");
    if (done.ok()) done = seal(parts, 1);
    if (done.ok()) done = seal(parts, 2);
    const bool failed = disk.failed();
    disk.heal();
    if (!failed) break;
    ++failures;
    auto later = store(disk, folder);
    ASSERT_TRUE(later.open("table").ok()) << nth;
    for (const auto& part : later.parts()) EXPECT_TRUE(comes_back(later, part)) << nth;
    EXPECT_TRUE(!done.ok() || later.parts().size() == 2) << nth;
  }
  EXPECT_GT(failures, 10u);
}

}  // namespace
}  // namespace leat::run
