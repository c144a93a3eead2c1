#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "imports/dbt/project.hpp"

namespace leat::imports::dbt {

struct OutputFile {
  std::string path;  ///< Relative to the new project.
  std::string text;
};

/// A Leat project made of a dbt project.
struct Translation {
  std::string name;  ///< Of the pipeline.
  std::vector<OutputFile> files;
  std::vector<Left> left;
  std::size_t models = 0;
  std::size_t sources = 0;  ///< Seeds included.
  std::size_t checks = 0;
  std::map<int, std::size_t> tests;  ///< By lines of the pipeline's file, which is the last one.
};

struct TranslationOptions {
  std::filesystem::path seeds_from;            ///< The dbt project, as the new one names it.
  std::set<std::string> checks;                ///< What the program can check.
  std::map<std::size_t, std::string> refused;  ///< Tests that fit no dataset, and why.
};

/// Models become models, seeds and sources become sources, tests become checks; every model that
/// is not ephemeral is published to a DuckDB file, as dbt would have made a table of it. Tests are
/// counted as they stand in `Project::uses`.
Translation translate(Project project, const TranslationOptions& options);

}  // namespace leat::imports::dbt
