#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "clients/avro/codec.hpp"
#include "clients/avro/cursor.hpp"
#include "clients/avro/encode.hpp"
#include "clients/avro/file_writer.hpp"
#include "support/temporary_folder.hpp"

namespace leat::avro {
namespace {

using testing::HasSubstr;

TEST(AvroLong, is_read_as_it_was_written_at_every_width) {
  for (unsigned shift = 0; shift < 64; ++shift) {
    for (const int sign : {1, -1}) {
      for (const int beside : {-1, 0, 1}) {
        const auto value = static_cast<std::int64_t>((std::uint64_t{1} << shift) *
                                                         static_cast<std::uint64_t>(sign) +
                                                     static_cast<std::uint64_t>(beside));
        std::string bytes;
        append_long(bytes, value);
        Cursor cursor(bytes);
        EXPECT_EQ(cursor.read_long(), value);
        EXPECT_TRUE(cursor.is_at_end() && !cursor.is_broken());
        if (bytes.size() > 1) {
          Cursor cut(std::string_view(bytes).substr(0, bytes.size() - 1));
          cut.read_long();
          EXPECT_TRUE(cut.is_broken());
        }
      }
    }
  }
}

TEST(AvroCodecs, give_back_what_they_packed_and_refuse_what_was_changed) {
  std::string bytes;
  for (std::int64_t i = 0; i < 100'000; ++i) bytes += std::to_string(i * i % 1000);
  for (const std::string codec : {"null", "deflate", "snappy", "zstandard"}) {
    for (const auto& text : {bytes, std::string(), std::string("x")}) {
      const auto packed = pack(codec, text);
      ASSERT_TRUE(packed.ok());
      EXPECT_EQ(unpack(codec, *packed).value(), text) << codec;
      if (codec == "null") continue;
      EXPECT_FALSE(unpack(codec, *packed + "xxxxx").ok()) << codec;
      EXPECT_FALSE(unpack(codec, packed->substr(0, packed->size() - 1)).ok()) << codec;
    }
  }
  EXPECT_THAT(unpack("lzo", "x").error().message(), HasSubstr("`lzo` is not read"));
}

TEST(AvroTypes, know_names_of_their_namespace_and_meanings_that_fit) {
  const auto types = parse_types(
      R"({"type":"record","name":"a.b.Row","fields":[
        {"name":"p","type":{"type":"fixed","name":"F","size":3}},
        {"name":"q","type":["null","a.b.F"]}, {"name":"r","type":["F","null"]},
        {"name":"d","type":{"type":"string","logicalType":"date"}},
        {"name":"e","type":{"type":"bytes","logicalType":"decimal","precision":50}},
        {"name":"n","type":["null"]}, {"name":"x","type":["null","int","string"]}]})");
  ASSERT_TRUE(types.ok()) << types.error().text();
  std::string shown;
  const auto fields = fields_of(*types).value();
  for (const auto& field : fields) {
    shown += field.name + " " + data::sql_of(field.type) + " " + std::to_string(field.branches) +
             std::to_string(field.value_branch) + ";";
  }
  EXPECT_EQ(shown, "p BLOB 00;q BLOB 21;r BLOB 20;d VARCHAR 00;e BLOB 00;n VARCHAR 1-1;x JSON 00;");
}

TEST(AvroTypes, that_are_none_are_refused) {
  for (const auto* text :
       {"", "[]", "{}", "7", R"("lng")", R"({"type":"record","name":"r"})",
        R"({"type":"record","fields":[]})", R"({"type":"fixed","name":"f","size":-1})",
        R"({"type":"enum","name":"e"})", R"({"type":"array"})",
        R"({"type":"record","name":"r","fields":[{"name":"a"}]})"}) {
    EXPECT_FALSE(parse_types(text).ok()) << text;
  }
}

TEST(AvroFiles, of_the_same_rows_have_the_same_bytes_and_can_be_joined) {
  test::TemporaryFolder folder;
  const data::Schema schema{{{"id", {data::TypeId::int64, 0, 0, {}}, true}}};
  const std::int64_t ids[] = {1, 2, 3};
  const data::ColumnView column{ids, nullptr, data::TypeId::int64, data::TypeId::int64, 0};
  for (const auto* name : {"a", "b"}) {
    ChunksToFile writer(io::local_files(), folder / name, schema, "deflate");
    auto hand = writer.open_hand().value();
    ASSERT_TRUE(hand->write({&column, 1}, 3).ok() && hand->finish().ok());
    EXPECT_EQ(writer.finish().value(), 3U);
  }
  EXPECT_EQ(io::read_text(io::local_files(), folder / "a").value(),
            io::read_text(io::local_files(), folder / "b").value());
  const auto a =
      FileReader::open(io::local_files().open(folder / "a", io::Open::read).value()).value();
  const auto joined =
      FileWriter::create(io::local_files(), folder / "c", a->schema_text(), "snappy").value();
  ASSERT_TRUE(joined->add_file(*a).ok());
  EXPECT_EQ(count_rows(io::local_files(), folder / "c").value(), 3U);
}

}  // namespace
}  // namespace leat::avro
