#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <zlib.h>

#include <csignal>
#include <cstring>
#include <thread>

#include "clients/hdf5/array_writer.hpp"
#include "clients/hdf5/table_writer.hpp"
#include "clients/hdf5/trial.hpp"
#include "support/temporary_folder.hpp"

namespace leat::hdf5 {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

/// Deflated zeros. Bytes that stand for many MiB are the same ones again and again.
std::vector<unsigned char> packed_zeros(std::uint64_t mebibytes) {
  const std::vector<unsigned char> zeros(1 << 20);
  z_stream stream{};
  EXPECT_EQ(deflateInit(&stream, 9), Z_OK);
  std::vector<unsigned char> out;
  std::vector<unsigned char> piece;
  const auto pack = [&](std::size_t bytes, int flush) {
    piece.resize(1 << 16);
    stream.next_in = const_cast<unsigned char*>(zeros.data());
    stream.avail_in = static_cast<uInt>(bytes);
    stream.next_out = piece.data();
    stream.avail_out = static_cast<uInt>(piece.size());
    EXPECT_GE(deflate(&stream, flush), 0);
    piece.resize(piece.size() - stream.avail_out);
    out.insert(out.end(), piece.begin(), piece.end());
  };
  pack(1 << 20, Z_FULL_FLUSH);
  pack(1 << 20, Z_FULL_FLUSH);
  const auto one = piece;
  for (std::uint64_t i = 2; i < mebibytes; ++i) out.insert(out.end(), one.begin(), one.end());
  pack(0, Z_FINISH);
  deflateEnd(&stream);
  const auto sum = static_cast<std::uint32_t>((mebibytes << 20) % 65521 << 16 | 1);
  for (int i = 0; i < 4; ++i) {
    out[out.size() - 1 - static_cast<std::size_t>(i)] = static_cast<unsigned char>(sum >> 8 * i);
  }
  return out;
}

/// An array of few rows, each column of which lies in one piece of so many MiB, packed.
void write_heavy_pieces(const fs::path& path, std::uint64_t mebibytes, hsize_t across) {
  const auto held = use_library();
  const auto file = create_file(path).value();
  const hsize_t sizes[] = {10, across};
  const hsize_t most[] = {H5S_UNLIMITED, across};
  const hsize_t piece[] = {(mebibytes << 20) / 8, 1};
  const Handle space(H5Screate_simple(2, sizes, most), H5Sclose);
  const Handle how(H5Pcreate(H5P_DATASET_CREATE), H5Pclose);
  H5Pset_chunk(how.get(), 2, piece);
  H5Pset_deflate(how.get(), 9);
  const Handle dataset(H5Dcreate2(file.get(), "t", H5T_NATIVE_DOUBLE, space.get(), H5P_DEFAULT,
                                  how.get(), H5P_DEFAULT),
                       H5Dclose);
  ASSERT_TRUE(dataset.ok());
  const auto bytes = packed_zeros(mebibytes);
  for (hsize_t i = 0; i < across; ++i) {
    const hsize_t at[] = {0, i};
    ASSERT_GE(H5Dwrite_chunk(dataset.get(), H5P_DEFAULT, 0, at, bytes.size(), bytes.data()), 0);
  }
}

data::Schema two_columns() {
  return {{{"id", {data::TypeId::int64, 0, 0, {}}, true},
           {"word", {data::TypeId::varchar, 0, 0, {}}, true}}};
}

/// So many rows through the writer that a stage uses.
Status write_rows(const fs::path& path, std::uint32_t rows) {
  ChunksToFile writer(path, two_columns(), {"t", 1});
  std::vector<std::int64_t> ids(rows);
  std::vector<duckdb_string_t> words(rows);
  for (std::uint32_t row = 0; row < rows; ++row) {
    ids[row] = std::int64_t{row} * 7919 % 1000003;
    words[row].value.inlined.length = 4;
    std::memcpy(words[row].value.inlined.inlined, "word", 4);
  }
  const data::ColumnView columns[] = {
      {ids.data(), nullptr, data::TypeId::int64, data::TypeId::int64, 0},
      {words.data(), nullptr, data::TypeId::varchar, data::TypeId::varchar, 0}};
  TRY(auto hand, writer.open_hand());
  TRY(hand->write(columns, rows));
  TRY(hand->finish());
  TRY(const auto written, writer.finish());
  EXPECT_EQ(written, rows);
  return {};
}

class Trials : public testing::Test {
 protected:
  Trials() {
    trial.path = x_folder / "a.h5";
    trial.dataset = "t";
    // Memory that cannot be had is told as without the sanitizer.
    ::setenv("ASAN_OPTIONS", "allocator_may_return_null=1:detect_leaks=0", 1);
  }
  std::string tried() {
    const auto status = try_out(trial);
    return status.ok() ? "good" : status.error().text() + "; " + status.error().hint_text();
  }
  test::TemporaryFolder x_folder;
  Trial trial;
};

TEST_F(Trials, of_whole_files_are_good_and_others_tell_what_is_wrong_as_it_was_found) {
  ASSERT_TRUE(write_rows(trial.path, 1000).ok());
  EXPECT_EQ(tried(), "good");
  trial.dataset = "tt";
  EXPECT_EQ(tried(), "it has no `tt`; did you mean `t`?");
  EXPECT_EQ(try_out(trial).error().fault(), Fault::config);
  trial.dataset = "t/id";
  trial.names = {"a b", "--c"};
  EXPECT_THAT(tried(), HasSubstr("`names` has 2 names, and the array 1 columns"));
  trial.path = x_folder / "none.h5";
  EXPECT_THAT(tried(), HasSubstr("cut off or broken"));
  EXPECT_EQ(try_out(trial).error().fault(), Fault::external);
}

TEST_F(Trials, tell_a_file_that_takes_too_much_memory_from_a_broken_one) {
  write_heavy_pieces(trial.path, 512, 1);
  EXPECT_EQ(tried(), "good");
  trial.memory_bytes = 200 << 20;
  EXPECT_THAT(tried(), HasSubstr("more memory than"));
}

TEST_F(Trials, tell_a_file_that_takes_too_long_from_a_broken_one) {
  write_heavy_pieces(trial.path, 100, 200);
  trial.seconds = 1;
  EXPECT_THAT(tried(), HasSubstr("takes too long"));
}

TEST_F(Trials, bound_all_pieces_together) {
  trial.seconds = 10;
  EXPECT_EQ(seconds_for(trial, 0, 0, 0), 10u);
  EXPECT_EQ(seconds_for(trial, 5'000'000, 50'000'000, 40), 15u);
  EXPECT_EQ(seconds_for(trial, 0, 0, 55), 5u);
  EXPECT_EQ(seconds_for(trial, 0, 0, 600), 0u);
}

TEST_F(Trials, end_when_the_run_is_interrupted) {
  ASSERT_EQ(::mkfifo(trial.path.c_str(), 0600), 0);
  CancelToken cancel;
  trial.cancel = &cancel;
  std::thread person([&cancel] {
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    cancel.request();
  });
  const auto tried = try_out(trial);
  person.join();
  ASSERT_FALSE(tried.ok());
  EXPECT_TRUE(tried.error().is_cancelled());
}

TEST_F(Trials, that_nobody_answers_for_are_not_good) {
  ASSERT_TRUE(write_rows(trial.path, 10).ok());
  ::setenv("LEAT_IS_TRIAL", "1", 1);
  const auto tried = try_out(trial);
  ::unsetenv("LEAT_IS_TRIAL");
  ASSERT_FALSE(tried.ok());
  EXPECT_EQ(tried.error().fault(), Fault::internal);
}

TEST_F(Trials, of_a_file_cut_off_anywhere_are_not_good) {
  ASSERT_TRUE(write_rows(trial.path, 1000).ok());
  const auto whole = fs::file_size(trial.path);
  for (std::uint64_t size = 0; size < whole; size += 1 + whole / 40) {
    fs::copy_file(trial.path, x_folder / "cut.h5", fs::copy_options::overwrite_existing);
    fs::resize_file(x_folder / "cut.h5", size);
    Trial cut = trial;
    cut.path = x_folder / "cut.h5";
    EXPECT_FALSE(try_out(cut).ok()) << size << " of " << whole;
  }
}

TEST(Hdf5Tables, take_rows_by_their_bytes_and_refuse_rows_that_are_too_wide) {
  test::TemporaryFolder folder;
  const auto write = [&folder](std::size_t width) {
    const auto held = use_library();
    fs::remove(folder / "a.h5");
    const auto file = create_file(folder / "a.h5").value();
    const Handle type(H5Tcopy(H5T_C_S1), H5Tclose);
    H5Tset_size(type.get(), width);
    const hsize_t rows = 5;
    const Handle space(H5Screate_simple(1, &rows, nullptr), H5Sclose);
    const Handle dataset(
        H5Dcreate2(file.get(), "t", type.get(), space.get(), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT),
        H5Dclose);
  };
  write(10);
  EXPECT_EQ(Table::open(folder / "a.h5", "t", {}).value()->rows_at_once(), 65'536U);
  write(1 << 20);
  EXPECT_EQ(Table::open(folder / "a.h5", "t", {}).value()->rows_at_once(), 63U);
  write(200 << 20);
  EXPECT_EQ(Table::open(folder / "a.h5", "t", {}).value()->rows_at_once(), 1U);
  write(300 << 20);
  const auto refused = Table::open(folder / "a.h5", "t", {});
  ASSERT_FALSE(refused.ok());
  EXPECT_THAT(refused.error().text(), HasSubstr("a row takes 314.6 MB in memory"));
}

TEST(Hdf5Writers, join_files_in_several_threads_at_once) {
  test::TemporaryFolder folder;
  ASSERT_TRUE(write_rows(folder / "a.h5", 5000).ok());
  const auto join = [&folder](const std::string& name) {
    for (int i = 0; i < 30; ++i) {
      fs::remove(folder / name);
      const auto writer = TableWriter::create(folder / name, two_columns(), {"t", 1}).value();
      ASSERT_TRUE(writer->add_table(folder / "a.h5").ok());
      ASSERT_TRUE(writer->add_table(folder / "a.h5").ok());
      ASSERT_TRUE(writer->close().ok());
      ASSERT_EQ(Table::open(folder / name, "t", {}).value()->rows(), 10'000U);
    }
  };
  std::thread one(join, "b.h5");
  std::thread two(join, "c.h5");
  one.join();
  two.join();
}

/// Rows of an array of two dimensions, in an order of their own.
Status write_cells(const fs::path& path, std::int64_t across, std::int64_t down,
                   std::uint64_t memory_max) {
  data::Schema schema;
  const data::Type whole{data::TypeId::int64, 0, 0, {}};
  for (const char* name : {"y", "v", "x"}) schema.columns.push_back({name, whole, true});
  ArrayForm form;
  form.dataset = "g/cells";
  form.axes = {"y", "x"};
  form.level = 1;
  form.memory_max = memory_max;
  TRY(const auto writer, ArrayWriter::create(path, schema, form));
  std::vector<std::int64_t> y;
  std::vector<std::int64_t> v;
  std::vector<std::int64_t> x;
  for (std::int64_t i = 0; i < across * down; ++i) {
    const auto cell = i * 7919 % (across * down);
    y.push_back(cell / across);
    x.push_back(cell % across);
    v.push_back(cell * 3);
  }
  const std::vector<data::ColumnView> columns{
      {y.data(), nullptr, data::TypeId::int64, data::TypeId::int64, 0},
      {v.data(), nullptr, data::TypeId::int64, data::TypeId::int64, 0},
      {x.data(), nullptr, data::TypeId::int64, data::TypeId::int64, 0}};
  TRY(writer->add(columns, static_cast<std::uint32_t>(across * down)));
  return writer->close();
}

TEST(Hdf5Arrays, are_sorted_in_any_memory_and_read_in_any_stretch) {
  test::TemporaryFolder folder;
  for (const std::uint64_t memory :
       {std::uint64_t{1}, std::uint64_t{3000}, std::uint64_t{1} << 20}) {
    fs::remove(folder / "a.h5");
    ASSERT_TRUE(write_cells(folder / "a.h5", 37, 101, memory).ok());
    const auto table = Table::open(folder / "a.h5", "g/cells", {}, {"y", "x"}).value();
    ASSERT_EQ(table->rows(), 37U * 101);
    ASSERT_EQ(table->columns().size(), 3U);
    EXPECT_EQ(table->columns()[2].name, "cells");
    Table::Rows rows;
    for (std::uint64_t first = 0; first < table->rows(); first += 190) {
      const auto count = std::min<std::uint64_t>(190, table->rows() - first);
      ASSERT_TRUE(table->read(first, count, {true, true, true}, rows).ok());
      for (std::uint64_t i = 0; i < count; ++i) {
        std::int64_t place[2];
        std::int64_t value = 0;
        std::memcpy(place, rows.parts[0].data() + i * sizeof place, sizeof place);
        std::memcpy(&value, rows.parts[1].data() + i * sizeof value, sizeof value);
        ASSERT_EQ(place[0] * 37 + place[1], static_cast<std::int64_t>(first + i));
        ASSERT_EQ(value, static_cast<std::int64_t>(first + i) * 3);
      }
    }
    ArrayForm form;
    form.dataset = "g/cells";
    EXPECT_EQ(ArrayWriter::rows_in(folder / "a.h5", form).value(), 37U * 101);
  }
}

TEST(Hdf5Arrays, say_that_the_disk_is_full_wherever_it_happens) {
  test::TemporaryFolder folder;
  ASSERT_TRUE(write_cells(folder / "whole.h5", 200, 101, 1 << 16).ok());
  const auto whole = std::max<std::uint64_t>(fs::file_size(folder / "whole.h5"), 200 * 101 * 16);
  std::signal(SIGXFSZ, SIG_IGN);
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  for (std::uint64_t size = 0; size < whole; size += 1 + whole / 40) {
    fs::remove(folder / "a.h5");
    const rlimit limit{size, before.rlim_max};
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &limit), 0);
    const auto written = write_cells(folder / "a.h5", 200, 101, 1 << 16);
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
    ASSERT_FALSE(written.ok()) << size << " of " << whole;
    EXPECT_EQ(written.error().fault(), Fault::external);
  }
}

/// The library writes past our interface of the disk: the kernel itself is told to have no room.
TEST(Hdf5Writers, say_that_the_disk_is_full_wherever_it_happens) {
  test::TemporaryFolder folder;
  constexpr std::uint32_t kRows = 70'000;
  ASSERT_TRUE(write_rows(folder / "whole.h5", kRows).ok());
  const auto whole = fs::file_size(folder / "whole.h5");
  std::signal(SIGXFSZ, SIG_IGN);
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  for (std::uint64_t size = 0;; size += 1 + whole / 60) {
    fs::remove(folder / "a.h5");
    const rlimit limit{std::min(size, whole), before.rlim_max};
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &limit), 0);
    const auto written = write_rows(folder / "a.h5", kRows);
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
    if (size >= whole) {
      EXPECT_TRUE(written.ok());
      break;
    }
    ASSERT_FALSE(written.ok()) << size << " of " << whole;
    EXPECT_EQ(written.error().fault(), Fault::external);
  }
  EXPECT_EQ(Table::open(folder / "a.h5", "t", {}).value()->rows(), kRows);
}

}  // namespace
}  // namespace leat::hdf5

/// A trial starts this program anew.
int main(int argc, char** argv) {
  if (const auto trial = leat::hdf5::carry_out_trial({argv, static_cast<std::size_t>(argc)})) {
    return *trial;
  }
  testing::InitGoogleMock(&argc, argv);
  return RUN_ALL_TESTS();
}
