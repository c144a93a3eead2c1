#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "engine/session.hpp"
#include "run/part_files.hpp"
#include "run/quarantine_spool.hpp"
#include "run/run_log.hpp"
#include "run/runner.hpp"
#include "run/workspace.hpp"

namespace leat::run {

/// Sources that could not be read since somebody looked last, and why.
struct Failures {
  std::mutex mutex;
  std::map<std::string, std::string> by_source;
};

/// When the nodes of a run began, by name.
using StepTimes = std::map<std::string, Instant>;

/// Where a sink goes on in its target.
struct SinkStart {
  Uuid head = {};                 ///< The last publish of its lane that it goes on from.
  Position position;              ///< Of its growing source.
  std::optional<Uuid> took_over;  ///< The last publish of the sink whose place it has taken.
  std::vector<Uuid> others;       ///< Publishes of other sinks in the target.
  PositionMap past;               ///< What it has appended of sources that it goes on from no more.
  bool is_published_meanwhile = false;  ///< Its interval, which was missing when it was chosen.
};

/// What is open while a run goes on.
struct LiveRun {
  const plan::Plan& plan;
  const RunOptions& options;
  const RunServices& services;
  Uuid run_id;
  std::unique_ptr<Workspace> workspace;
  std::unique_ptr<engine::Session> session;
  std::map<std::string, std::unique_ptr<Source>> sources;
  std::map<std::string, std::unique_ptr<Sink>> sinks;
  std::unique_ptr<RunLog> log = nullptr;             ///< Null while only looking.
  std::map<std::string, std::string> replaced = {};  ///< Sources that another is read for, and why.
  std::set<std::string> breached = {};               ///< Of these: the gate closed on their rows.
  /// Keys of checks outgrew the memory once: from then on rows are compared for them.
  bool compares_keys = false;
  /// A stage of which no rows were kept was asked for them once: from then on all are kept.
  bool keeps_rows = false;
  bool wants_rows = false;  ///< To hold such a stage.
  std::unique_ptr<Failures> failures = std::make_unique<Failures>();
  std::map<std::string, std::string> skipped = {};  ///< Datasets left out, and why.
  std::unique_ptr<StepTimes> began = std::make_unique<StepTimes>();

  /// By source: what the items that were found have made of it.
  std::map<std::string, std::shared_ptr<const SourceSpec>> found_items = {};
  std::map<std::string, SinkStart> starts = {};  ///< By sink.
  /// Sinks whose interval another run has published since this one looked what is missing.
  std::set<std::string> published_meanwhile = {};
  std::vector<std::string> said = {};  ///< By sources and sinks, for the report.
  /// By source: rows that are no items of it, until a publish lists them.
  std::map<std::string, std::unique_ptr<QuarantineSpool>> no_items = {};

  bool is_look = false;  ///< Nothing is published.
  /// By source that seals its extract: what lies sealed of it.
  std::map<std::string, std::unique_ptr<PartFiles>> parts = {};

  /// By sink: what its publish takes out of the quarantine.
  std::map<std::string, Replayed> replayed = {};

  Lane lane_of(const std::string& sink) const {
    if (!options.lane.empty()) return {plan.pipeline, sink, options.lane};
    return plan.lane_of(*plan.sink(sink));
  }
  bool cancelled() const { return services.cancel && services.cancel->requested(); }
  int signal() const { return cancelled() ? services.cancel->signal() : CancelToken::kInterrupt; }
  /// A node begins: said to whoever looks on.
  void step(const std::string& text) const;
};

/// Opens the engine, every source and every sink that some sink of the plan needs.
Result<std::unique_ptr<LiveRun>> open_run(const plan::Plan& plan, const RunOptions& options,
                                          const RunServices& services, const Uuid& run_id);

/// The same without a sink and without the lock of a run, to look and publish nothing.
Result<std::unique_ptr<LiveRun>> open_look(const plan::Plan& plan, const RunOptions& options,
                                           const RunServices& services, const Uuid& run_id);
/// What a source of this run may use while it is built.
BuildContext build_context(const LiveRun& run);

/// Does that run go on, here or by a lease that somebody renews?
Result<bool> is_under_way(const LiveRun& run, const Uuid& run_id);

/// Does a sink ask for the order of the rows? Then nothing may change it on the way.
bool keeps_order(const plan::Plan& plan);

/// Opens every source anew: what failed may be in any state.
Status reopen_sources(LiveRun& run);

}  // namespace leat::run
