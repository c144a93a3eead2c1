#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include "connectors/files/file_source.hpp"
#include "support/faulty_files.hpp"
#include "support/reading.hpp"

namespace leat::connectors::files {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class JsonFiles : public test::Reading {
 protected:
  JsonFiles() : Reading(json_source()) {}
};

constexpr const char* kTwo = "{path: a.json, columns: {id: bigint, name: varchar}}";

TEST_F(JsonFiles, of_a_record_a_line_are_read_with_blanks_and_any_line_end) {
  x_folder.write("a.json",
                 "\xEF\xBB\xBF{\"id\": 1, \"name\": \"x\"}\r\n\n"
                 "  {\"name\":null,\"id\":2}\n\t\n{ \"other\" : [ {} ] , \"id\":3 }");
  EXPECT_EQ(read(kTwo), "1|x;2|NULL;3|NULL;");
  EXPECT_THAT(aside(), IsEmpty());
}

TEST_F(JsonFiles, of_one_array_are_read_whatever_stands_between_the_brackets) {
  x_folder.write("a.json",
                 " \n[ {\"id\":1,\"name\":\"a]},{\"} ,\n{\"id\":2,\"name\":\"\\\"\"}\n,"
                 "{\"id\":3,\"name\":\"[\"}]\n \n");
  EXPECT_EQ(read(kTwo), "1|a]},{;2|\";3|[;");
  EXPECT_THAT(aside(), IsEmpty());
  x_folder.write("a.json", "[]");
  EXPECT_EQ(read(kTwo), "");
}

TEST_F(JsonFiles, give_every_value_the_type_of_its_column) {
  x_folder.write("a.json",
                 R"({"b":true,"i":-128,"h":170141183460469231731687303715884105727,"f":1e-3,)"
                 R"("m":12.34})");
  EXPECT_EQ(read("{path: a.json, columns: {b: boolean, i: tinyint, h: varchar, f: double, "
                 "m: 'decimal(4,2)'}}"),
            "true|-128|170141183460469231731687303715884105727|0.001|12.34;");
  x_folder.write("a.json",
                 R"({"d":"2026-01-31","t":"2026-01-31T06:00:00.5","v":"a\u00e9\ud83d\ude00\n",)"
                 R"("u":"00000000-0000-0000-0000-000000000001","j":{"x":[1, "\u0041"]},)"
                 R"("w":[1, 2],"n":1.50,"s":"\"","k":"text"})");
  EXPECT_EQ(read("{path: a.json, columns: {d: date, t: timestamp, v: varchar, u: uuid, j: json, "
                 "w: varchar, n: varchar, s: varchar, k: json}}"),
            "2026-01-31|2026-01-31 06:00:00.5|aé😀\n|00000000-0000-0000-0000-000000000001|"
            "{\"x\":[1, \"\\u0041\"]}|[1, 2]|1.50|\"|\"text\";");
}

TEST_F(JsonFiles, lose_no_broken_line_and_stop_at_none) {
  const std::vector<std::string> lines = {R"({"id":1,"name":"good"})",
                                          R"({"id":2,"name":"trailing",})",
                                          R"({"id":NaN})",
                                          R"({"id":3 "name":"x"})",
                                          R"([1,2])",
                                          R"({"id":4})"
                                          " junk",
                                          R"({"id":"n/a"})",
                                          R"({"id":"5"})",
                                          R"({"id":1.5})",
                                          R"({"id":""})",
                                          R"({"id":6,"id":7})",
                                          R"({"id":01})",
                                          R"({'id':1})",
                                          R"({"name":"\ud800"})",
                                          R"({"name":"\x41"})",
                                          "{\"name\":\"a\tb\"}",
                                          "{\"name\":\"\xFF\"}",
                                          R"({"x":[1,]})",
                                          R"({"x":{"a" 1}})",
                                          R"({"id":8,"name":)"};
  std::string text;
  for (const auto& line : lines) text += line + "\n";
  x_folder.write("a.json", text);
  EXPECT_EQ(read(kTwo), "1|good;5|NULL;");
  const auto bad = aside();
  ASSERT_THAT(bad, SizeIs(lines.size() - 2));
  EXPECT_EQ(bad[0],
            "2:23 a key in double quotes is missing at byte 27 of the record <" + lines[1] + ">");
  EXPECT_THAT(bad[1], HasSubstr("no JSON value at byte 7 of the record <" + lines[2]));
  EXPECT_THAT(bad[2], HasSubstr("a comma or `}` is missing"));
  EXPECT_THAT(bad[3], HasSubstr("not a JSON object"));
  EXPECT_THAT(bad[4], HasSubstr("text follows the end of the object"));
  EXPECT_THAT(bad[5], HasSubstr("`n/a` is not a BIGINT"));
  EXPECT_THAT(bad[6], HasSubstr("`1.5` is not a BIGINT"));
  EXPECT_THAT(bad[7], HasSubstr("an empty text is not a value of type BIGINT"));
  EXPECT_THAT(bad[8], HasSubstr("the key `id` comes twice"));
  EXPECT_THAT(bad[9], HasSubstr("begins with 0"));
  EXPECT_THAT(bad[11], HasSubstr("half a character"));
  EXPECT_THAT(bad[12], HasSubstr("unknown escape"));
  EXPECT_THAT(bad[13], HasSubstr("control character"));
  EXPECT_THAT(bad[14], HasSubstr("not valid UTF-8"));
}

