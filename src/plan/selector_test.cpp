#include "plan/selector.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace leat::plan {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// a ─► m ─► n ─► out, b ─► m, b ─► k ─► side; and a pipeline of its own.
class Selector : public testing::Test {
 protected:
  Selector() {
    add("one", "a", "source", {});
    add("one", "b", "source", {});
    add("one", "m", "model", {0, 1}, "models/m.sql");
    add("one", "n", "model", {2}, "models/deep/n.sql");
    add("one", "k", "model", {1});
    add("one", "out", "sink", {3});
    add("one", "side", "sink", {4});
    add("two", "a", "source", {});
    graph.nodes.back().tags = {"daily"};
  }

  void add(const char* pipeline, const char* name, const char* kind,
           std::vector<std::size_t> inputs, const char* sql = "") {
    GraphNode node;
    node.pipeline = pipeline;
    node.name = name;
    node.kind = kind;
    node.inputs = std::move(inputs);
    node.files = {std::string("pipelines/") + pipeline + ".yml"};
    if (*sql) node.files.emplace_back(sql);
    graph.nodes.push_back(std::move(node));
  }

  std::vector<std::string> chosen(std::vector<std::string> select,
                                  std::vector<std::string> exclude = {}) {
    const auto mask = select_nodes(graph, {std::move(select), std::move(exclude)});
    if (!mask.ok()) return {"error: " + mask.error().text() + " | " + mask.error().hint_text()};
    std::vector<std::string> out;
    for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
      const auto& node = graph.nodes[i];
      if ((*mask)[i]) out.push_back(node.pipeline == "one" ? node.name : "two." + node.name);
    }
    return out;
  }

  Graph graph;
};

TEST_F(Selector, no_selector_means_everything) {
  EXPECT_THAT(chosen({}), ElementsAre("a", "b", "m", "n", "k", "out", "side", "two.a"));
}

TEST_F(Selector, a_name_means_itself_and_letter_case_does_not_matter) {
  EXPECT_THAT(chosen({"M"}), ElementsAre("m"));
  EXPECT_THAT(chosen({"a"}), ElementsAre("a", "two.a"));
  EXPECT_THAT(chosen({"two.a"}), ElementsAre("two.a"));
}

TEST_F(Selector, the_sinks_of_a_dataset_go_with_it) {
  EXPECT_THAT(chosen({"n"}), ElementsAre("n", "out"));
  EXPECT_THAT(chosen({}, {"n"}), ElementsAre("a", "b", "m", "k", "side", "two.a"));
}

TEST_F(Selector, a_plus_goes_up_or_down) {
  EXPECT_THAT(chosen({"+n"}), ElementsAre("a", "b", "m", "n", "out"));
  EXPECT_THAT(chosen({"m+"}), ElementsAre("m", "n", "out"));
  EXPECT_THAT(chosen({"1+n"}), ElementsAre("m", "n", "out"));
  EXPECT_THAT(chosen({"b+1"}), ElementsAre("b", "m", "k", "side"));
  EXPECT_THAT(chosen({"0+m"}), ElementsAre("m"));
}

TEST_F(Selector, an_at_takes_what_its_readers_rest_on) {
  EXPECT_THAT(chosen({"@one.a"}), ElementsAre("a", "b", "m", "n", "out"));
}

TEST_F(Selector, a_space_means_or_and_a_comma_means_and) {
  EXPECT_THAT(chosen({"k m"}), ElementsAre("m", "k", "side"));
  EXPECT_THAT(chosen({"k", "m"}), ElementsAre("m", "k", "side"));
  EXPECT_THAT(chosen({"+out,b+"}), ElementsAre("b", "m", "n", "out"));
}

TEST_F(Selector, methods_choose_by_tag_path_pipeline_and_kind) {
  EXPECT_THAT(chosen({"tag:daily"}), ElementsAre("two.a"));
  EXPECT_THAT(chosen({"path:models"}), ElementsAre("m", "n", "out"));
  EXPECT_THAT(chosen({"path:models/*.sql"}), ElementsAre("m", "n", "out"));
  EXPECT_THAT(chosen({"path:./models/deep/"}), ElementsAre("n", "out"));
  EXPECT_THAT(chosen({"pipeline:two"}), ElementsAre("two.a"));
  EXPECT_THAT(chosen({"kind:sink"}), ElementsAre("out", "side"));
  EXPECT_THAT(chosen({"path:pipelines/one.yml,kind:source"}), ElementsAre("a", "b"));
}

TEST_F(Selector, wildcards_match_names) {
  EXPECT_THAT(chosen({"[mk]"}), ElementsAre("m", "k", "side"));
  EXPECT_THAT(chosen({"two.*"}), ElementsAre("two.a"));
}

TEST_F(Selector, what_is_excluded_is_left_out_with_its_graph) {
  EXPECT_THAT(chosen({"+out"}, {"+m"}), ElementsAre("n", "out"));
  EXPECT_THAT(chosen({"m"}, {"m"}), IsEmpty());
}

TEST_F(Selector, what_selects_nothing_is_an_error_with_the_nearest_name) {
  EXPECT_THAT(chosen({"+oot"}), ElementsAre(HasSubstr("`+oot` selects nothing | did you mean")));
  EXPECT_THAT(chosen({"tag:dayly"}), ElementsAre(HasSubstr("`daily`")));
  EXPECT_THAT(chosen({}, {"nobody_at_all"}), ElementsAre(HasSubstr("selects nothing")));
  EXPECT_THAT(chosen({"tg:daily"}), ElementsAre(HasSubstr("did you mean `tag`")));
}

TEST_F(Selector, what_cannot_be_read_is_an_error) {
  for (const char* text : {"+", "@", "@m+", "m++", "a+b+", "m,", ",m", "", " ", "tag:", "+1m+x"}) {
    EXPECT_THAT(chosen({text}), ElementsAre(HasSubstr("cannot read the selector"))) << text;
  }
}

}  // namespace
}  // namespace leat::plan
