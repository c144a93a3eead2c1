#include "clients/cursor/mark.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace leat::cursor {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

data::Schema schema_of(const std::vector<std::pair<std::string, std::string>>& columns) {
  data::Schema schema;
  for (const auto& [name, type] : columns) {
    schema.columns.push_back({name, *data::parse_type(type), true});
  }
  return schema;
}

TEST(CursorMark, ComesBackAsItWasWritten) {
  Mark mark;
  mark.column = "at";
  mark.value = Value{"2024-01-01 it's", "text"};
  mark.hashes = {"00", "00", "ff"};
  mark.columns = {{"id", "BIGINT"}, {"at", "VARCHAR"}};
  const auto read = mark_from_json(to_json(mark));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->column, "at");
  EXPECT_EQ(read->value, mark.value);
  EXPECT_EQ(read->hashes, mark.hashes);
  EXPECT_EQ(read->columns, mark.columns);
  EXPECT_FALSE(read->is_closed);
  EXPECT_FALSE(read->window);
}

TEST(CursorMark, MayHaveNoValueOrAWindow) {
  Mark mark;
  mark.column = "at";
  mark.window = Window{3, ~std::uint64_t{0}};
  mark.is_closed = true;
  const auto read = mark_from_json(to_json(mark));
  ASSERT_TRUE(read);
  EXPECT_FALSE(read->value);
  EXPECT_EQ(read->window, mark.window);
  EXPECT_TRUE(read->is_closed);
}

TEST(CursorMark, IsNothingElse) {
  for (const auto* text : {"", "7", "[]", "{}", "{\"cursor\":7}", "{\"cursor\":\"a\",\"hashes\":1}",
                           "{\"cursor\":\"a\",\"window\":[1]}", "{\"cursor\":\"a\",\"value\":1}"}) {
    EXPECT_FALSE(mark_from_json(text)) << text;
  }
}

TEST(CursorHash, TellsRowsApartByTheirColumnsAlone) {
  const auto schema = schema_of({{"id", "BIGINT"}, {"more", "VARCHAR"}, {"at", "VARCHAR"}});
  const auto hash = RowHash::of({{"id", "BIGINT"}, {"at", "VARCHAR"}}, schema);
  ASSERT_TRUE(hash.ok());
  EXPECT_EQ((*hash)({"i1", "tx", "t1"}), (*hash)({"i1", "ty", "t1"}));
  EXPECT_NE((*hash)({"i1", "", "t1"}), (*hash)({"i2", "", "t1"}));
  EXPECT_NE((*hash)({"i1t", "", "1"}), (*hash)({"i1", "", "t1"}));
  EXPECT_EQ((*hash)({"i1", "", "t1"}).size(), 16u);
}

TEST(CursorHash, RefusesAColumnThatIsGoneOrHasChanged) {
  const auto schema = schema_of({{"id", "INTEGER"}});
  const auto changed = RowHash::of({{"id", "BIGINT"}}, schema);
  ASSERT_FALSE(changed.ok());
  EXPECT_THAT(changed.error().text(), HasSubstr("column `id` was BIGINT and is INTEGER"));
  const auto gone = RowHash::of({{"at", "DATE"}}, schema);
  ASSERT_FALSE(gone.ok());
  EXPECT_THAT(gone.error().text(), HasSubstr("column `at` was DATE and is gone"));
}

TEST(CursorHash, CountsRowsThatAreTheSame) {
  EXPECT_THAT(without({"a", "a", "a", "b"}, {"a", "c"}), ElementsAre("a", "a", "b"));
  EXPECT_THAT(without({"a"}, {"a", "a"}), ElementsAre());
}

}  // namespace
}  // namespace leat::cursor
