#include "config/render.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace leat::config {
namespace {

std::string one(Diagnostic diagnostic) {
  return render(std::vector<Diagnostic>{std::move(diagnostic)});
}

TEST(Render, ShowsPlaceMessageLineCaretAndHint) {
  EXPECT_EQ(one({{"p/a.yml", 12, 5},
                 "unknown key `strateg`",
                 "did you mean `strategy`?",
                 "    strateg: replace",
                 7}),
            "p/a.yml:12:5: error: unknown key `strateg`\n"
            "        strateg: replace\n"
            "        ^~~~~~~\n"
            "    hint: did you mean `strategy`?\n");
}

TEST(Render, KeepsTabsSoThatTheCaretStandsRight) {
  EXPECT_EQ(one({{"a", 1, 3}, "m", "", "\t\tx", 1}), "a:1:3: error: m\n    \t\tx\n    \t\t^\n");
}

TEST(Render, CountsCharactersAndCellsRatherThanBytes) {
  EXPECT_EQ(one({{"a", 1, 3}, "m", "", "éé: x", 1}), "a:1:3: error: m\n    éé: x\n      ^\n");
  EXPECT_EQ(one({{"a", 1, 3}, "m", "", "日本語x", 2}),
            "a:1:3: error: m\n    日本語x\n        ^~~\n");
}

TEST(Render, LetsNoControlCharacterThrough) {
  EXPECT_EQ(one({{"a", 1, 2}, "m", "", "\x1b[2Jx", 1}), "a:1:2: error: m\n    ?[2Jx\n     ^\n");
}

TEST(Render, PointsBehindTheEndOfALine) {
  EXPECT_EQ(one({{"a", 1, 4}, "m", "", "abc", 3}), "a:1:4: error: m\n    abc\n       ^\n");
}

TEST(Render, CutsALongLineAroundThePlace) {
  const std::string line(1000, 'x');
  const auto text = one({{"a", 1, 500}, "m", "", line, 3});
  EXPECT_LT(text.size(), 500u);
  EXPECT_NE(text.find("^~~"), std::string::npos);
}

TEST(Render, LeavesOutWhatIsNotKnown) {
  EXPECT_EQ(one({{"a", 0, 0}, "m", "", "", 1}), "a: error: m\n");
  EXPECT_EQ(one({{}, "m", "h", "", 1}), "error: m\n    hint: h\n");
  EXPECT_EQ(render({}), "");
}

}  // namespace
}  // namespace leat::config
