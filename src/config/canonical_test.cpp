#include "config/canonical.hpp"

#include <gtest/gtest.h>

#include "config/yaml.hpp"

namespace leat::config {
namespace {

std::string canonical(std::string_view yaml) {
  Findings findings;
  return canonical_text(parse_yaml(yaml, "t.yml", findings).value());
}

TEST(Canonical, LeavesLayoutQuotesAndCommentsOut) {
  EXPECT_EQ(canonical("a: [1, 'x']\nb: {c: ~}\n"), R"({"a":["1","x"],"b":{"c":null}})");
  EXPECT_EQ(canonical("a:  # one\n  - 1\n  - \"x\"\nb:\n  c:\n"),
            canonical("a: [1, 'x']\nb: {c: ~}\n"));
}

TEST(Canonical, KeepsTheOrderAndTheTextOfValues) {
  EXPECT_NE(canonical("{a: 1, b: 2}"), canonical("{b: 2, a: 1}"));
  EXPECT_NE(canonical("a: 06"), canonical("a: 6"));
  EXPECT_EQ(canonical("a: \"q\\\"\\\\\\n\""), "{\"a\":\"q\\\"\\\\\\u000a\"}");
}

}  // namespace
}  // namespace leat::config
