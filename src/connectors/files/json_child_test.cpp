#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "connectors/files/file_source.hpp"
#include "connectors/files/json_scope.hpp"
#include "support/faulty_files.hpp"
#include "support/reading.hpp"

namespace leat::connectors::files {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class JsonChildren : public test::Reading {
 protected:
  JsonChildren() : Reading(json_source()) {}
};

constexpr const char* kLines =
    "{path: a.json, unnest: lines, columns: {id: varchar, n: bigint, pos: bigint, all: json}, "
    "parent: {id: id}, position: pos, element: all}";
constexpr const char* kRows =
    "{path: a.json, unnest: in.rows, columns: {id: bigint, n: bigint}, parent: {id: head.id}}";

TEST_F(JsonChildren, know_their_parent_their_position_and_themselves) {
  x_folder.write("a.json",
                 "[{\"id\": \"a\\n\", \"lines\": [{\"n\":1},\n \"x\", 5, null, [1], {\"n\": 2}]},\n"
                 "{\"lines\": [{}]}]");
  EXPECT_EQ(read(kLines),
            "a\n|1|1|{\"n\":1};a\n|2|6|{\"n\": 2};a\n|NULL|2|\"x\";a\n|NULL|3|5;"
            "a\n|NULL|4|NULL;a\n|NULL|5|[1];NULL|NULL|1|{};");
  EXPECT_THAT(aside(), IsEmpty());
}

TEST_F(JsonChildren, of_a_record_without_the_array_are_none) {
  x_folder.write("a.json",
                 R"({"head":{"id":1},"in":{"rows":[]}}
{"head":{"id":2},"in":{"rows":null}}
{"head":{"id":3},"in":null}
{"head":{"id":4},"in":{}}
{"head":{"id":5}}
{"head":null,"in":{"rows":[{"n":6}]}})");
  EXPECT_EQ(read(kRows), "NULL|6;");
  EXPECT_THAT(aside(), IsEmpty());
}

TEST_F(JsonChildren, that_cannot_be_read_are_set_aside_where_they_stand) {
  x_folder.write(
      "a.json",
      "[{\"head\":{\"id\":1},\"in\":{\"rows\":[{\"n\":1},\n{\"n\":\"x\"},\n7,{\"m\":1}]}},\n"
      "{\"head\":5,\"in\":{\"rows\":[{\"n\":1}]}},\n"
      "{\"head\":{\"id\":1,\"id\":2},\"in\":{\"rows\":[{\"n\":1}]}},\n"
      "{\"in\":{\"rows\":{\"n\":1}}},\n"
      "{\"in\":{\"rows\":[{\"n\":1}]} x},\n"
      "{\"head\":{\"id\":\"\"},\"in\":{\"rows\":[{\"n\":1}]}}]");
  EXPECT_EQ(read(kRows), "1|1;");
  EXPECT_THAT(aside(),
              ElementsAre("2:41 n: `x` is not a BIGINT <{\"n\":\"x\"}>",
                          "3:52 element 3 of `in.rows`: it is no object <7>",
                          "3:54 element 4 of `in.rows`: it has none of the columns <{\"m\":1}>",
                          HasSubstr("4:66 the key `head` holds no object"),
                          HasSubstr("the key `id` comes twice"),
                          HasSubstr("the key `in.rows` holds no array"),
                          HasSubstr("a comma or `}` is missing"),
                          HasSubstr("an empty text is not a value of type BIGINT")));
}

TEST_F(JsonChildren, are_the_same_whatever_the_size_of_a_block) {
  std::string text = "[";
  for (int i = 0; i < 50; ++i) {
    text += std::string(i > 0 ? "," : "") + "{\"head\":{\"id\":" + std::to_string(i) +
            "},\"in\":{\"rows\":[";
    for (int k = 0; k < i % 7; ++k) text += std::string(k > 0 ? ", " : "") + "{\"n\":1}";
    text += "]}}\n";
  }
  x_folder.write("a.json", text + "]");
  const auto whole = read(kRows);
  EXPECT_EQ(std::count(whole.begin(), whole.end(), ';'), 147);
  for (const std::size_t bytes : {1, 7, 100, 1000}) {
    ReadContext context;
    context.block_bytes = bytes;
    EXPECT_EQ(read(kRows, context), whole) << bytes;
  }
}

TEST_F(JsonChildren, come_in_small_batches_where_their_parent_is_large) {
  std::string text = "{\"id\": \"" + std::string(1 << 20, 'x') + "\", \"lines\": [{}";
  for (int i = 0; i < 40; ++i) text += ",{}";
  x_folder.write("a.json", text + "]}");
  const auto from =
      source("{path: a.json, unnest: lines, columns: {id: varchar}, parent: {id: id}}");
  auto read = from->read(*from->next_slice({}, {}).value(), {}).value();
  auto& chunks = *std::get<std::unique_ptr<ChunkSource>>(read);
  const auto reader = chunks.make_reader({true}).value();
  const std::vector<duckdb_vector> unseen{nullptr};
  RowBatch batch;
  batch.columns = unseen;
  std::uint32_t rows = 0;
  for (;;) {
    const auto some = reader->next(batch).value();
    if (some == 0) break;
    EXPECT_LE(some, 8u);
    rows += some;
  }
  EXPECT_EQ(rows, 41u);
}

TEST(JsonElements, are_cut_by_their_brackets_and_quotes) {
  JsonElements elements("[ 1,\"a,]\\\"\" ,{\"b\":[1, 2]},[ ] ,null\n]");
  std::vector<std::string> found;
  for (std::string_view element; elements.next(element);) found.emplace_back(element);
  EXPECT_THAT(found, ElementsAre("1", "\"a,]\\\"\"", "{\"b\":[1, 2]}", "[ ]", "null"));
  std::string_view element;
  EXPECT_FALSE(JsonElements("[]").next(element));
  EXPECT_FALSE(JsonElements("[ \n]").next(element));
}

}  // namespace
}  // namespace leat::connectors::files
