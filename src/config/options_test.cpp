#include "config/options.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/yaml.hpp"

namespace leat::config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

enum class Colour { red, green };

struct Inner {
  std::int64_t x = 3;
  std::string name;
};

const OptionTable<Inner>& inner_options() {
  static const auto table = option_table<Inner>({
      option("x", &Inner::x, "A number."),
      option("name", &Inner::name, "A name.").required(),
  });
  return table;
}

struct Base {
  std::string where;
};

struct Sample : Base {
  bool flag = false;
  std::int64_t count = 7;
  std::uint64_t size = 0;
  double ratio = 0.5;
  std::string text = "abc";
  std::string one_char = ",";
  std::optional<std::int64_t> maybe;
  std::vector<std::string> names;
  std::vector<std::pair<std::string, std::string>> columns;
  std::vector<std::pair<std::string, std::vector<std::int64_t>>> widths;
  Colour colour = Colour::green;
  Bytes bytes{};
  Duration wait{};
  Share share{};
  SecretRef password;
  SqlText sql;
  Located<std::string> type;
  Inner inner;
  std::vector<Inner> inners;
  std::optional<Inner> perhaps;
  std::vector<std::pair<Located<std::string>, Inner>> by_name;
  const Node* raw = nullptr;
};

const OptionTable<Sample>& sample_options() {
  static const auto table = option_table<Sample>({
      option("where", &Base::where, "From the base."),
      option("flag", &Sample::flag, "A flag."),
      option("count", &Sample::count, "A count.").between(0, 10),
      option("size", &Sample::size, "A size."),
      option("ratio", &Sample::ratio, "A ratio.").at_least(0.25),
      option("text", &Sample::text, "A text.").choices({"abc", "def"}).later_choices({"ghi"}),
      option("one_char", &Sample::one_char, "One character.").length(1),
      option("maybe", &Sample::maybe, "Perhaps."),
      option("names", &Sample::names, "Names.").items(1, 5),
      option("columns", &Sample::columns, "Columns."),
      option("widths", &Sample::widths, "Widths."),
      option("colour", &Sample::colour, "A colour.",
             EnumNames<Colour>{{"red", Colour::red}, {"green", Colour::green}}),
      option("bytes", &Sample::bytes, "Bytes."),
      option("wait", &Sample::wait, "A while."),
      option("share", &Sample::share, "A share."),
      option("password", &Sample::password, "A password."),
      option("sql", &Sample::sql, "A query."),
      option("type", &Sample::type, "A type."),
      option("inner", &Sample::inner, "A table.", inner_options()),
      option("inners", &Sample::inners, "Tables.", inner_options()),
      option("perhaps", &Sample::perhaps, "A table, perhaps.", inner_options()),
      option("by_name", &Sample::by_name, "Tables by name.", inner_options()),
      option("raw", &Sample::raw, "Anything."),
      later("rate", "Rows a second."),
  });
  return table;
}

class Options : public testing::Test {
 protected:
  std::optional<Sample> read(std::string_view yaml) {
    x_root = parse_yaml(yaml, "test.yml", findings);
    if (!x_root) return std::nullopt;
    return read_options(sample_options(), *x_root, findings);
  }

  /// "line:column message | hint"
  std::vector<std::string> complaints(std::string_view yaml) {
    EXPECT_FALSE(read(yaml).has_value());
    std::vector<std::string> out;
    for (const auto& d : findings.take()) {
      out.push_back(std::to_string(d.place.line) + ":" + std::to_string(d.place.column) + " " +
                    d.message + (d.hint.empty() ? "" : " | " + d.hint));
    }
    return out;
  }

  Findings findings;

 private:
  std::optional<Node> x_root;
};

TEST_F(Options, AreTheDefaultsOfAFreshStructWhenNothingIsWritten) {
  const auto sample = read("{}");
  ASSERT_TRUE(sample);
  EXPECT_EQ(sample->count, 7);
  EXPECT_EQ(sample->text, "abc");
  EXPECT_TRUE(read(""));
}

TEST_F(Options, ReadEveryTypeOfMember) {
  const auto sample = read(R"--(
where: here
flag: true
count: 10
size: 18446744073709551615
ratio: 1e3
text: def
one_char: ";"
maybe: -4
names: [06, null, NULL, "", true]
columns: {a: int, b: "decimal(10,2)"}
widths: {fips: [19, 20], year: 4}
colour: red
bytes: 512MB
wait: 30m
share: 5%
sql: SELECT 1
type: bigint
inner: {x: 1, name: n}
inners: [{name: a}, {name: b}]
perhaps: {name: p}
by_name: {first: {name: f}}
raw: {any: [thing]}
)--");
  ASSERT_TRUE(sample) << findings.take().front().message;
  EXPECT_EQ(sample->where, "here");
  EXPECT_TRUE(sample->flag);
  EXPECT_EQ(sample->count, 10);
  EXPECT_EQ(sample->size, 18446744073709551615u);
  EXPECT_EQ(sample->ratio, 1000);
  EXPECT_EQ(sample->one_char, ";");
  EXPECT_EQ(sample->maybe, -4);
  EXPECT_EQ(sample->columns.size(), 2u);
  EXPECT_THAT(sample->widths[0], Pair("fips", ElementsAre(19, 20)));
  EXPECT_THAT(sample->widths[1], Pair("year", ElementsAre(4)));
  EXPECT_EQ(sample->colour, Colour::red);
  EXPECT_EQ(sample->bytes.count, 512'000'000u);
  EXPECT_EQ(sample->wait.length, std::chrono::minutes(30));
  EXPECT_DOUBLE_EQ(sample->share.of_one, 0.05);
  EXPECT_EQ(sample->sql.text, "SELECT 1");
  EXPECT_EQ(sample->sql.place_at(7).column, 13);
  EXPECT_EQ(sample->type.place.line, 18);
  EXPECT_EQ(sample->inner.name, "n");
  EXPECT_EQ(sample->inners[1].name, "b");
  EXPECT_EQ(sample->perhaps->name, "p");
  EXPECT_EQ(sample->by_name[0].first.place.column, 11);
  EXPECT_TRUE(sample->raw->find("any"));
}

