#include "plan/passes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace leat::plan {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

SourceNode source(const char* name) {
  SourceNode node;
  node.name = name;
  return node;
}

ModelNode model(const char* name, std::vector<std::string> inputs) {
  ModelNode node;
  node.name = name;
  node.inputs = std::move(inputs);
  node.sql = std::string("SELECT 1 AS ") + name;
  node.row_wise = node.inputs.size() == 1;
  return node;
}

SinkNode sink(const char* name, const char* from) {
  SinkNode node;
  node.name = name;
  node.from = from;
  return node;
}

TEST(Passes, a_chain_of_models_is_one_streaming_query) {
  const auto passes =
      plan_passes({source("raw")}, {model("a", {"raw"}), model("b", {"a"})}, {sink("out", "b")});
  ASSERT_EQ(passes.size(), 1u);
  EXPECT_THAT(passes[0].inputs, ElementsAre("raw"));
  EXPECT_THAT(passes[0].inlined, ElementsAre("a", "b"));
  EXPECT_TRUE(passes[0].row_wise);
  EXPECT_FALSE(passes[0].spooled);
  EXPECT_THAT(passes[0].select, HasSubstr("WITH \"a\" AS NOT MATERIALIZED"));
}

TEST(Passes, a_dataset_with_two_consumers_is_spooled_once) {
  const auto passes =
      plan_passes({source("raw")}, {model("a", {"raw"}), model("b", {"a"}), model("c", {"a", "b"})},
                  {sink("out", "c")});
  ASSERT_EQ(passes.size(), 2u);
  EXPECT_EQ(passes[0].dataset, "a");
  EXPECT_TRUE(passes[0].spooled);
  EXPECT_EQ(passes[0].why, "2 consumers");
  EXPECT_THAT(passes[1].inputs, ElementsAre("a"));
  EXPECT_FALSE(passes[1].row_wise);
}

TEST(Passes, a_source_that_is_read_twice_is_judged_once) {
  auto self_join = model("pairs", {"raw", "raw"});
  self_join.row_wise = false;
  const auto passes = plan_passes({source("raw")}, {self_join}, {sink("out", "pairs")});
  ASSERT_EQ(passes.size(), 2u);
  EXPECT_EQ(passes[0].dataset, "raw");
  EXPECT_TRUE(passes[0].spooled);
}

TEST(Passes, two_sinks_of_one_dataset_share_a_pass) {
  const auto passes = plan_passes({source("raw")}, {}, {sink("file", "raw"), sink("table", "raw")});
  ASSERT_EQ(passes.size(), 1u);
  EXPECT_THAT(passes[0].sinks, ElementsAre("file", "table"));
}

TEST(Passes, a_model_with_checks_in_the_middle_ends_a_stream) {
  auto middle = model("a", {"raw"});
  middle.checks.emplace_back();
  const auto passes = plan_passes({source("raw")}, {middle, model("b", {"a"})}, {sink("out", "b")});
  ASSERT_EQ(passes.size(), 2u);
  EXPECT_EQ(passes[0].why, "has checks");
}

TEST(Passes, what_no_sink_needs_is_left_out) {
  const auto passes = plan_passes({source("raw"), source("idle")}, {model("unused", {"idle"})},
                                  {sink("out", "raw")});
  ASSERT_EQ(passes.size(), 1u);
  EXPECT_THAT(upstream_of("raw", {source("raw"), source("idle")}, {}), ElementsAre("raw"));
}

}  // namespace
}  // namespace leat::plan
