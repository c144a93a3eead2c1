#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <fstream>

#include "clients/arrow_ipc/file_writer.hpp"
#include "support/temporary_folder.hpp"

namespace leat::arrow_ipc {
namespace {

using data::TypeId;
using testing::HasSubstr;

data::Schema two_columns() {
  return {{{"id", {TypeId::int64, 0, 0, {}}, true}, {"ok", {TypeId::boolean, 0, 0, {}}, true}}};
}

class ArrowFiles : public testing::Test {
 protected:
  /// Three rows, the second of which is null, in two record batches.
  std::string written(Form form = Form::file) {
    EXPECT_TRUE(io::local_files().remove(x_folder / "a.arrow").ok());
    ChunksToFile writer(io::local_files(), x_folder / "a.arrow", two_columns(), form);
    const std::array<std::int64_t, 3> ids{7, 0, -9};
    const std::array<bool, 3> oks{true, false, false};
    const std::uint64_t valid = 0b101;
    const std::array<data::ColumnView, 2> columns{
        data::ColumnView{ids.data(), &valid, TypeId::int64, TypeId::int64, 0},
        data::ColumnView{oks.data(), &valid, TypeId::boolean, TypeId::boolean, 0}};
    for (int hand = 0; hand < 2; ++hand) {
      auto open = writer.open_hand().value();
      EXPECT_TRUE(open->write(columns, 3).ok());
      EXPECT_TRUE(open->finish().ok());
    }
    EXPECT_EQ(writer.finish().value(), 6u);
    return x_folder.read("a.arrow");
  }
  Result<std::unique_ptr<MessageReader>> open(const std::string& bytes) {
    x_folder.write("b.arrow", bytes);
    return MessageReader::open(
        io::local_files().open(x_folder / "b.arrow", io::Open::read).value());
  }
  /// Reads all there is, and says how it ended.
  std::string read_all(const std::string& bytes) {
    auto reader = open(bytes);
    if (!reader.ok()) return reader.error().text();
    for (;;) {
      auto batch = (*reader)->next();
      if (!batch.ok()) return batch.error().text();
      if (!batch->has_value()) return "";
      const auto read = (*reader)->read(**batch);
      if (!read.ok()) return read.error().text();
    }
  }

  test::TemporaryFolder x_folder;
};

TEST_F(ArrowFiles, come_back_as_they_were_written) {
  auto reader = open(written()).value();
  ASSERT_EQ(reader->fields().size(), 2u);
  EXPECT_EQ(reader->fields()[0].name, "id");
  EXPECT_EQ(reader->fields()[0].type, two_columns().columns[0].type);
  EXPECT_EQ(reader->fields()[1].layout, Layout::bits);
  const auto batch = reader->next().value();
  const auto read = reader->read(*batch).value();
  EXPECT_EQ(read.rows, 3u);
  std::int64_t last = 0;
  std::memcpy(&last, read.columns[0].values.data() + 16, sizeof last);
  EXPECT_EQ(last, -9);
  EXPECT_EQ(read.columns[0].valid[0], 0b101);
  EXPECT_EQ(read.columns[1].values[0], 0b001);
}

TEST_F(ArrowFiles, are_counted_and_joined_by_their_record_batches) {
  const auto bytes = written();
  EXPECT_EQ(count_rows(io::local_files(), x_folder / "a.arrow").value(), 6u);
  auto writer = FileWriter::create(io::local_files(), x_folder / "c.arrow", two_columns()).value();
  for (int i = 0; i < 2; ++i) EXPECT_TRUE(writer->add_file(*open(bytes).value()).ok());
  EXPECT_TRUE(writer->close().ok());
  EXPECT_EQ(count_rows(io::local_files(), x_folder / "c.arrow").value(), 12u);
}

TEST_F(ArrowFiles, that_are_cut_off_anywhere_are_refused) {
  const auto bytes = written();
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_NE(read_all(bytes.substr(0, size)), "") << size;
  }
}

TEST_F(ArrowFiles, are_streams_without_head_and_footer) {
  const auto bytes = written(Form::stream);
  EXPECT_EQ(bytes.substr(0, 4), "\xFF\xFF\xFF\xFF");
  EXPECT_EQ(bytes.substr(bytes.size() - 8), std::string("\xFF\xFF\xFF\xFF\0\0\0\0", 8));
  EXPECT_EQ(count_rows(io::local_files(), x_folder / "a.arrow").value(), 6u);
}

TEST_F(ArrowFiles, tell_of_a_stream_whether_its_writer_came_to_the_end) {
  const auto end_of = [&](const std::string& bytes) {
    x_folder.write("b.arrow", bytes);
    const auto end = require_whole(io::local_files(), x_folder / "b.arrow");
    return end.ok() ? std::string() : end.error().text();
  };
  const auto bytes = written(Form::stream);
  EXPECT_EQ(end_of(bytes), "");
  EXPECT_EQ(end_of(written()), "");
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_NE(end_of(bytes.substr(0, size)), "") << size;
  }
  EXPECT_THAT(end_of(bytes.substr(0, bytes.size() - 8)), HasSubstr("no mark of its end"));
  EXPECT_EQ(read_all(bytes.substr(0, bytes.size() - 8)), "");
  EXPECT_THAT(end_of(bytes + bytes), HasSubstr("something follows the end"));
  EXPECT_THAT(read_all(bytes + bytes), HasSubstr("something follows the end"));
}

