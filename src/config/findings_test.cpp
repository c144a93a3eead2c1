#include "config/findings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/render.hpp"
#include "config/yaml.hpp"

namespace leat::config {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(Findings, ComeInOrderOfPlaceEachOnceWithTheirLines) {
  Findings findings;
  findings.add_source("a", "one\r\ntwo\nthree");
  findings.add(Place{"a", 3, 1}, "third");
  findings.add(Place{"a", 1, 2}, "first");
  findings.add(Place{"a", 3, 1}, "third");
  findings.add(Place{"b", 1, 1}, "other file");
  const auto found = findings.take();
  ASSERT_EQ(found.size(), 3u);
  EXPECT_EQ(found[0].source_line, "one");
  EXPECT_EQ(found[1].source_line, "three");
  EXPECT_EQ(found[2].source_line, "");
  EXPECT_TRUE(findings.empty());
}

TEST(Findings, TellNoMoreThanAnybodyReads) {
  Findings findings;
  for (int i = 1; i <= 1000; ++i) findings.add(Place{"a", i, 1}, "wrong");
  const auto found = findings.take();
  ASSERT_EQ(found.size(), 201u);
  EXPECT_EQ(found.back().message, "800 more errors");
}

TEST(Findings, TakeOverWhatAnErrorSays) {
  Findings findings;
  Node node;
  node.place = {"a", 2, 3};
  findings.add(node, Error(Fault::config, "no such type").hint("try bigint"));
  findings.add(node, Error::of({{{"a", 7, 1}, "elsewhere", "", "", 1}}));
  const auto found = findings.take();
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].hint, "try bigint");
  EXPECT_EQ(found[1].place.line, 7);
}

TEST(Findings, ShowNoPasswordOfALineThatIsWrongForAnotherReason) {
  for (const auto* yaml :
       {"{db_password: canary77, a: 1, a: 2}", "password: canary77: x", "Token: canary77: x",
        "{a: 1, a: 2, \"api_key\": \"canary77\"}", "secret: 'canary77': 1",
        "{password: canary77, token: canary77, a: 1, a: 2}"}) {
    Findings findings;
    parse_yaml(yaml, "t.yml", findings);
    EXPECT_FALSE(findings.empty());
    const auto shown = render(findings.take());
    EXPECT_THAT(shown, HasSubstr("…")) << yaml;
    EXPECT_THAT(shown, Not(HasSubstr("canary77"))) << yaml;
  }
}

TEST(Findings, ShowAReferenceToASecret) {
  Findings findings;
  parse_yaml("{password: \"${secret:db}\", a: 1, a: 2}", "t.yml", findings);
  EXPECT_FALSE(findings.empty());
  EXPECT_THAT(render(findings.take()), HasSubstr("${secret:db}"));
}

}  // namespace
}  // namespace leat::config
