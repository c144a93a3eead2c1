#include "config/json_schema.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "config/options.hpp"

namespace leat::config {
namespace {

struct DescribedPart {
  std::string name;
};

struct Described {
  std::int64_t count = 3;
  std::string mode = "a";
  std::string free;
  std::vector<std::string> names;
  SecretRef password;
  DescribedPart inner;
  std::vector<std::pair<std::string, DescribedPart>> many;
  const Node* raw = nullptr;
};

const OptionTable<DescribedPart>& described_part() {
  static const auto table = option_table<DescribedPart>({
      option("name", &DescribedPart::name, "A name.").required(),
  });
  return table;
}

const OptionTable<Described>& described_options() {
  static const auto table = option_table<Described>({
      option("count", &Described::count, "How many.").between(0, 10).example("7"),
      option("mode", &Described::mode, "How.").choices({"a", "b"}).later_choices({"c"}),
      option("free", &Described::free, "Any text."),
      option("names", &Described::names, "Names.").items(1),
      option("password", &Described::password, "A password."),
      option("inner", &Described::inner, "A table.", described_part()),
      option("many", &Described::many, "Tables by name.", described_part()),
      option("raw", &Described::raw, "Anything."),
      later("rate", "Later."),
  });
  return table;
}

TEST(JsonSchema, SaysWhatTheTableSays) {
  const auto schema = schema_of(described_options());
  EXPECT_EQ(schema["additionalProperties"], false);
  EXPECT_FALSE(schema.contains("required"));
  const auto& properties = schema["properties"];
  EXPECT_FALSE(properties.contains("rate"));
  EXPECT_EQ(properties["count"]["description"], "How many.");
  EXPECT_EQ(properties["count"]["default"], "3");
  EXPECT_EQ(properties["count"]["examples"][0], "7");
  EXPECT_EQ(properties["count"]["anyOf"][0]["maximum"], 10);
  EXPECT_EQ(properties["mode"]["anyOf"][0]["enum"].size(), 2u);
  EXPECT_EQ(properties["names"]["anyOf"][0]["minItems"], 1);
  EXPECT_EQ(properties["inner"]["required"][0], "name");
  EXPECT_EQ(properties["many"]["additionalProperties"]["required"][0], "name");
  EXPECT_EQ(properties["password"]["type"], "string");
}

TEST(JsonSchema, IsADocumentOfDraft202012) {
  const auto text = schema_document(schema_of(described_options()), "Described");
  const auto json = nlohmann::json::parse(text);
  EXPECT_EQ(json["$schema"], "https://json-schema.org/draft/2020-12/schema");
  EXPECT_EQ(json["title"], "Described");
  EXPECT_EQ(json["type"], "object");
}

}  // namespace
}  // namespace leat::config
