#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "clients/avro/codec.hpp"
#include "clients/avro/cursor.hpp"
#include "clients/avro/encode.hpp"
#include "clients/avro/file_writer.hpp"
#include "support/faulty_files.hpp"
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

TEST(AvroTypes, that_hold_themselves_are_refused_where_no_value_would_end) {
  for (const auto* text :
       {R"({"type":"record","name":"r","fields":[{"name":"a","type":"r"}]})",
        R"({"type":"record","name":"r","fields":[{"name":"a","type":{"type":"r"}}]})",
        R"({"type":"record","name":"x","fields":[{"name":"a","type":{"type":"record","name":"r",
            "fields":[{"name":"b","type":"long"},{"name":"c","type":"x"}]}}]})"}) {
    const auto types = parse_types(text);
    ASSERT_FALSE(types.ok()) << text;
    EXPECT_THAT(types.error().message(), HasSubstr("holds itself, so it never ends"));
  }
  EXPECT_THAT(parse_types(R"({"type":"record","name":"r","fields":[{"name":"a","type":"int"},
                              {"name":"a","type":"int"}]})")
                  .error()
                  .message(),
              HasSubstr("two fields are called `a`"));
}

/// The JSON of one value of a type in such bytes, or what is wrong.
std::string shown(const std::string& type, const std::string& bytes) {
  const auto types = parse_types(type);
  if (!types.ok()) return types.error().text();
  Cursor cursor(bytes);
  Cursor beside(bytes);
  std::string out;
  const auto complaint = read_json(*types, types->root, cursor, out);
  skip_value(*types, types->root, beside);
  EXPECT_EQ(cursor.is_broken(), beside.is_broken());
  EXPECT_TRUE(cursor.is_broken() || cursor.left() == beside.left());
  if (cursor.is_broken()) return "broken";
  return complaint.empty() ? out : complaint;
}

TEST(AvroNested, records_within_themselves_have_all_of_their_fields_however_they_are_named) {
  for (const auto* again : {R"("r")", R"({"type":"r"})"}) {
    const auto type = std::string(R"({"type":"record","name":"r","fields":[{"name":"next","type":
        ["null",)") + again +
                      R"(]},{"name":"n","type":"long"}]})";
    EXPECT_EQ(shown(type, {"\x02\x00\x04\x02", 4}), R"({"next":{"next":null,"n":2},"n":1})");
  }
}

TEST(AvroNested, maps_of_many_keys_take_no_longer_for_each_and_keep_the_last_value_of_one) {
  const std::string type = R"({"type":"map","values":"int"})";
  EXPECT_EQ(shown(type,
                  "\x06\x02"
                  "a\x02\x02"
                  "b\x04\x02"
                  "a\x06" +
                      std::string(1, '\0')),
            R"({"a":3,"b":2})");
  std::string bytes;
  constexpr int kKeys = 300'000;
  append_long(bytes, kKeys);
  for (int i = 0; i < kKeys; ++i) {
    append_text(bytes, "key " + std::to_string(i));
    append_long(bytes, i);
  }
  append_long(bytes, 0);
  EXPECT_THAT(shown(type, bytes), testing::EndsWith(R"("key 299999":299999})"));
}

TEST(AvroNested, what_takes_no_bytes_cannot_be_claimed_without_end) {
  std::string many;
  append_long(many, std::int64_t{1} << 40);
  append_long(many, 0);
  EXPECT_EQ(shown(R"({"type":"array","items":"null"})", many), "broken");
  // Each record holds the one before twice.
  std::string type = R"({"type":"record","name":"r0","fields":[{"name":"n","type":"null"}]})";
  for (int i = 1; i < 60; ++i) {
    type = R"({"type":"record","name":"r)" + std::to_string(i) +
           R"(","fields":[{"name":"a","type":)" + type + R"(},{"name":"b","type":"r)" +
           std::to_string(i - 1) + R"("}]})";
  }
  EXPECT_EQ(shown(type, ""), "broken");
}

TEST(AvroNested, that_would_be_too_long_as_json_say_so_and_are_passed_by) {
  const auto name = std::string(1 << 20, 'x');
  const auto type =
      R"({"type":"array","items":{"type":"enum","name":"e","symbols":[")" + name + R"("]}})";
  std::string bytes;
  append_long(bytes, 300);
  bytes += std::string(301, '\0');
  EXPECT_EQ(shown(type, bytes), "it takes more than 256 MiB as JSON");
  EXPECT_EQ(
      shown(R"({"type":"array","items":"string"})", "\x04\x02\xFF\x02y" + std::string(1, '\0')),
      "a text in it is not valid UTF-8");
}

