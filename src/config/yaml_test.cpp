#include "config/yaml.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace leat::config {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

std::string line_and_column(const Place& place) {
  return std::to_string(place.line) + ":" + std::to_string(place.column);
}

/// "line:column message | hint" of the first complaint; the number of them when there are more.
std::string complaint(std::string_view yaml, const YamlLimits& limits = {}) {
  Findings findings;
  const auto node = parse_yaml(yaml, "t.yml", findings, limits);
  const auto found = findings.take();
  EXPECT_TRUE(node.has_value() || !found.empty());
  if (found.empty()) return "none";
  const auto& first = found.front();
  return line_and_column(first.place) + " " + first.message +
         (first.hint.empty() ? "" : " | " + first.hint) +
         (found.size() > 1 ? " +" + std::to_string(found.size() - 1) : "");
}

TEST(Yaml, KeepsTheRestOfATreeWhoseKeysAreWrong) {
  Findings findings;
  const auto root = parse_yaml("a: 1\n<<: {x: 1}\na: 2\n[l]: 3\nb: 4\n", "t.yml", findings);
  ASSERT_TRUE(root.has_value());
  ASSERT_THAT(root->entries, SizeIs(2));
  EXPECT_EQ(root->find("a")->text, "1");
  EXPECT_EQ(root->find("b")->text, "4");
  EXPECT_THAT(findings.take(), SizeIs(3));
}

Node parsed(std::string_view yaml) {
  Findings findings;
  auto node = parse_yaml(yaml, "t.yml", findings);
  EXPECT_TRUE(node) << yaml;
  return node.value_or(Node{});
}

TEST(Yaml, GivesEveryKeyAndValueItsPlace) {
  const auto root = parsed("a: 1\nb:\n  - x\n  - {c: \"d e\"}\n");
  EXPECT_EQ(line_and_column(root.find_entry("b")->key.place), "2:1");
  EXPECT_EQ(line_and_column(root.find("b")->items[0].place), "3:5");
  const auto* inner = root.find("b")->items[1].find_entry("c");
  EXPECT_EQ(line_and_column(inner->key.place), "4:6");
  EXPECT_EQ(line_and_column(inner->value.place), "4:9");
  EXPECT_EQ(inner->value.length, 5);
  EXPECT_TRUE(inner->value.quoted);
  EXPECT_FALSE(root.find("a")->quoted);
}

TEST(Yaml, CountsColumnsInCharacters) {
  const auto root = parsed("ключ: {ö: ж}");
  EXPECT_EQ(line_and_column(root.find("ключ")->find("ö")->place), "1:11");
  EXPECT_EQ(root.find_entry("ключ")->key.length, 4);
}

TEST(Yaml, SkipsAByteOrderMarkAndReadsCrlf) {
  const auto root = parsed(
      "\xEF\xBB\xBF"
      "a: 1\r\nb: two\r\n");
  EXPECT_EQ(line_and_column(root.find_entry("a")->key.place), "1:1");
  EXPECT_EQ(root.find("b")->text, "two");
  EXPECT_EQ(line_and_column(root.find("b")->place), "2:4");
}

TEST(Yaml, KeepsScalarsAsTextAndNullsAsWritten) {
  const auto root = parsed("a: 06\nb: NULL\nc: ~\nd:\ne: 'null'\nf: true\n");
  EXPECT_EQ(root.find("a")->text, "06");
  EXPECT_TRUE(root.find("b")->is_null());
  EXPECT_EQ(root.find("b")->text, "NULL");
  EXPECT_EQ(root.find("c")->text, "~");
  EXPECT_EQ(root.find("d")->text, "");
  EXPECT_EQ(line_and_column(root.find("d")->place), "4:1");
  EXPECT_TRUE(root.find("e")->is_scalar());
  EXPECT_EQ(root.find("f")->text, "true");
}

TEST(Yaml, ReadsAnEmptyFileAsNothing) {
  for (const auto* text : {"", "\n", "# only a comment\n", "---\n", "\xEF\xBB\xBF"}) {
    EXPECT_TRUE(parsed(text).is_null()) << text;
  }
}

TEST(Yaml, FindsEveryByteOfALiteralBlockInItsFile) {
  const auto root = parsed("q: |\n    SELECT a,\n      b\n\n    FROM t\nz: 1\n");
  const auto& sql = *root.find("q");
  ASSERT_EQ(sql.text, "SELECT a,\n  b\n\nFROM t\n");
  EXPECT_EQ(line_and_column(sql.place_at(0)), "2:5");
  EXPECT_EQ(line_and_column(sql.place_at(7)), "2:12");
  EXPECT_EQ(line_and_column(sql.place_at(sql.text.find("b"))), "3:7");
  EXPECT_EQ(line_and_column(sql.place_at(sql.text.find("FROM"))), "5:5");
  EXPECT_EQ(line_and_column(sql.place_at(sql.text.find("t\n"))), "5:10");
}

