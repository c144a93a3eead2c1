#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "app/project.hpp"
#include "app/run.hpp"
#include "state/records.hpp"

namespace leat::app {

/// Runs again what failed in a run: its failed sinks with all that they rest
/// on, and, where it was killed or interrupted, those that have nothing of it
/// yet. What it has published stays as it is.
///
/// Errors   config   there is nothing of it to run again; its pipeline file is
/// gone.
///          busy     it goes on still.
Result<run::RunReport> retry_run(const std::filesystem::path& where, const std::string& id_prefix,
                                 const LoadOptions& options, const CancelToken& cancel,
                                 const run::RunEvents& events);

/// How a run was made to end.
struct CancelledRun {
  std::string run_id;
  std::string pipeline;
  bool is_killed = false;  ///< It did not end by itself within the grace.
  std::string status;      ///< What the history says of it now.
};

/// Asks the process of a run to stop (SIGTERM: it tidies up), and kills it
/// after `grace`.
///
/// Promise   no other process gets the signal, whatever its number is by now.
/// Errors    config    the run has ended, or its process is gone or on another
/// machine.
///           external  nobody may end it.
Result<CancelledRun> cancel_run(const std::filesystem::path& where, const std::string& id_prefix,
                                std::chrono::milliseconds grace);

struct PausedPipeline {
  state::Pause pause;
  std::string warning;  ///< What had to be done to have a store; empty: nothing.
};
struct ResumedPipeline {
  bool was_paused = false;
  std::string warning;  ///< As above.
};

/// Nobody runs the pipeline until it is resumed, unless by force. Config error,
/// with the nearest name, when the project has no such pipeline.
Result<PausedPipeline> pause_pipeline(const std::filesystem::path& where, const std::string& name,
                                      const std::string& reason);
Result<ResumedPipeline> resume_pipeline(const std::filesystem::path& where,
                                        const std::string& name);

/// What the store of a project holds.
struct StateSummary {
  std::string kind;   ///< "SQLite", "PostgreSQL"
  std::string place;  ///< Its file, or database and schema.
  std::size_t version = 0;
  std::uint64_t bytes = 0;
  std::vector<state::RowCount> counts;
  std::uint64_t planned = 0;  ///< Publishes that wait to be settled.
  std::vector<state::Pause> pauses;
  std::vector<state::EventRecord> events;  ///< The last ones, newest first.
  std::vector<std::string> running;        ///< "run of pipeline", of each that goes on.
  std::vector<state::Lease> leases;        ///< That somebody holds.
};
Result<StateSummary> state_summary(const std::filesystem::path& where);

/// Every row of the store, a JSON object a line: docs/formats/state-store.md.
Status export_state(const std::filesystem::path& where,
                    const std::function<void(const std::string&)>& take_line);

}  // namespace leat::app
