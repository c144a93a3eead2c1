#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/secret.hpp"
#include "config/environment.hpp"
#include "config/findings.hpp"
#include "config/options.hpp"
#include "config/text_files.hpp"
#include "plan/file_node.hpp"

namespace leat::plan {

/// How much history is kept; nothing: all.
struct Retention {
  std::optional<std::chrono::milliseconds> age;
  std::optional<std::uint64_t> runs;
  std::optional<std::chrono::milliseconds> quarantine;  ///< Age of rows that were set aside.
};

/// What leat.yml says, for one environment.
///
/// Promise   without a leat.yml: an unnamed project in the folder of the pipeline file.
struct ProjectFile {
  std::filesystem::path root;  ///< Absolute. Relative paths start here.
  std::filesystem::path file;  ///< Empty when there is no leat.yml.
  std::string name;
  std::string environment = "dev";
  bool is_protected = false;        ///< Of the environment.
  std::filesystem::path artifacts;  ///< Absolute.
  Retention retention;
  std::vector<FileNode> connections;  ///< The environment's own laid over those of the file.
  std::optional<FileNode> store;  ///< The connection of its history; nothing: a file of its own.
  std::shared_ptr<const SecretProvider> secrets;
  std::shared_ptr<const config::Node> tree;             ///< The file, with variables put in.
  std::shared_ptr<const config::Node> connection_tree;  ///< What `connections` points into.
  std::string canonical;  ///< The connections as text, for a pipeline's version.
};

/// How a project is looked for and read.
struct ProjectRequest {
  std::filesystem::path root;  ///< Folder with the leat.yml, or without one.
  std::string shown_as;        ///< The leat.yml in messages.
  std::string environment;     ///< Of `-e` or LEAT_ENV; empty: dev.
  const config::Environment* variables = nullptr;
  const config::TextFiles* files = nullptr;
};

/// The nearest folder upwards from `folder` with a leat.yml.
std::optional<std::filesystem::path> find_project_root(const std::filesystem::path& folder,
                                                       const config::TextFiles& files);

/// Reads leat.yml. What is broken is left out and told, so that the pipeline can be checked too.
ProjectFile read_project(const ProjectRequest& request, config::Findings& findings);

/// The keys of leat.yml, for its schema and docs.
const config::OptionSet& project_options();

}  // namespace leat::plan