TEST(Yaml, FindsEveryByteOfALiteralBlockWithAnIndentationOfItsOwn) {
  const auto root = parsed("q: |2-\n     x\n    y");
  const auto& block = *root.find("q");
  ASSERT_EQ(block.text, "   x\n  y");
  EXPECT_EQ(line_and_column(block.place_at(block.text.find('x'))), "2:6");
  EXPECT_EQ(line_and_column(block.place_at(block.text.find('y'))), "3:5");
}

TEST(Yaml, FindsEveryByteOfAFoldedBlockInItsFile) {
  const auto root = parsed("q: >-  # SQL\n  SELECT a\n  FROM t\n\n  WHERE x\n    AND y\n");
  const auto& sql = *root.find("q");
  EXPECT_EQ(line_and_column(sql.place_at(0)), "2:3");
  EXPECT_EQ(line_and_column(sql.place_at(sql.text.find("FROM"))), "3:3");
  EXPECT_EQ(line_and_column(sql.place_at(sql.text.find("WHERE"))), "5:3");
  EXPECT_EQ(line_and_column(sql.place_at(sql.text.find("AND") + 4)), "6:9");
}

TEST(Yaml, FindsEveryByteOfAScalarWithEscapesInItsFile) {
  const auto twice = parsed("q: 'it''s x'");
  EXPECT_EQ(line_and_column(twice.find("q")->place_at(5)), "1:11");
  const auto escaped = parsed("q: \"\\u00e9\\tb\\\n   c\"");
  ASSERT_EQ(escaped.find("q")->text, "é\tbc");
  EXPECT_EQ(line_and_column(escaped.find("q")->place_at(3)), "1:13");
  EXPECT_EQ(line_and_column(escaped.find("q")->place_at(4)), "2:4");
  const auto lines = parsed("q: one\n  two\nz: 1");
  EXPECT_EQ(line_and_column(lines.find("q")->place_at(5)), "2:4");
  const auto plain = parsed("q: \"SELECT 1\"");
  EXPECT_EQ(line_and_column(plain.find("q")->place_at(7)), "1:12");
}

TEST(Yaml, RepeatsWhatAnAliasNames) {
  const auto root = parsed("a: &list [1, 2]\nb: *list\nc: &t\n  x: 1\nd: *t\n");
  EXPECT_THAT(root.find("b")->items, SizeIs(2));
  EXPECT_EQ(root.find("d")->find("x")->text, "1");
  EXPECT_EQ(line_and_column(root.find("a")->place), "1:10");
}

TEST(Yaml, TellsWhatIsWrongAndWhere) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"a: 1\na: 2", "2:1 `a` is there twice | the first is in line 1, column 1"},
      {"a: \"b\nc: d\n", "1:4 a quote that is never closed"},
      {"a: 'it''s\n", "1:4 a quote that is never closed"},
      {"a: \"x\\0y\"", "1:4 a NUL character, which no name or path can hold"},
      {"a: {b: 1, b: 2}", "1:11 `b` is there twice | the first is in line 1, column 5"},
      {"a: 1\n\"a\": 2", "2:1 `a` is there twice | the first is in line 1, column 1"},
      {"? [a]\n: 1", "1:3 a list cannot be a key"},
      {": 1", "1:1 a key is missing before `:`"},
      {"a: 'x", "1:6 a quote that is never closed"},
      {"a: \"x\n---\n", "2:1 a quote that is never closed"},
      {"a: \"\\q\"", "1:7 not YAML: unknown escape character: q"},
      {"b: 1\na: [1, 2", "2:4 a `[` that is never closed"},
      {"b: 1\na: {b: 1", "2:4 a `{` that is never closed"},
      {"a: }", "1:4 a closing bracket without its opening one"},
      {"a: &x [*x]", "1:8 an alias inside of what it stands for"},
      {"a: @b", "1:4 a value cannot start with this sign | quote it"},
      {"a: - b", "1:4 a `-` where no list can start | a list starts on a line of its own"},
      {"a:\n  b: 1\n c: 2",
       "3:2 this does not belong to the map above it | "
       "is the indentation right?"},
      {"- a\nb: 1",
       "2:1 this does not belong to what stands above it | "
       "is the indentation right?"},
      {"a: 1\n---\na: 2",
       "2:1 a second YAML document; a file holds one | "
       "remove the `---` or `...`"},
      {"a: 1\n...\nb: 2",
       "3:1 a second YAML document; a file holds one | "
       "remove the `---` or `...`"},
  };
  for (const auto& [yaml, expected] : cases) EXPECT_EQ(complaint(yaml), expected) << yaml;
}

