#pragma once

#include <functional>
#include <optional>

#include "base/cancel.hpp"
#include "core/catalog.hpp"
#include "io/files.hpp"
#include "plan/plan.hpp"
#include "run/report.hpp"
#include "run/run_lease.hpp"
#include "state/store.hpp"

namespace leat::run {

struct LiveRun;

struct RunOptions {
  std::size_t batch_rows = 2048;
  std::size_t block_bytes = 1 << 20;
  std::optional<std::uint64_t> slices_max;  ///< Stop, cleanly, after so many slices.
  std::vector<std::pair<std::string, std::string>> variables;  ///< `--var`, for a held publish.
  std::optional<Uuid> run_id;    ///< That the plan was made for; nothing: a new one.
  bool keeps_contracts = true;   ///< False: what was found of the sources is for this run alone.
  std::string lane;              ///< That sinks publish on; empty: as the plan says.
  bool force = false;            ///< Run even what is paused.
  std::optional<Uuid> retry_of;  ///< The run whose failed sinks these are.
  Micros lease = kLeaseLength;   ///< So long it may be silent before another run takes its place.
  bool only_looks = false;       ///< Nothing is published, so that no extract is kept.
  /// The interval was chosen since its sinks lack it: one that has it by now is left out.
  bool only_missing = false;
  /// Of each source that comes once, and is read by our own code; nothing: all.
  std::optional<std::uint64_t> records_max;
};

/// What a run works with; all of it outlives the run.
struct RunServices {
  io::FileSystem* files = nullptr;
  const Clock* clock = nullptr;
  state::Store* store = nullptr;
  const CancelToken* cancel = nullptr;
  std::string leat_version;
  std::vector<std::string> warnings;  ///< Of what came before the run; part of its report.
  RunEvents events;
};

/// Carries out a plan, once, to its end.
///
/// Promise   each sink is published with its receipt, or unchanged, or held, or failed with its
///           target as it was; the report says which. After a kill at any moment the next call
///           settles what was planned and goes on from the positions in the ledgers: no row is
///           lost, none doubled.
/// Errors    what kept the run from beginning: busy when another run of the pipeline goes on,
///           config when a target or source is not there. What happened later is in the report.
Result<RunReport> run_pipeline(const plan::Plan& plan, const RunOptions& options,
                               const RunServices& services);

/// Busy where somebody has said that it is not to run.
Status require_not_paused(state::Store& store, const std::string& pipeline);

/// What is done while a run is open.
using RunWork = std::function<Status(LiveRun& run, RunReport& report)>;

/// The same around other work than all slices of all sinks: no hooks, and contracts stay.
Result<RunReport> run_around(const plan::Plan& plan, const RunOptions& options,
                             const RunServices& services, const RunWork& work);

}  // namespace leat::run
