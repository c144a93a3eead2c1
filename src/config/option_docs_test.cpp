#include "config/option_docs.hpp"

#include <gtest/gtest.h>

#include "config/options.hpp"

namespace leat::config {
namespace {

struct Inner {
  std::string name;
  std::int64_t pieces = 3;
};

struct Sample {
  std::string mode;
  std::string shown;
  std::string unknown;
  std::vector<std::string> columns;
  std::optional<std::int64_t> count;
  bool loud = false;
  Inner inner;
  std::vector<std::pair<std::string, Inner>> many;
};

const OptionTable<Inner>& inner_options() {
  static const auto table = option_table<Inner>({
      option("name", &Inner::name, "A name.").required().example("ann"),
      option("pieces", &Inner::pieces, "How many."),
  });
  return table;
}

const OptionTable<Sample>& options() {
  static const auto table = option_table<Sample>({
      option("mode", &Sample::mode, "How.").choices({"a", "b", "c"}),
      option("shown", &Sample::shown, "A text.").example("so"),
      option("unknown", &Sample::unknown, "A text."),
      option("columns", &Sample::columns, "Columns."),
      option("count", &Sample::count, "How many.").between(5, 10),
      option("loud", &Sample::loud, "Say more."),
      option("inner", &Sample::inner, "A table.", inner_options()),
      option("many", &Sample::many, "Tables.", inner_options()),
  });
  return table;
}

const OptionEntry& entry(const char* key) { return options().entries()[*options().find(key)]; }

TEST(OptionDocs, AnExampleIsOneThatTheKeyTakes) {
  EXPECT_EQ(example_of(entry("mode")), "a");
  EXPECT_EQ(example_of(entry("shown")), "so");
  EXPECT_EQ(example_of(entry("count")), "5");
  EXPECT_EQ(example_of(entry("loud")), "false");
  EXPECT_EQ(example_of(entry("columns")), "[day, close]");
  EXPECT_EQ(example_of(entry("inner")), "{name: ann}");
  EXPECT_EQ(example_of(entry("many")), "{name: {name: ann}}");
}

TEST(OptionDocs, NothingIsMadeUpForATextThatNobodyKnows) {
  EXPECT_EQ(example_of(entry("unknown")), "");
}

TEST(OptionDocs, AShapeIsToldInWords) {
  EXPECT_EQ(description_of(entry("mode").shape), "`a`, `b` or `c`");
  EXPECT_EQ(description_of(entry("count").shape), "a whole number from 5 to 10");
  EXPECT_EQ(description_of(entry("columns").shape), "a list, each text");
  EXPECT_EQ(description_of(entry("many").shape), "by name, each a map");
}

}  // namespace
}  // namespace leat::config
