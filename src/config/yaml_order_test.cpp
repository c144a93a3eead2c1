#include "config/yaml_order.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/yaml.hpp"

namespace leat::config {
namespace {

std::optional<KeyOrder> orders(const std::vector<std::string>& path) {
  if (path.empty()) return KeyOrder{{"name", "sources", "sinks"}, false};
  if (path.size() == 2) return KeyOrder{{"from", "key"}, true};
  return std::nullopt;
}

std::string ordered(const std::string& text) {
  Findings findings;
  const auto root = parse_yaml(text, "x.yml", findings);
  if (!root) return "not YAML";
  const auto out = in_order(text, *root, orders);
  if (!out) return "refused";
  const auto again = parse_yaml(*out, "x.yml", findings);
  EXPECT_EQ(in_order(*out, *again, orders).value_or("refused"), *out) << "not idempotent";
  return *out;
}

TEST(YamlOrder, puts_keys_in_order_and_leaves_the_rest_behind) {
  EXPECT_EQ(ordered("sinks: 1\nother: 2\nname: 3\n"), "name: 3\nsinks: 1\nother: 2\n");
}

TEST(YamlOrder, comments_go_with_the_key_below_them) {
  EXPECT_EQ(ordered("# about sinks\nsinks: 1\n# about the name\nname: x  # here\n"),
            "# about the name\nname: x  # here\n# about sinks\nsinks: 1\n");
}

TEST(YamlOrder, a_comment_at_the_start_that_an_empty_line_ends_stays) {
  EXPECT_EQ(ordered("# licence\n\n# about sinks\nsinks: 1\nname: x\n# the end\n"),
            "# licence\n\nname: x\n# about sinks\nsinks: 1\n# the end\n");
}

TEST(YamlOrder, inner_maps_are_ordered_with_their_comments) {
  EXPECT_EQ(ordered("sinks:\n  out:\n    # why\n    key: [a]\n    from: in\n    csv: {path: x}\n"
                    "name: x\n"),
            "name: x\n\nsinks:\n  out:\n    csv: {path: x}\n    from: in\n    # why\n"
            "    key: [a]\n");
}

TEST(YamlOrder, sql_stays_to_the_byte) {
  const std::string sql =
      "sources:\n  m:\n    query: |\n      SELECT 1   -- blanks   \n\n\n      # no comment\n"
      "      FROM x\n";
  const auto out = ordered(sql + "name: x\n");
  EXPECT_THAT(out, testing::StartsWith("name: x\n"));
  EXPECT_THAT(out, testing::HasSubstr("SELECT 1   -- blanks   \n\n\n      # no comment\n"));
}

TEST(YamlOrder, flow_maps_lists_and_line_ends_are_no_trouble) {
  EXPECT_EQ(ordered("sinks: {b: 1,\n  a: 2}\r\nname:\r\n  - z: 1\r\n    from: 2\r\n"),
            "name:\n  - z: 1\n    from: 2\n\nsinks: {b: 1,\n  a: 2}\n");
  EXPECT_EQ(ordered("sinks: {\n  x: {\n    key: 1,\n    from: 2\n  }\n}\nname: y\n"),
            "name: y\n\nsinks: {\n  x: {\n    key: 1,\n    from: 2\n  }\n}\n");
}

TEST(YamlOrder, anchors_that_would_come_after_their_use_are_refused) {
  EXPECT_EQ(ordered("sinks: &a [1]\nname: *a\n"), "refused");
}

TEST(YamlOrder, empty_lines_at_the_start_and_in_rows_go) {
  EXPECT_EQ(ordered("\n\nname: x\n\n\n\nsinks: 1\n\n"), "name: x\n\nsinks: 1\n");
}

}  // namespace
}  // namespace leat::config
