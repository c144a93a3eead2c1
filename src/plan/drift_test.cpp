#include "plan/drift.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/yaml.hpp"

namespace leat::plan {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Contract contract(const std::string& yaml) {
  config::Findings findings;
  const auto tree = config::parse_yaml(yaml, "c.yml", findings);
  auto read = read_contract(*tree, findings);
  EXPECT_TRUE(findings.empty());
  return read.value_or(Contract{});
}

Contract people(OnDrift on_drift) {
  auto out = contract("columns: [{name: id, type: bigint}, {name: name, type: varchar}]");
  out.on_drift = on_drift;
  return out;
}

data::Schema schema(std::vector<std::pair<std::string, std::string>> columns) {
  data::Schema out;
  for (auto& [name, type] : columns) {
    out.columns.push_back({name, data::parse_type(type).value(), true});
  }
  return out;
}

TEST(Drift, IsNothingWhenColumnsStandInAnotherOrder) {
  const auto found = schema({{"NAME", "varchar"}, {"id", "bigint"}});
  const auto drift = compare("in", people(OnDrift::fail), found, false);
  EXPECT_THAT(drift.changes, IsEmpty());
  EXPECT_THAT(drift.refusals, IsEmpty());
  EXPECT_FALSE(drift.is_plain);
  EXPECT_THAT(drift.shape.from, ElementsAre(1, 0));
}

TEST(Drift, RefusesEveryDifferenceByDefault) {
  const auto found = schema({{"id", "varchar"}, {"age", "int"}});
  const auto drift = compare("in", people(OnDrift::fail), found, false);
  EXPECT_THAT(drift.refusals,
              ElementsAre("column `id` is VARCHAR, not BIGINT", "column `name` VARCHAR is gone",
                          "column `age` INTEGER is new"));
}

TEST(Drift, TakesNewColumnsInWithAddAndLeavesThemOutWithDropColumn) {
  const auto found = schema({{"id", "bigint"}, {"name", "varchar"}, {"age", "int"}});
  const auto added = compare("in", people(OnDrift::add), found, false);
  EXPECT_THAT(added.schema.names(), ElementsAre("id", "name", "age"));
  EXPECT_TRUE(added.is_plain);
  const auto dropped = compare("in", people(OnDrift::drop_column), found, false);
  EXPECT_THAT(dropped.schema.names(), ElementsAre("id", "name"));
  EXPECT_FALSE(dropped.is_plain);
  EXPECT_EQ(describe(dropped.changes.at(0)), "+ age INTEGER");
}

TEST(Drift, NeverLetsPassWhatAReaderCannotReadAsAgreed) {
  const auto found = schema({{"id", "varchar"}, {"name", "varchar"}});
  const auto drift = compare("in", people(OnDrift::hold), found, true);
  EXPECT_THAT(drift.refusals, ElementsAre(HasSubstr("cannot be read as BIGINT")));
}

TEST(Contract, ComesBackFromItsText) {
  const auto read = contract(
      "description: people\non_drift: hold\ncolumns:\n"
      "  - {name: \"a \\\"b\", type: \"decimal(10,2)\", units: USD, nullable: false, pii: mask,"
      " description: \"x: y\", checks: [{range: {min: 0}}, not_null]}\n"
      "  - {name: \"null\", type: \"varchar[]\"}\n");
  const auto text = contract_text(read, "# mine\n\n# all of it\ncolumns: []\n");
  EXPECT_THAT(text, testing::StartsWith("# mine\n\n# all of it\ncontract: 1\n"));
  const auto back = contract(text);
  EXPECT_EQ(contract_text(back, "# mine\n\n# all of it\n"), text);
  EXPECT_EQ(back.on_drift, OnDrift::hold);
  ASSERT_EQ(back.columns.size(), 2u);
  EXPECT_EQ(back.columns[0].name, "a \"b");
  EXPECT_EQ(back.columns[0].pii, Pii::mask);
  EXPECT_FALSE(back.columns[0].nullable);
  EXPECT_EQ(back.columns[0].checks->items.size(), 2u);
  EXPECT_EQ(back.columns[1].name, "null");
}

TEST(Contract, KeepsWhatWasSaidOfColumnsThatStay) {
  const auto old =
      contract("columns: [{name: id, type: bigint, units: apples}, {name: name, type: varchar}]");
  const auto fresh = refreshed(old, schema({{"id", "int"}, {"day", "date"}}));
  ASSERT_EQ(fresh.columns.size(), 2u);
  EXPECT_EQ(fresh.columns[0].units, "apples");
  EXPECT_EQ(data::sql_of(fresh.columns[0].type), "INTEGER");
  EXPECT_EQ(fresh.columns[1].name, "day");
}

}  // namespace
}  // namespace leat::plan
