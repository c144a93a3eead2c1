#include "config/option_docs.hpp"

#include <gtest/gtest.h>

#include "config/options.hpp"

namespace leat::config {
namespace {

struct ToldPart {
  std::string name;
  std::int64_t pieces = 3;
};

struct Told {
  std::string mode;
  std::string shown;
  std::string unknown;
  std::vector<std::string> columns;
  std::optional<std::int64_t> count;
  bool loud = false;
  ToldPart inner;
  std::vector<std::pair<std::string, ToldPart>> many;
};

const OptionTable<ToldPart>& told_part() {
  static const auto table = option_table<ToldPart>({
      option("name", &ToldPart::name, "A name.").required().example("ann"),
      option("pieces", &ToldPart::pieces, "How many."),
  });
  return table;
}

const OptionTable<Told>& told_options() {
  static const auto table = option_table<Told>({
      option("mode", &Told::mode, "How.").choices({"a", "b", "c"}),
      option("shown", &Told::shown, "A text.").example("so"),
      option("unknown", &Told::unknown, "A text."),
      option("columns", &Told::columns, "Columns."),
      option("count", &Told::count, "How many.").between(5, 10),
      option("loud", &Told::loud, "Say more."),
      option("inner", &Told::inner, "A table.", told_part()),
      option("many", &Told::many, "Tables.", told_part()),
  });
  return table;
}

const OptionEntry& entry(const char* key) {
  return told_options().entries()[*told_options().find(key)];
}

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