TEST_F(JsonFiles, of_a_broken_array_lose_no_byte) {
  x_folder.write("a.json", "[{\"id\":1} {\"id\":2},,3,\n{\"id\":}, {\"id\":4},]\n{\"id\":5}\n");
  EXPECT_EQ(read(kTwo), "1|NULL;4|NULL;");
  EXPECT_THAT(aside(), ElementsAre("1:10 a comma is missing before this value <{\"id\":2}>",
                                   "1:19 a value is missing before this comma <,>",
                                   HasSubstr("not a JSON object: `{` is missing at byte 1 of the "
                                             "record <3>"),
                                   HasSubstr("2:23 no JSON value"),
                                   "2:41 a comma stands before the array's end <]>",
                                   "3:43 text follows the end of the array <{\"id\":5}>"));
}

TEST_F(JsonFiles, that_end_before_their_array_does_stop_the_run) {
  for (const auto* text : {"[", "[{\"id\":1}", "[{\"id\":1},", "[{\"id\":1},{\"id\":"}) {
    x_folder.write("a.json", text);
    EXPECT_THAT(read(kTwo), HasSubstr("the file ends before its array does")) << text;
  }
  x_folder.write("a.json", "{\"id\":1}");
  EXPECT_EQ(read("{path: a.json, format: array, columns: {id: bigint}}"), "");
  EXPECT_THAT(aside(), ElementsAre("1:0 the array does not begin <{\"id\":1}>"));
}

TEST_F(JsonFiles, are_cut_alike_whatever_the_size_of_a_block) {
  std::string lines;
  std::string array = "[";
  for (int i = 0; i < 300; ++i) {
    const std::string record = "{\"id\":" + std::to_string(i) + ",\"name\":\"" +
                               std::string(static_cast<std::size_t>(i) % 50, '[') + "\\\"\"}";
    lines += record + (i % 7 == 0 ? "\n\n" : "\n");
    if (i % 90 == 0) lines += "broken " + std::to_string(i) + "\n";
    array += (i > 0 ? ",\n" : "") + record;
  }
  x_folder.write("lines.json", lines);
  x_folder.write("array.json", array + "]");
  for (const auto* file : {"lines.json", "array.json"}) {
    const std::string options =
        std::string("{path: ") + file + ", columns: {id: bigint, name: varchar}}";
    const std::string whole = read(options);
    const auto bad = aside();
    EXPECT_EQ(bad.size(), std::string(file) == "lines.json" ? 4u : 0u);
    for (const std::size_t block_bytes : {1u, 2u, 7u, 64u, 1000u}) {
      ReadContext context;
      context.block_bytes = block_bytes;
      context.threads = 2;
      EXPECT_EQ(read(options, context), whole) << file << block_bytes;
      EXPECT_EQ(aside(), bad) << file << block_bytes;
    }
  }
}

TEST_F(JsonFiles, with_a_record_that_is_too_long_go_on_behind_it) {
  const std::string longer(5000, 'x');
  const std::string record = "{\"id\":2,\"name\":\"" + longer + "\"}";
  for (const bool is_array : {false, true}) {
    const std::string between = is_array ? ",\n" : "\n";
    x_folder.write("a.json", (is_array ? "[" : "") + ("{\"id\":1}" + between) + record + between +
                                 "{\"id\":3}" + (is_array ? "]" : "\n"));
    for (const std::size_t block_bytes : {16u, 300u, 1u << 20}) {
      ReadContext context;
      context.block_bytes = block_bytes;
      EXPECT_EQ(read("{path: a.json, max_record_bytes: 1000, columns: {id: bigint}}", context),
                "1;3;");
      ASSERT_THAT(aside(), SizeIs(1));
      EXPECT_THAT(aside()[0], HasSubstr("2:" + std::to_string(9 + between.size() - 1 + is_array) +
                                        " the record has 5,018 bytes; at most 1,000 are read"));
      EXPECT_EQ(x_run.bad_rows.rows[0].record, 2u);
      EXPECT_THAT(x_run.bad_rows.rows[0].raw, testing::EndsWith("… (5,018 bytes in all)"));
      EXPECT_LT(x_run.bad_rows.rows[0].raw.size(), 1100u);
    }
  }
}

