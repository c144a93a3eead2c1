#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/cancel.hpp"
#include "base/result.hpp"
#include "base/uuid.hpp"
#include "config/text_files.hpp"
#include "engine/session.hpp"
#include "plan/engine_access.hpp"
#include "plan/load.hpp"
#include "plan/plan.hpp"
#include "plan/project_file.hpp"
#include "plan/resolved.hpp"

namespace leat::app {

/// What the flags of a command said about how to read a pipeline.
struct LoadOptions {
  std::string environment;                                     ///< Empty: LEAT_ENV, else dev.
  std::vector<std::pair<std::string, std::string>> variables;  ///< `--var k=v`
  std::size_t threads = 0;                                     ///< 0: as the file says.
  std::string memory;                                          ///< "2GB"; empty: as the file says.
  bool force = false;                                          ///< Run even what is paused.
  std::optional<Uuid> retry_of;                                ///< See run::RunOptions.
  std::shared_ptr<const config::TextFiles> files;              ///< Null: those of the disk.
  std::optional<Uuid> run_id;   ///< Of the run that is planned; nothing: none will follow.
  bool keeps_contracts = true;  ///< False: the pipeline stands in no file.
  std::optional<plan::Interval> interval;  ///< Nothing: the first one, where there are some.
  bool only_missing = false;               ///< See run::RunOptions.
  bool full_refresh = false;               ///< Everything is read anew and replaces what is there.
  bool yes = false;                        ///< What a protected environment asks for is answered.
  /// Of a command that runs: what is out of reach is asked again as the pipeline's `retry` says,
  /// until this is cancelled. Null: it is asked once.
  const CancelToken* tries_until = nullptr;
  /// See plan::PlanServices; null: sinks publish where their options say.
  decltype(plan::PlanServices::redirect) redirect;
};

/// Pipeline files that an argument means: a file, or a folder with `pipelines/*.yml` or `*.yml` in
/// it. Config error, with the nearest name, when there is none.
Result<std::vector<std::filesystem::path>> find_pipelines(const std::filesystem::path& where);
/// Exactly one.
Result<std::filesystem::path> find_pipeline(const std::filesystem::path& where);

/// Where the relative paths of a pipeline file start.
std::filesystem::path root_of(const std::filesystem::path& where);
/// Folder `.leat` of the project that `where` belongs to.
std::filesystem::path state_folder(const std::filesystem::path& where);
std::filesystem::path artifacts_folder(const std::filesystem::path& where);
/// Its leat.yml, for no environment in particular.
plan::ProjectFile project_of(const std::filesystem::path& where, config::Findings& findings);

/// Reads, checks and plans pipelines. Projects are read once, an engine is opened when the first
/// pipeline needs one.
///
/// Threads   one at a time.
class Planner {
 public:
  explicit Planner(LoadOptions options);
  ~Planner();
  Planner(const Planner&) = delete;
  Planner& operator=(const Planner&) = delete;

  /// `discover`: look at sources whose columns are declared, too: is the file there, has it them?
  /// It is what a run does; a check alone is offline.
  Result<plan::Plan> plan(const std::filesystem::path& file, bool discover);
  /// The same without a look at sources whose columns are known, and yet with every parameter: for
  /// rows that come from elsewhere.
  Result<plan::Plan> plan_without_sources(const std::filesystem::path& file);
  /// The interval that the plans which follow are for.
  void choose(plan::Interval interval);
  Result<engine::Session*> session();
  /// The sources alone, as they are found now, whatever their contracts say.
  Result<plan::Plan> look_at_sources(const std::filesystem::path& file);

 private:
  struct State;
  plan::PlanServices services_for(const plan::LoadedPipeline& loaded);
  Result<plan::Plan> make(const std::filesystem::path& file, bool stand_ins, bool discover);
  Result<plan::Plan> make_once(const plan::LoadedPipeline& loaded, bool discover,
                               bool asks_servers);

  std::unique_ptr<State> x_state;
};

/// Every value that holds in a pipeline, and who said it.
Result<std::vector<plan::ResolvedValue>> resolved_values(const std::filesystem::path& where,
                                                         const LoadOptions& options);

}  // namespace leat::app