TEST(Yaml, RefusesByNameWhatItDoesNotSupport) {
  EXPECT_THAT(complaint("<<: {a: 1}"), HasSubstr("1:1 merge keys (`<<`) are not supported"));
  EXPECT_THAT(complaint("a: !!int 1"), HasSubstr("1:4 YAML tags are not supported"));
  EXPECT_THAT(complaint("a: !x {b: 1}"), HasSubstr("1:4 YAML tags are not supported"));
}

TEST(Yaml, SaysWhatToQuote) {
  for (const auto* yaml : {"a: {{ x }}", "a: {{ x }}/b", "a: [{{ x }}]", "a: {b: {{ x }}}",
                           "a: {b: out/{{ x }}.csv}"}) {
    EXPECT_THAT(complaint(yaml), HasSubstr("quote it: \"{{ … }}\"")) << yaml;
  }
  for (const auto* yaml : {"a: {b: ${X}}", "a: [${X}, 1]", "a: {b: ${X}/c}"}) {
    EXPECT_THAT(complaint(yaml), HasSubstr("quote it: \"${…}\"")) << yaml;
  }
  for (const auto* yaml : {"a: *", "a: [*]", "a: {b: *, c: 1}", "a: *.csv", "a:\n  - *"}) {
    EXPECT_THAT(complaint(yaml), HasSubstr("quote it: \"*")) << yaml;
  }
  for (const auto* yaml : {"a:\n\tb: 1", "a:\n  b: 1\n\tc: 1", "\ta: 1"}) {
    EXPECT_THAT(complaint(yaml), HasSubstr("YAML indents with spaces")) << yaml;
  }
  EXPECT_THAT(complaint("a: b: c"), HasSubstr("quote a text that has `: ` in it"));
}

TEST(Yaml, TellsAllDuplicatesAtOnce) {
  EXPECT_THAT(complaint("a: 1\na: 2\nb: {c: 1, c: 2}\na: 3"), HasSubstr("+2"));
}

TEST(Yaml, FindsADuplicateAmongManyKeys) {
  std::string yaml;
  for (int i = 0; i < 1000; ++i) yaml += "k" + std::to_string(i) + ": 1\n";
  EXPECT_EQ(complaint(yaml), "none");
  EXPECT_THAT(complaint(yaml + "k500: 2\n"), HasSubstr("1001:1 `k500` is there twice"));
}

TEST(Yaml, RefusesWhatIsNoText) {
  EXPECT_THAT(complaint(std::string("a: b\0c", 6)), HasSubstr("1:5 control character 0x00"));
  EXPECT_THAT(complaint("a: \x1b[31m"), HasSubstr("1:4 control character 0x1B"));
  EXPECT_THAT(complaint("a: 1\nb: \xFF"), HasSubstr("2:4 a byte that is not UTF-8"));
  EXPECT_THAT(complaint("\xFF\xFE"
                        "a\0"),
              HasSubstr("1:1 a byte that is not UTF-8"));
  EXPECT_THAT(complaint("a: \xC0\xAF"), HasSubstr("not UTF-8"));
  EXPECT_THAT(complaint("a: \xED\xA0\x80"), HasSubstr("not UTF-8"));
  EXPECT_THAT(complaint("a: \xE2\x82"), HasSubstr("not UTF-8"));
}

TEST(Yaml, RefusesABombOfAliases) {
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 9; ++i) {
    const auto before = "*a" + std::to_string(i - 1);
    bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [";
    for (int j = 0; j < 10; ++j) bomb += (j ? ", " : "") + before;
    bomb += "]\n";
  }
  EXPECT_THAT(complaint(bomb), HasSubstr("more than 100000 values in one file"));
}

TEST(Yaml, ReadsOneLongLineInReasonableTime) {
  std::string list = "a: [";
  for (int i = 0; i < 50'000; ++i) list += "x, ";
  EXPECT_EQ(parsed(list + "]").find("a")->items.back().place.column, 5 + 3 * 49'999);
  std::string text = "a: \"";
  for (int i = 0; i < 100'000; ++i) text += "\\n";
  EXPECT_EQ(parsed(text + "\"").find("a")->text.size(), 100'000u);
}

TEST(Yaml, RefusesWhatIsTooDeepTooLongOrTooMuch) {
  EXPECT_THAT(complaint("a: " + std::string(100, '[') + std::string(100, ']')),
              HasSubstr("nested deeper than 64 levels"));
  EXPECT_THAT(complaint(std::string(50'000, '[')), HasSubstr("nested deeper than 64 levels"));
  EXPECT_THAT(complaint(std::string(50'000, '{')), HasSubstr("nested deeper than 64 levels"));
  EXPECT_THAT(complaint("a: 12345", {.bytes_max = 7}), HasSubstr("8 bytes; at most 7"));
  EXPECT_THAT(complaint("[1, 2, 3, 4]", {.nodes_max = 4}), HasSubstr("more than 4 values"));
}

}  // namespace
}  // namespace leat::config