TEST_F(Options, KeepAScalarAsItIsWrittenWhereTextIsDeclared) {
  const auto sample = read("{where: 06, names: [1.50, NULL]}");
  ASSERT_TRUE(sample);
  EXPECT_EQ(sample->where, "06");
  EXPECT_THAT(sample->names, ElementsAre("1.50", "NULL"));
}

TEST_F(Options, ReadOneValueAsAListOfOne) {
  EXPECT_THAT(read("names: a")->names, ElementsAre("a"));
  EXPECT_THAT(read("inners: {name: a}")->inners.size(), 1u);
}

TEST_F(Options, NameTheNearestKey) {
  EXPECT_THAT(complaints("{cuont: 1}"),
              ElementsAre("1:2 unknown key `cuont` | did you mean `count`?"));
}

TEST_F(Options, RefuseWhatIsNotBuiltYetByName) {
  EXPECT_THAT(complaints("{rate: 1}"), ElementsAre(HasSubstr("1:2 `rate` is not built yet")));
  EXPECT_THAT(complaints("{text: ghi}"), ElementsAre(HasSubstr("`ghi` is not built yet")));
}

TEST_F(Options, TellAllMistakesAtOnce) {
  const auto found = complaints(R"(
flag: yes
count: 11
size: -1
ratio: 0.1
text: dfe
one_char: ab
maybe: 1.5
names: []
columns: [a]
colour: blue
bytes: 5 parsecs
wait: soon
share: 120%
sql: ""
inner: {}
inners: [{name: a, y: 1}, 7]
nope: 1
)");
  EXPECT_THAT(
      found,
      ElementsAre(
          "2:7 expected true or false, found `yes` | write `true`",
          "3:8 `11` is not between 0 and 10",
          "4:7 expected a whole number of at least 0, found `-1`", "5:8 `0.1` is not at least 0.25",
          "6:7 `dfe` is not one of abc or def | did you mean `def`?",
          "7:11 expected 1 character, found `ab`", "8:8 expected a whole number, found `1.5`",
          "9:8 expected at least 1 entry, found 0", "10:10 expected a map, found a list",
          "11:9 `blue` is not one of red or green",
          HasSubstr("12:8 expected a number of bytes such as 512MB, found"),
          HasSubstr("13:7 expected a duration such as 30m, found `soon`"),
          HasSubstr("14:8 expected a share such as 5%, found `120%`"),
          "15:6 expected SQL, found empty text", "16:8 `name` is missing | `name`: A name.",
          "17:20 unknown key `y` | did you mean `x`?",
          "17:27 expected a map of options, found `7` | write `{ name: 7 }`",
          HasSubstr("18:1 unknown key `nope`")));
}

TEST_F(Options, RefuseNumbersThatAreNone) {
  for (const auto* text : {"1e400", "nan", "inf", "0x10", "1_000", "''", "[1]", "{a: 1}", "~",
                           "99999999999999999999", "1 2", "+-1"}) {
    EXPECT_THAT(complaints("{count: " + std::string(text) + "}").size(), 1u) << text;
  }
  EXPECT_THAT(complaints("{ratio: nan}").size(), 1u);
  EXPECT_THAT(complaints("{ratio: 1e999}").size(), 1u);
}

TEST_F(Options, NeverShowAPasswordThatStandsInTheFile) {
  ASSERT_FALSE(read("{flag: oops, password: hunter2canary, cuont: 1}"));
  for (const auto& d : findings.take()) {
    EXPECT_THAT(d.message + d.hint + d.source_line, testing::Not(HasSubstr("hunter2")));
    EXPECT_THAT(d.source_line, HasSubstr("cuont: 1"));
  }
}

TEST_F(Options, TellTheirDefaultsAndShapesToOthers) {
  const auto& set = sample_options();
  EXPECT_EQ(set.entries()[*set.find("count")].default_text, "7");
  EXPECT_EQ(set.entries()[*set.find("one_char")].default_text, "\",\"");
  EXPECT_EQ(set.entries()[*set.find("colour")].default_text, "green");
  EXPECT_EQ(set.entries()[*set.find("raw")].default_text, "");
  EXPECT_EQ(set.entries()[*set.find("names")].shape.kind, ValueKind::list);
  EXPECT_EQ(set.entries()[*set.find("names")].shape.element->kind, ValueKind::text);
  EXPECT_THAT(set.keys(), testing::Not(testing::Contains("rate")));
  EXPECT_FALSE(set.find("Count"));
  EXPECT_THAT(findings.take(), IsEmpty());
}

}  // namespace
}  // namespace leat::config
