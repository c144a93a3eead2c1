#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "app/project.hpp"
#include "base/cancel.hpp"
#include "core/sink.hpp"
#include "run/report.hpp"

namespace leat::app {

/// Runs one pipeline to its end; with `sinks` only those, with what they rest on. Errors: what kept
/// it from beginning; see run::run_pipeline.
/// Tests steer it by LEAT_TEST_BATCH_ROWS, LEAT_TEST_BLOCK_BYTES and LEAT_TEST_STOP_AFTER_SLICE.
Result<run::RunReport> run_pipeline(const std::filesystem::path& where, const LoadOptions& options,
                                    const std::vector<std::string>& sinks,
                                    const CancelToken& cancel, const run::RunEvents& events);

/// The options for a plan that is carried out: `{{ run.id }}` is that of the run.
LoadOptions for_a_run(LoadOptions options);

/// The same for a plan that is made already.
Result<run::RunReport> run_plan(const plan::Plan& plan, const LoadOptions& options,
                                const CancelToken& cancel, const run::RunEvents& events);

/// The report as one JSON object.
std::string to_json(const run::RunReport& report);

/// A publish that waited and what became of it.
struct HeldOutcome {
  Receipt receipt;
  std::string place;
  std::string how_to_look;
  std::string warning;  ///< Mostly empty.
};

/// What waits for a person, in the project of `where`.
struct HeldEntry {
  Receipt receipt;
  std::vector<std::string> reasons;
  std::filesystem::path rows;
  std::string warning;  ///< Mostly empty.
};
Result<std::vector<HeldEntry>> list_held(const std::filesystem::path& where);

/// Makes a held publish visible, with the compare-and-set of every publish: refused as stale when
/// the target has moved since. `given`: variables that its run kept nowhere, as secrets.
Result<HeldOutcome> publish_held(const std::filesystem::path& where, const std::string& id_prefix,
                                 const LoadOptions& given);
/// What a held publish would change of its target, which stays as it is.
struct HeldChange {
  HeldEntry held;
  std::string place;
  Difference difference;
};
Result<HeldChange> diff_held(const std::filesystem::path& where, const std::string& id_prefix,
                             const LoadOptions& given);
/// Removes a held publish; the target stays as it is.
Result<HeldEntry> discard_held(const std::filesystem::path& where, const std::string& id_prefix);

}  // namespace leat::app
