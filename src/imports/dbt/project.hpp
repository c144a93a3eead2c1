#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "config/findings.hpp"
#include "imports/dbt/jinja.hpp"
#include "imports/dbt/settings.hpp"

namespace leat::imports::dbt {

struct SqlFile {
  std::string name;  ///< Without its ending.
  std::string path;  ///< Relative to the project.
  std::string text;
};

struct TestUse {
  std::string name;  ///< "not_null", "dbt_utils.expression_is_true"
  std::string model;
  std::string column;      ///< Empty: about the whole model.
  config::Node arguments;  ///< A map, or nothing.
  Place place;
};

struct SourceTable {
  std::string source;
  std::string table;
  std::string location;  ///< `external_location` of its meta; may be empty.
  Place place;
};

/// The files of a dbt project, read.
struct Project {
  std::string name;
  std::map<std::string, Value> variables;
  Settings of_models;
  Settings of_seeds;
  Settings of_tests;
  std::vector<SqlFile> models;
  std::vector<SqlFile> tests;
  std::vector<SqlFile> seeds;  ///< Of their text the first line.
  std::vector<SourceTable> sources;
  std::vector<TestUse> uses;
  Macros macros;
  std::vector<Left> left;
};

/// Errors  config  no dbt_project.yml there, or one that is no YAML.
Result<Project> read_project(const std::filesystem::path& folder);

}  // namespace leat::imports::dbt
