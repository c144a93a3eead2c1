#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "config/environment.hpp"
#include "config/text_files.hpp"
#include "plan/hidden_values.hpp"
#include "plan/pipeline_file.hpp"
#include "plan/project_file.hpp"

namespace leat::plan {

/// What a command line and its surroundings say about loading.
struct LoadOptions {
  std::filesystem::path working_folder;  ///< Absolute. Files are shown relative to it.
  std::string environment;               ///< `-e`; empty: LEAT_ENV, else `dev`.
  VarList vars;                          ///< `--var`
  std::string run_id;                    ///< `{{ run.id }}`
  bool stand_ins = false;                ///< Params may lack a value: see resolve_params.
  std::optional<Interval> interval;      ///< Nothing: the first one, where there are some.
  std::function<Result<engine::Session*>()> session = {};  ///< Knows time zones.
  const config::Environment* variables = &config::process_environment();
  const config::TextFiles* files = &config::local_text_files();
};

/// One pipeline with its project and its SQL, ready to be planned.
struct LoadedPipeline {
  std::filesystem::path path;  ///< Absolute.
  std::string shown_as;        ///< The file in messages.
  PipelineFile file;
  std::vector<Param> params;
  HiddenValues hidden;
  std::shared_ptr<const ProjectFile> project;
  std::shared_ptr<const config::Values> values;  ///< Of templates.
  std::optional<Interval> interval;              ///< The one that `values` are of.
  std::shared_ptr<const config::Node> tree;      ///< What `file` points into.
  /// What the pipeline's version is the digest of: the file with variables put in, the values of
  /// its params, the connections of its environment, the SQL of its models, its contracts.
  std::string canonical;
  std::vector<std::shared_ptr<const config::Node>> kept;  ///< What else `file` points into.
  std::vector<std::string> contract_texts;                ///< Of the contracts' files.
  /// What was found so far, and the lines of all files: the plan goes on here.
  config::Findings findings;
};

/// Loads pipeline files. Each project is read once.
///
/// Calls     `begin` and `load` any number of times.
/// Threads   one at a time.
/// Errors    config: everything that is wrong in the pipeline, its SQL templates and its project,
///           all at once.
class Loader {
 public:
  explicit Loader(LoadOptions options);
  /// Whole and without a finding.
  Result<LoadedPipeline> load(const std::filesystem::path& file);
  /// As far as it can be read: what is wrong is in its findings, and a plan finds the rest. An
  /// error only where there is no tree at all.
  Result<LoadedPipeline> begin(const std::filesystem::path& file);

 private:
  struct Project {
    std::shared_ptr<const ProjectFile> file;
    std::vector<Diagnostic> found;
  };

  const Project& project_of(const std::filesystem::path& pipeline);

  LoadOptions x_options;
  std::map<std::filesystem::path, Project> x_projects;
};

}  // namespace leat::plan
