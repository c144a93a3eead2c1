#include "plan/file_schemas.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace leat::plan {
namespace {

Catalog small_catalog() {
  Catalog catalog;
  SourceEntry source;
  source.name = "csv";
  source.summary = "Reads files.";
  source.example = "csv: {path: a.csv}";
  catalog.add(std::move(source));
  CheckEntry check;
  check.name = "not_null";
  check.summary = "No nulls.";
  check.example = "not_null: [a]";
  catalog.add(std::move(check));
  return catalog;
}

TEST(FileSchemas, NameEveryConnectorAndCheckOfTheCatalog) {
  const auto schema = nlohmann::json::parse(pipeline_schema(small_catalog()));
  const auto& source = schema["properties"]["sources"]["additionalProperties"];
  EXPECT_EQ(source["properties"]["csv"]["description"], "Reads files.");
  EXPECT_EQ(source["oneOf"].size(), 1u);
  EXPECT_FALSE(source["properties"].contains("archive"));
  const auto& checks = schema["properties"]["checks"]["additionalProperties"];
  EXPECT_TRUE(checks["items"]["properties"].contains("not_null"));
  EXPECT_EQ(schema["required"][0], "pipeline");
  EXPECT_FALSE(schema["properties"].contains("schedule"));
  EXPECT_EQ(schema["properties"]["sources"]["description"],
            "Nodes that read other systems, by name.");
}

TEST(FileSchemas, DescribeTheProject) {
  const auto schema = nlohmann::json::parse(project_schema());
  EXPECT_EQ(schema["required"][0], "project");
  EXPECT_TRUE(schema["properties"].contains("environments"));
}

}  // namespace
}  // namespace leat::plan
