#include <gtest/gtest.h>

#include <random>

#include "clients/zip/archive.hpp"
#include "clients/zip/archive_writer.hpp"
#include "support/faulty_files.hpp"
#include "support/temporary_folder.hpp"

namespace leat::zip {
namespace {

using test::TemporaryFolder;

/// Bytes that pack well, and some that do not.
std::string any_bytes(std::size_t size, std::mt19937_64& random) {
  std::string bytes(size, 'a');
  for (auto& c : bytes) {
    if (random() % 3 == 0) c = static_cast<char>(random());
  }
  return bytes;
}

Status write_two(io::FileSystem& files, const std::filesystem::path& path, std::string_view first,
                 std::string_view second, std::size_t piece) {
  TRY(const auto archive, ArchiveWriter::create(files, path));
  TRY(archive->add("a.xml", first));
  TRY(archive->begin("f/\xC3\xA9.bin"));
  while (!second.empty()) {
    TRY(archive->write(second.substr(0, piece)));
    second.remove_prefix(std::min(piece, second.size()));
  }
  TRY(archive->end());
  return archive->close();
}

Result<std::string> read_entry(const std::filesystem::path& path, const std::string& name) {
  TRY(auto file, io::local_files().open(path, io::Open::read));
  TRY(const auto archive, Archive::open(std::move(file)));
  TRY(const auto entry, archive->entry(name, {}));
  std::string text(4 << 20, '\0');
  TRY(const auto got, entry->read(text.data(), text.size()));
  text.resize(got);
  return text;
}

TEST(Archive, ReadsWhatWasWritten) {
  std::mt19937_64 random(3);
  TemporaryFolder folder;
  for (const std::size_t size : {0, 1, 65'535, 65'536, 3'000'000}) {
    const auto first = any_bytes(size / 2, random);
    const auto second = any_bytes(size, random);
    const auto path = folder.path() / std::to_string(size);
    ASSERT_TRUE(write_two(io::local_files(), path, first, second, 1 + random() % 100'000).ok());
    EXPECT_EQ(*read_entry(path, "a.xml"), first);
    EXPECT_EQ(*read_entry(path, "f/\xC3\xA9.bin"), second);
  }
}

TEST(Archive, DoesNotDependOnThePiecesItIsWrittenIn) {
  std::mt19937_64 random(4);
  TemporaryFolder folder;
  const auto bytes = any_bytes(200'000, random);
  ASSERT_TRUE(write_two(io::local_files(), folder.path() / "one", "x", bytes, 1'000'000).ok());
  ASSERT_TRUE(write_two(io::local_files(), folder.path() / "many", "x", bytes, 77).ok());
  EXPECT_EQ(*io::sha256_of_file(io::local_files(), folder.path() / "one"),
            *io::sha256_of_file(io::local_files(), folder.path() / "many"));
}

TEST(Archive, TellsOfEachFailingCallOfTheDisk) {
  std::mt19937_64 random(5);
  TemporaryFolder folder;
  const auto bytes = any_bytes(300'000, random);
  test::FaultyFiles files(io::local_files());
  for (std::size_t nth = 1;; ++nth) {
    files.fail(test::Call::any, nth, ENOSPC);
    const auto written = write_two(files, folder.path() / std::to_string(nth), "x", bytes, 10'000);
    if (!files.failed()) {
      EXPECT_GT(nth, 5u);
      EXPECT_TRUE(written.ok());
      return;
    }
    ASSERT_FALSE(written.ok()) << nth;
    EXPECT_EQ(written.error().fault(), Fault::external);
  }
}

}  // namespace
}  // namespace leat::zip
