#include "plan/condition.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace leat::plan {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Condition, FindsTheNodesThatItAsksForOnceEach) {
  EXPECT_THAT(nodes_named("{{nodes.a.rows}} > {{  nodes.b.read }} OR {{ nodes.a.rows }} = 0"),
              ElementsAre("a", "b"));
  EXPECT_THAT(nodes_named("{{ params.nodes.a }} AND 'nodes.b.rows' <> '{{'"), IsEmpty());
  EXPECT_THAT(nodes_named(""), IsEmpty());
}

TEST(Condition, PutsACountIntoSqlAsAVariableOfTheRun) {
  config::Values values;
  add_node_values({"a"}, values);
  const auto rendered = config::render_sql("SELECT {{ nodes.a.rows }} + 1", values);
  EXPECT_THAT(rendered.complaints, IsEmpty());
  EXPECT_EQ(rendered.text, "SELECT CAST(getvariable('nodes.a.rows') AS BIGINT) + 1");
}

}  // namespace
}  // namespace leat::plan