/// What a file says that has such entries in its header.
std::string opened(const std::string& entries) {
  test::TemporaryFolder folder;
  const auto path = folder.write("a.avro", "Obj\x01" + entries + std::string(16, 's'));
  auto reader = FileReader::open(io::local_files().open(path, io::Open::read).value());
  return reader.ok() ? (*reader)->schema_text() : reader.error().text();
}

TEST(AvroFiles, may_have_a_long_header_and_none_that_lies) {
  std::string schema = R"({"type":"record","name":"r","doc":")" + std::string(3 << 20, 'd') +
                       R"(","fields":[{"name":"a","type":"int"}]})";
  std::string entries;
  append_long(entries, 1);
  append_text(entries, "avro.schema");
  append_text(entries, schema);
  append_long(entries, 0);
  EXPECT_EQ(opened(entries), schema);
  EXPECT_THAT(opened(entries.substr(0, 2 << 20)), HasSubstr("cut off in its header"));
  std::string lie;
  append_long(lie, INT64_MIN);
  append_long(lie, 0);
  EXPECT_THAT(opened(lie), HasSubstr("cut off in its header"));
}

Status write_three(io::FileSystem& files, const std::filesystem::path& path) {
  const data::Schema schema{{{"id", {data::TypeId::int64, 0, 0, {}}, true}}};
  const std::int64_t ids[] = {1, 2, 3};
  const data::ColumnView column{ids, nullptr, data::TypeId::int64, data::TypeId::int64, 0};
  ChunksToFile writer(files, path, schema, "deflate");
  TRY(auto hand, writer.open_hand());
  TRY(hand->write({&column, 1}, 3));
  TRY(hand->finish());
  TRY(const auto rows, writer.finish());
  EXPECT_EQ(rows, 3U);
  return {};
}

Status join_twice(io::FileSystem& files, const std::filesystem::path& from,
                  const std::filesystem::path& to) {
  std::unique_ptr<FileWriter> writer;
  for (int i = 0; i < 2; ++i) {
    TRY(auto file, files.open(from, io::Open::read));
    TRY(const auto reader, FileReader::open(std::move(file)));
    if (writer == nullptr) {
      TRY(writer, FileWriter::create(files, to, reader->schema_text(), "snappy"));
    }
    TRY(writer->add_file(*reader));
  }
  return {};
}

TEST(AvroFiles, are_written_and_joined_whole_or_an_error_when_the_disk_fails) {
  test::TemporaryFolder folder;
  std::size_t failures = 0;
  for (std::size_t nth = 1;; ++nth) {
    std::filesystem::remove(folder / "a");
    std::filesystem::remove(folder / "b");
    test::FaultyFiles disk(io::local_files());
    disk.fail(test::Call::any, nth, ENOSPC);
    auto done = write_three(disk, folder / "a");
    if (done.ok()) done = join_twice(disk, folder / "a", folder / "b");
    if (!disk.failed()) {
      EXPECT_TRUE(done.ok());
      break;
    }
    ++failures;
    ASSERT_FALSE(done.ok()) << nth;
    EXPECT_THAT(done.error().text(), HasSubstr("ENOSPC")) << nth;
  }
  EXPECT_GT(failures, 10U);
  EXPECT_EQ(count_rows(io::local_files(), folder / "b").value(), 6U);
}

TEST(AvroFiles, cut_off_anywhere_but_behind_a_block_are_refused) {
  test::TemporaryFolder folder;
  ASSERT_TRUE(write_three(io::local_files(), folder / "a").ok());
  const auto whole = io::read_text(io::local_files(), folder / "a").value();
  std::size_t good = 0;
  for (std::size_t size = 0; size < whole.size(); ++size) {
    folder.write("cut", whole.substr(0, size));
    const auto rows = count_rows(io::local_files(), folder / "cut");
    if (!rows.ok()) continue;
    EXPECT_EQ(*rows, 0U) << size;
    ++good;
  }
  EXPECT_EQ(good, 1U) << "behind the header";
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
