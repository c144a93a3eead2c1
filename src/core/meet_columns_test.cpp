#include "core/meet_columns.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace leat {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::vector<data::Column> columns(const std::vector<std::pair<std::string, std::string>>& texts) {
  std::vector<data::Column> out;
  for (const auto& [name, type] : texts) out.push_back({name, data::parse_type(type).value()});
  return out;
}

PublishPlan plan(Strategy strategy, std::optional<OnSchemaChange> rule) {
  PublishPlan made;
  made.strategy = strategy;
  made.schema.columns = columns({{"id", "int"}, {"city", "string"}, {"day", "date"}});
  made.options.key = {"id"};
  made.options.on_schema_change = rule;
  return made;
}

TEST(Columns, of_a_new_target_are_the_staged_ones) {
  const auto met = meet_columns(plan(Strategy::merge, {}), {}, "t").value();
  EXPECT_EQ(met.columns, plan(Strategy::merge, {}).schema.columns);
  EXPECT_TRUE(met.is_same);
  EXPECT_THAT(met.written, ElementsAre("id", "city", "day"));
}

TEST(Columns, of_history_have_three_more_whose_type_is_that_of_the_version) {
  auto about = plan(Strategy::scd2, {});
  EXPECT_EQ(data::sql_of(target_columns(about)[3].type), "TIMESTAMP WITH TIME ZONE");
  about.options.version = "day";
  const auto made = target_columns(about);
  ASSERT_EQ(made.size(), 6u);
  EXPECT_EQ(made[3].name, "valid_from");
  EXPECT_EQ(data::sql_of(made[4].type), "DATE");
  EXPECT_EQ(made[5].name, "is_current");
}

TEST(Columns, that_are_others_are_refused_unless_a_rule_says_more) {
  const auto there = columns({{"ID", "int"}, {"city", "string"}});
  const auto refused = meet_columns(plan(Strategy::merge, {}), there, "table t");
  ASSERT_FALSE(refused.ok());
  EXPECT_THAT(refused.error().text(), HasSubstr("cannot merge into table t: it has no column 3, "
                                                "which of the new rows is `day DATE`"));
  EXPECT_TRUE(meet_columns(plan(Strategy::replace, {}), there, "t").ok());
  EXPECT_FALSE(meet_columns(plan(Strategy::replace, OnSchemaChange::fail), there, "t").ok());
}

TEST(Columns, are_added_or_left_out) {
  const auto there = columns({{"note", "string"}, {"id", "int"}});
  const auto added = meet_columns(plan(Strategy::merge, OnSchemaChange::add_columns), there, "t");
  ASSERT_TRUE(added.ok());
  EXPECT_EQ(added->columns.size(), 4u);
  EXPECT_EQ(added->added.size(), 2u);
  EXPECT_FALSE(added->is_same);
  const auto ignored = meet_columns(plan(Strategy::merge, OnSchemaChange::ignore), there, "t");
  ASSERT_TRUE(ignored.ok());
  EXPECT_EQ(ignored->columns, there);
  EXPECT_THAT(ignored->written, ElementsAre("id"));
}

TEST(Columns, of_another_type_or_without_the_key_are_refused_by_every_rule) {
  for (const auto rule : {OnSchemaChange::add_columns, OnSchemaChange::ignore}) {
    const auto typed = columns({{"id", "int"}, {"city", "int"}});
    const auto another = meet_columns(plan(Strategy::append, rule), typed, "t");
    ASSERT_FALSE(another.ok());
    EXPECT_THAT(another.error().text(), HasSubstr("its column city is INTEGER"));
    const auto keyless = columns({{"city", "string"}});
    const auto missing = meet_columns(plan(Strategy::merge, rule), keyless, "t");
    ASSERT_FALSE(missing.ok());
    EXPECT_THAT(missing.error().text(), HasSubstr("it has no column `id`"));
  }
}

TEST(Columns, of_another_type_are_named_alike_by_the_message_and_its_hint) {
  const auto there = columns({{"id", "string"}, {"city", "string"}, {"day", "int"}});
  const auto refused = meet_columns(plan(Strategy::append, {}), there, "t");
  ASSERT_FALSE(refused.ok());
  EXPECT_THAT(refused.error().text(), HasSubstr("its column 1 is `id VARCHAR`"));
  EXPECT_THAT(refused.error().hint_text(), HasSubstr("cast `id` to VARCHAR in a model"));
}

}  // namespace
}  // namespace leat
