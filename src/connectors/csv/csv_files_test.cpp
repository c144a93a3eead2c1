#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <memory>

#include "support/csv_reading.hpp"
#include "support/faulty_files.hpp"
#include "support/temporary_folder.hpp"

/// Files on the disk: compressed, many, growing, changing.
namespace leat::connectors::csv {
namespace {

using test::SeenRow;
using testing::ElementsAre;
using testing::HasSubstr;

std::string gzip(std::string_view text) {
  z_stream z{};
  EXPECT_EQ(deflateInit2(&z, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY), Z_OK);
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

std::string numbers(int first, int last) {
  std::string out = "n,text\n";
  for (int i = first; i < last; ++i) {
    out += std::to_string(i) + ",\"the number\n" + std::to_string(i) + "\"\n";
  }
  return out;
}

class CsvFiles : public testing::Test {
 protected:
  leat::test::TemporaryFolder folder;
  Settings settings;

  void SetUp() override {
    settings.paths = {"*.csv*"};
    settings.declared = test::schema_of({{"n", "bigint"}, {"text", "varchar"}});
  }
  void write(const std::string& name, const std::string& bytes) { folder.write(name, bytes); }
  CsvSource source() { return CsvSource(io::local_files(), folder.path(), settings); }

  Result<std::vector<SeenRow>> read(CsvSource& from, const Slice& slice, std::size_t readers = 1) {
    TRY(auto opened, from.read(slice, {.threads = readers, .block_bytes = 1000}));
    auto& chunks = *std::get<std::unique_ptr<ChunkSource>>(opened);
    std::vector<SeenRow> rows;
    std::mutex mutex;
    std::optional<Error> error;
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < readers; ++i) {
      threads.emplace_back([&] {
        std::vector<SeenRow> own;
        auto status = test::read_all(chunks, *settings.declared, {}, own);
        const std::lock_guard lock(mutex);
        rows.insert(rows.end(), own.begin(), own.end());
        if (!status.ok()) error = std::move(status).error();
      });
    }
    for (auto& thread : threads) thread.join();
    if (error) return *error;
    TRY(chunks.verify_unchanged());
    EXPECT_EQ(chunks.bytes_claimed(), chunks.bytes_total());
    return rows;
  }
  Result<std::vector<SeenRow>> read_everything() {
    CsvSource from = source();
    TRY(const auto slice, from.next_slice({}, {}));
    return read(from, *slice);
  }
};

TEST_F(CsvFiles, AreReadByManyThreadsWithoutLossOrDouble) {
  int first = 0;
  for (int file = 0; file < 12; ++file) {
    const std::string text = numbers(first, first + 100 * file);
    first += 100 * file;
    const std::string name = "f" + std::to_string(file) + ".csv";
    file % 3 == 0 ? write(name + ".gz", gzip(text)) : write(name, text);
  }
  CsvSource from = source();
  const auto slice = from.next_slice({}, {}).value().value();
  for (const std::size_t readers : {1u, 2u, 8u}) {
    const auto rows = read(from, slice, readers).value();
    std::vector<bool> seen(static_cast<std::size_t>(first));
    for (const auto& row : rows) {
      ASSERT_TRUE(row.faults.empty()) << row;
      const auto n = std::stoul(*row.values[0]);
      EXPECT_FALSE(seen.at(n));
      seen[n] = true;
      EXPECT_EQ(*row.values[1], "the number\n" + *row.values[0]);
      EXPECT_EQ(row.line, row.record * 2);
    }
    EXPECT_EQ(rows.size(), seen.size());
  }
}

TEST_F(CsvFiles, OfSeveralGzipMembersAreOneText) {
  const std::string text = numbers(0, 50);
  write("a.csv.gz", gzip(text.substr(0, 13)) + gzip(text.substr(13)));
  write("b.csv", gzip(text));  // Known by its bytes, whatever its name.
  settings.format.footer = 2;
  const auto rows = read_everything().value();
  EXPECT_EQ(rows.size(), 98u);
  EXPECT_EQ(rows[3].offset, rows[52].offset);
}

TEST_F(CsvFiles, ThatAreCutOrBrokenStopTheRun) {
  const std::string whole = gzip(numbers(0, 5000));
  write("a.csv.gz", whole.substr(0, whole.size() / 2));
  auto broken = read_everything();
  ASSERT_FALSE(broken.ok());
  EXPECT_EQ(broken.error().fault(), Fault::external);
  EXPECT_THAT(broken.error().text(), HasSubstr("`a.csv.gz` ends in the middle"));
  EXPECT_THAT(broken.error().text(), HasSubstr("file_offset="));
  write("a.csv.gz", "n,text\n1,not compressed\n");
  EXPECT_THAT(read_everything().error().text(), HasSubstr("`a.csv.gz` is not valid gzip data"));
}

TEST_F(CsvFiles, ThatUnpackTooFarStopTheRun) {
  settings.format.form.limit = {.ratio_max = 20, .bytes_free = 1000};
  write("a.csv.gz", gzip("n,text\n1," + std::string(1'000'000, 'x') + "\n"));
  EXPECT_THAT(read_everything().error().text(), HasSubstr("20 times its size"));
}

TEST_F(CsvFiles, AreCutIntoSlicesOfWholeFilesAndResumed) {
  for (const char* name : {"a.csv", "b.csv", "c.csv"}) write(name, numbers(0, 10));
  CsvSource from = source();
  Position position;
  std::vector<std::string> read_files;
  while (const auto slice = from.next_slice(position, {.rows = {}, .bytes = 1}).value()) {
    const auto rows = read(from, *slice).value();
    for (const auto& row : rows) {
      if (row.record == 1) read_files.push_back(row.file);
    }
    position = slice->after;
    if (read_files.size() == 3) write("d.csv", numbers(0, 1));
  }
  EXPECT_THAT(read_files, ElementsAre("a.csv", "b.csv", "c.csv", "d.csv"));
  write("b.csv", numbers(0, 11));
  const auto changed = from.next_slice(position, {});
  ASSERT_FALSE(changed.ok());
  EXPECT_EQ(changed.error().fault(), Fault::external);
  EXPECT_THAT(changed.error().text(), HasSubstr("b.csv"));
}

TEST_F(CsvFiles, ThatChangeBetweenListingAndReadingStopTheRun) {
  write("a.csv", numbers(0, 10));
  CsvSource from = source();
  const auto slice = from.next_slice({}, {}).value().value();
  write("a.csv", numbers(0, 9));
  const auto rows = read(from, slice);
  ASSERT_FALSE(rows.ok());
  EXPECT_EQ(rows.error().fault(), Fault::external);
}

TEST_F(CsvFiles, ThatAreNotThereAreMistakesOfTheAuthor) {
  for (const char* path : {"none.csv", "none/*.csv", "."}) {
    settings.paths = {path};
    CsvSource from = source();
    const auto slice = from.next_slice({}, {});
    ASSERT_FALSE(slice.ok()) << path;
    EXPECT_EQ(slice.error().fault(), Fault::config) << slice.error().text();
  }
}

TEST_F(CsvFiles, OfAPlanAreNotLookedAtAgainByItsRunUnlessOneIsAnother) {
  settings.declared.reset();
  settings.paths = {"*.csv"};
  write("a.csv", "n,text\n1,x\n");
  write("b.csv", "n,text\n2,y\n");
  leat::test::FaultyFiles disk(io::local_files());
  const auto found = std::make_shared<FoundColumns>();
  const auto columns = [&] {
    return CsvSource(disk, folder.path(), settings, found).schema().value().names();
  };
  disk.fail(leat::test::Call::open, 0, 0);
  EXPECT_EQ(columns(), (std::vector<std::string>{"n", "text"}));
  EXPECT_EQ(disk.calls(), 2u);
  EXPECT_EQ(columns(), (std::vector<std::string>{"n", "text"}));
  EXPECT_EQ(disk.calls(), 2u);
  // Of the same size and time.
  const auto time = std::filesystem::last_write_time(folder / "b.csv");
  write("new", "n,mood\n2,y\n");
  std::filesystem::last_write_time(folder / "new", time);
  std::filesystem::rename(folder / "new", folder / "b.csv");
  EXPECT_EQ(columns(), (std::vector<std::string>{"n", "text", "mood"}));
  EXPECT_EQ(disk.calls(), 4u);
  write("c.csv", "late\n1\n");
  EXPECT_EQ(columns(), (std::vector<std::string>{"n", "text", "mood", "late"}));
}

TEST_F(CsvFiles, ThatAreSmallAreOpenedAndReadOnce) {
  write("a.csv", "n,text\n1,x\n");
  leat::test::FaultyFiles disk(io::local_files());
  CsvSource from(disk, folder.path(), settings);
  const auto slice = from.next_slice({}, {}).value().value();
  for (const auto call : {leat::test::Call::open, leat::test::Call::read}) {
    auto opened = from.read(slice, {.threads = 1});
    const auto& chunks = std::get<std::unique_ptr<ChunkSource>>(opened.value());
    disk.fail(call, 0, 0);
    std::vector<SeenRow> rows;
    ASSERT_TRUE(test::read_all(*chunks, *settings.declared, {}, rows).ok());
    EXPECT_EQ(rows.size(), 1u);
    EXPECT_EQ(disk.calls(), 1u);
  }
}

}  // namespace
}  // namespace leat::connectors::csv