TEST_F(JsonFiles, without_declared_columns_are_looked_at) {
  x_folder.write("a.json",
                 "{\"a\":1,\"b\":1.5,\"c\":true,\"d\":\"x\",\"e\":[1],\"f\":null,\"g\":1}\n"
                 "{\"a\":12345678901234567890,\"b\":2,\"c\":null,\"d\":3,\"e\":1,\"g\":true}\n");
  EXPECT_EQ(types("{path: a.json}"),
            "a HUGEINT;b DOUBLE;c BOOLEAN;d VARCHAR;e JSON;f VARCHAR;g VARCHAR;");
  x_folder.write("b.json", "[{\"id\":1},{\"id\":2,\"more\":\"x\"}]");
  EXPECT_EQ(types("{path: [b.json, a.json]}").substr(0, 30), "id BIGINT;more VARCHAR;a HUGEI");
  x_folder.write("c.json", "{\"id\":1,\"ID\":2}");
  EXPECT_THAT(types("{path: c.json}"), HasSubstr("differ only in letter case"));
  x_folder.write("d.json", "");
  EXPECT_THAT(types("{path: d.json}"), HasSubstr("no JSON object was found"));
}

TEST_F(JsonFiles, with_a_key_that_nobody_knew_set_the_record_aside) {
  std::string text;
  for (int i = 0; i < 60'000; ++i) {
    text += "{\"id\":" + std::to_string(i) + ",\"name\":\"abcdef\"}\n";
  }
  x_folder.write("a.json", text + "{\"id\":7,\"surprise\":1}\n");
  read("{path: a.json}");
  ASSERT_THAT(aside(), SizeIs(1));
  EXPECT_THAT(aside()[0], HasSubstr("the key `surprise` was not among the first records"));
}

TEST_F(JsonFiles, may_be_compressed) {
  const std::string path = (x_folder / "a.json.gz").string();
  const gzFile file = ::gzopen(path.c_str(), "wb");
  ::gzputs(file, "{\"id\":1}\n{\"id\":2}\n");
  ::gzclose(file);
  EXPECT_EQ(read("{path: \"*.gz\", columns: {id: bigint}}"), "1;2;");
}

TEST_F(JsonFiles, are_read_whole_or_not_at_all_when_the_disk_fails) {
  x_folder.write("a.json", "{\"id\":1,\"name\":\"x\"}\n{\"id\":2}\n");
  test::FaultyFiles disk(io::local_files());
  x_run.use(disk);
  for (std::size_t nth = 1;; ++nth) {
    disk.fail(test::Call::any, nth, EIO);
    const std::string rows = read(kTwo);
    if (!disk.failed()) {
      EXPECT_EQ(rows, "1|x;2|NULL;");
      EXPECT_GT(nth, 5u);
      break;
    }
    EXPECT_THAT(rows, HasSubstr("errno=EIO")) << nth;
  }
}

/// Another thread may see only records in which nobody can tell; the verdict stays.
TEST_F(JsonFiles, have_mistyped_paths_told_whichever_reader_saw_them) {
  x_folder.write("a.json", "{\"who\":{\"city\":\"Rome\"}}\n{\"who\":null}\n");
  const auto from = source("{path: a.json, columns: {city: varchar}, paths: {city: who.ctiy}}");
  ReadContext context;
  context.block_bytes = 1;
  for (const bool is_same_reader : {false, true}) {
    auto read = from->read(*from->next_slice({}, {}).value(), context).value();
    auto& chunks = *std::get<std::unique_ptr<ChunkSource>>(read);
    const auto one = chunks.make_reader({false}).value();
    const auto other = chunks.make_reader({false}).value();
    const std::vector<duckdb_vector> unseen{nullptr};
    RowBatch batch;
    batch.columns = unseen;
    EXPECT_EQ(one->next(batch).value(), 1u);
    EXPECT_EQ((is_same_reader ? one : other)->next(batch).value(), 1u);
    EXPECT_EQ(other->next(batch).value(), 0u);
    const auto verdict = chunks.verify_unchanged();
    ASSERT_FALSE(verdict.ok());
    EXPECT_THAT(verdict.error().text(), HasSubstr("no record of a.json has the key `ctiy`"));
  }
}

TEST_F(JsonFiles, refuse_wrong_options_with_their_place) {
  EXPECT_THAT(complaints("{path: a, columns: {x: 'STRUCT(a INTEGER)'}}"), HasSubstr("not read"));
  EXPECT_THAT(complaints("{path: a, columns: {x: bigit}}"), HasSubstr("bigint"));
  EXPECT_THAT(complaints("{path: a, columns: {x: int, X: int}}"), HasSubstr("declared twice"));
  EXPECT_THAT(complaints("{path: a, format: lines}"), HasSubstr("ndjson"));
  EXPECT_THAT(complaints("{path: a, max_record_bytes: 0}"), HasSubstr("1 to 1 GiB"));
  EXPECT_THAT(complaints("{path: a, records: 'x[0]'}"), HasSubstr("is no path of keys"));
  EXPECT_THAT(read("{path: no.json, columns: {x: int}}"), HasSubstr("no such file"));
}

}  // namespace
}  // namespace leat::connectors::files
