#include "config/json_schema.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "config/options.hpp"

namespace leat::config {
namespace {

struct Inner {
  std::string name;
};

struct Sample {
  std::int64_t count = 3;
  std::string mode = "a";
  std::string free;
  std::vector<std::string> names;
  SecretRef password;
  Inner inner;
  std::vector<std::pair<std::string, Inner>> many;
  const Node* raw = nullptr;
};

const OptionTable<Inner>& inner_options() {
  static const auto table = option_table<Inner>({
      option("name", &Inner::name, "A name.").required(),
  });
  return table;
}

const OptionTable<Sample>& options() {
  static const auto table = option_table<Sample>({
      option("count", &Sample::count, "How many.").between(0, 10).example("7"),
      option("mode", &Sample::mode, "How.").choices({"a", "b"}).later_choices({"c"}),
      option("free", &Sample::free, "Any text."),
      option("names", &Sample::names, "Names.").items(1),
      option("password", &Sample::password, "A password."),
      option("inner", &Sample::inner, "A table.", inner_options()),
      option("many", &Sample::many, "Tables by name.", inner_options()),
      option("raw", &Sample::raw, "Anything."),
      later("rate", "Later."),
  });
  return table;
}

TEST(JsonSchema, SaysWhatTheTableSays) {
  const auto schema = schema_of(options());
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
  const auto text = schema_document(schema_of(options()), "Sample");
  const auto json = nlohmann::json::parse(text);
  EXPECT_EQ(json["$schema"], "https://json-schema.org/draft/2020-12/schema");
  EXPECT_EQ(json["title"], "Sample");
  EXPECT_EQ(json["type"], "object");
}

}  // namespace
}  // namespace leat::config
