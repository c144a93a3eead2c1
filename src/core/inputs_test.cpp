#include "core/inputs.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace leat {
namespace {

using Kind = Input::Kind;
using testing::HasSubstr;

Input file(const std::string& name, const std::string& root = "/p",
           const std::string& digest = "00") {
  Input input;
  input.kind = Kind::file;
  input.name = name;
  input.root = root;
  input.place = root + "/" + name;
  input.size = 1;
  input.mtime_ns = 5;
  input.digest = digest;
  return input;
}

Input range(std::int64_t first, std::int64_t next) {
  Input input;
  input.kind = Kind::sequence;
  input.first = first;
  input.next = next;
  return input;
}

Input table(const std::string& name, const std::string& state) {
  Input input;
  input.kind = Kind::table;
  input.place = "/p/w.db";
  input.part = name;
  input.state = state;
  return input;
}

std::vector<std::string> places(const Position& position) {
  std::vector<std::string> out;
  for (const auto& input : inputs_of(position, "/here")) out.push_back(input.place);
  return out;
}

TEST(Inputs, of_a_position_are_those_that_it_was_written_for) {
  auto sheet = file("b.xlsx", "/other");
  sheet.part = "sheet";
  auto linked = file("c.csv");
  linked.place = "/data/c.csv";
  const auto position = position_of({file("a.csv"), sheet, linked});
  const auto read = inputs_of(position, "/here");
  ASSERT_EQ(read.size(), 3U);
  EXPECT_EQ(read[0].place, "/p/a.csv");
  EXPECT_EQ(read[0].digest, "00");
  EXPECT_EQ(read[1].place, "/other/b.xlsx");
  EXPECT_EQ(read[1].part, "sheet");
  EXPECT_EQ(read[2].place, "/data/c.csv");
  EXPECT_EQ(position_of(read), position);
}

TEST(Inputs, lie_where_their_names_lead_however_these_are_written) {
  for (const auto* name : {"./a//b.csv", "a/../a/b.csv", "/p/a/b.csv", "a/b.csv"}) {
    auto input = file(name);
    input.place = "/p/a/b.csv";
    const auto position = position_of({input});
    EXPECT_THAT(position.text, testing::Not(HasSubstr("place"))) << name;
    EXPECT_EQ(places(position), (std::vector<std::string>{"/p/a/b.csv"})) << name;
    input.place = "/p/a/./b.csv";  // No real path, but it is kept.
    EXPECT_THAT(position_of({input}).text, HasSubstr("/p/a/./b.csv")) << name;
  }
}

TEST(Inputs, of_older_positions_are_known_too) {
  EXPECT_EQ(places({R"({"files":[{"path":"in/a.csv","size":1,"mtime_ns":2}]})"}),
            std::vector<std::string>{"/here/in/a.csv"});
  EXPECT_EQ(inputs_of({"15"}, "")[0].next, 15);
  EXPECT_EQ(inputs_of({"[[1,2,3]]"}, "")[0].place, "[[1,2,3]]");
  EXPECT_EQ(inputs_of({"\"0123\""}, "")[0].kind, Kind::state);
}

TEST(Inputs, within_fan_outs_and_unions_are_all_found) {
  const auto a = position_of({file("a.csv")});
  const auto b = position_of({file("b.csv")});
  const Position items{R"({"x":)" + ("\"" + std::string(R"({\"sequence\":[[1,2]]})") + "\"") + "}"};
  EXPECT_EQ(inputs_of(items, "")[0].kind, Kind::sequence);
  EXPECT_EQ(places(together({a, b, a})), (std::vector<std::string>{"/p/a.csv", "/p/b.csv"}));
  EXPECT_EQ(together({a, together({a, b}), Position{}}), together({a, b}));
  EXPECT_EQ(together({a, a}), a);
  EXPECT_TRUE(together({}).is_start());
}

TEST(Inputs, of_nonsense_are_its_text) {
  for (const auto* text : {"nonsense", R"({"files":[1]})", R"({"files":[{"path":1}]})", "null",
                           R"({"state":[]})", R"({"sequence":[[1]]})", R"({"a":1})", "1.5"}) {
    const auto read = inputs_of({text}, "");
    ASSERT_EQ(read.size(), 1U) << text;
    EXPECT_EQ(read[0].kind, Kind::state) << text;
    EXPECT_EQ(read[0].place, text);
  }
  std::string deep = "\"x\"";
  for (int i = 0; i < 100; ++i) deep = R"({"all":[)" + deep + "]}";
  EXPECT_EQ(inputs_of({deep}, "").size(), 1U);
}

TEST(Inputs, are_the_same_whatever_became_of_them) {
  const InputIndex files({file("a.csv"), table("t", "[[1]]"), range(10, 20)});
  auto changed = file("a.csv", "/p", "11");
  changed.size = 99;
  EXPECT_NE(files.find(changed), nullptr);
  EXPECT_NE(files.find(table("t", "[[2]]")), nullptr);
  EXPECT_EQ(files.find(table("u", "[[1]]")), nullptr);
  EXPECT_NE(files.find(range(19, 30)), nullptr);
  EXPECT_EQ(files.find(range(20, 30)), nullptr);
  EXPECT_EQ(files.find(file("b.csv")), nullptr);
}

TEST(Inputs, of_another_project_are_the_same_by_name_and_bytes) {
  const InputIndex known({file("in/a.csv", "/p")});
  EXPECT_NE(known.find(file("in/a.csv", "/copy")), nullptr);
  EXPECT_EQ(known.find(file("in/a.csv", "/copy", "11")), nullptr);
  EXPECT_EQ(known.find(file("a.csv", "/copy")), nullptr);
}

TEST(Inputs, between_two_positions_are_the_new_and_the_changed) {
  const auto left =
      inputs_between({file("a.csv"), range(0, 10)}, {file("a.csv"), file("b.csv"), range(0, 15)});
  ASSERT_EQ(left.size(), 2U);
  EXPECT_EQ(left[0].name, "b.csv");
  EXPECT_EQ(left[1].first, 10);
  EXPECT_EQ(inputs_between({table("t", "[[1]]")}, {table("t", "[[1]]")}).size(), 0U);
  EXPECT_EQ(inputs_between({table("t", "[[1]]")}, {table("t", "[[2]]")}).size(), 1U);
  EXPECT_EQ(inputs_between(inputs_of({"[[1]]"}, ""), {table("t", "[[1]]")}).size(), 0U);
}

TEST(Inputs, share_a_part_where_one_is_not_known_or_holds_the_other) {
  EXPECT_TRUE(may_share_part("", "a"));
  EXPECT_TRUE(may_share_part("a", "a"));
  EXPECT_TRUE(may_share_part("a!B1:C2", "a"));
  EXPECT_FALSE(may_share_part("a", "b"));
  EXPECT_FALSE(may_share_part("a!B1:C2", "a!D1:E2"));
}

TEST(Inputs, of_another_kind_are_refused_by_who_reads_them) {
  EXPECT_TRUE(require_kind({range(0, 1)}, Kind::sequence, "a sequence").ok());
  const auto refused = require_kind({range(0, 1), file("a")}, Kind::sequence, "a sequence");
  ASSERT_FALSE(refused.ok());
  EXPECT_THAT(refused.error().text(), HasSubstr("not one of a sequence"));
}

}  // namespace
}  // namespace leat
