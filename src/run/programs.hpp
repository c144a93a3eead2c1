#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "run/live_run.hpp"

namespace leat::run {

/// What a program of this run is given beside its command.
struct ProgramFiles {
  std::filesystem::path input;   ///< Read as stdin; empty: nothing.
  std::filesystem::path output;  ///< Takes stdout; empty: it goes to the log.
  bool must_read_all = false;    ///< Ending well in the middle of its input is a failure.
};

/// Starts a program and waits for its end. Its stderr goes to the run's log.
///
/// Promise   it gets our environment without secrets, the variables that it names, and LEAT_RUN_ID,
///           LEAT_PIPELINE, LEAT_NODE and those of `context`.
/// Errors    config    there is no such program. external  it failed, or took too long; with the
///           end of what it said. cancelled  the run is to stop.
Status run_program(const RunServices& services, const plan::Plan& plan, const Uuid& run_id,
                   const plan::Program& program, const ProgramFiles& files,
                   const std::vector<std::pair<std::string, std::string>>& context = {});

}  // namespace leat::run