TEST_F(ArrowFiles, with_any_byte_changed_are_read_or_refused_within_their_bounds) {
  const auto bytes = written();
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    for (const char with : {'\0', '\x7F', '\xFF'}) {
      auto bad = bytes;
      bad[at] = with;
      read_all(bad);
    }
  }
  EXPECT_THAT(read_all("ARROW1, or so it says, but nothing of it is ARROW1"), HasSubstr("broken"));
}

/// The schema of two columns of numbers into dictionary 5: of 64-bit integers, and of `second`.
std::string two_users_of_one_dictionary(std::uint8_t second) {
  FlatBuilder builder;
  std::vector<FlatBuilder::Ref> fields;
  for (const auto& [name, kind] : {std::pair("a", std::uint8_t{2}), std::pair("b", second)}) {
    const auto text = builder.string(name);
    FlatBuilder::Table type(builder);
    if (kind == 2) type.scalar(0, std::int32_t{64}).scalar(1, true);
    const auto type_ref = type.end();
    FlatBuilder::Table encoding(builder);
    const auto encoding_ref = encoding.scalar(0, std::int64_t{5}).end();
    FlatBuilder::Table field(builder);
    field.reference(0, text).reference(3, type_ref).reference(4, encoding_ref);
    fields.push_back(field.scalar(2, kind).end());
  }
  const auto list = builder.references(fields);
  FlatBuilder::Table schema(builder);
  return builder.finish(schema.reference(1, list).scalar(0, std::int16_t{0}).end());
}

TEST(Dictionaries, that_two_columns_share_have_values_of_one_type) {
  const auto same = two_users_of_one_dictionary(2);
  FlatReader one(same);
  EXPECT_EQ(read_fields(one, one.root()).value().size(), 2u);
  const auto others = two_users_of_one_dictionary(5);
  FlatReader two(others);
  const auto read = read_fields(two, two.root());
  ASSERT_FALSE(read.ok());
  EXPECT_THAT(read.error().text(), HasSubstr("one dictionary for values of different types"));
}

TEST(Flatbuffers, hold_tables_texts_and_lists) {
  FlatBuilder builder;
  const auto text = builder.string("hello");
  FlatBuilder::Table inner(builder);
  const auto child = inner.reference(2, text).scalar(0, std::int64_t{-5}).end();
  const auto list = builder.references({child, child});
  FlatBuilder::Table outer(builder);
  const auto bytes = builder.finish(outer.reference(1, list).scalar(0, true).end());
  EXPECT_EQ(bytes.size() % 8, 0u);
  FlatReader reader(bytes);
  auto root = reader.root();
  EXPECT_TRUE(root.scalar<bool>(0, false));
  const auto found = root.list(1, 4);
  ASSERT_EQ(found.size, 2u);
  auto second = reader.table_in(found, 1);
  EXPECT_EQ(second.text(2), "hello");
  EXPECT_EQ(second.scalar<std::int64_t>(0, 0), -5);
  EXPECT_EQ(second.scalar<std::int32_t>(9, 3), 3);
  EXPECT_FALSE(reader.is_broken());
}

}  // namespace
}  // namespace leat::arrow_ipc
