#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "core/receipt.hpp"
#include "engine/pass.hpp"
#include "plan/contract.hpp"
#include "run/outcome.hpp"
#include "run/profile.hpp"
#include "run/score.hpp"

namespace leat::run {

/// How a sink came out of a run.
enum class SinkVerdict { published, unchanged, held, failed };
std::string_view name_of(SinkVerdict verdict);

/// One sink after a run. Over several slices: the sums, and the last receipt.
struct SinkReport {
  std::string name;
  std::string from;
  std::string place;        ///< "out/x.parquet"
  std::string how_to_look;  ///< A command.
  std::string strategy;
  std::string guarantee;
  SinkVerdict verdict = SinkVerdict::unchanged;
  std::uint64_t published = 0;
  std::uint64_t publishes = 0;
  bool is_done = false;  ///< No slice of the run is left for it.
  RowChanges changes;
  Receipt receipt;                    ///< The last one; of a held publish the one that it will get.
  std::vector<std::string> reasons;   ///< Why it is held or failed.
  std::vector<std::string> warnings;  ///< Of its commit.
  std::string error;                  ///< Rendered; empty unless failed by an error.
  bool busy = false;                  ///< The error was a lock that goes away by itself.
  bool is_refused = false;            ///< A safety rule was in the way.
  bool may_pass = false;              ///< It was external: another try may do.
  bool is_grave = false;              ///< The machine itself stopped it: as Error::grave.
  bool is_unknown = false;            ///< It may be published all the same.
};

/// Says that the sink has failed by it.
void note_error(SinkReport& sink, const Error& error);

struct DatasetReport {
  std::string name;
  std::string kind;  ///< source, model, step
  DatasetOutcome outcome;
  bool measured = false;  ///< It was the end of a pass: `statistics` holds.
  kernels::Summary statistics;
  std::vector<kernels::Gauge> gauges;             ///< What set checks asked for besides.
  std::shared_ptr<kernels::Statistics> gathered;  ///< To be merged with that of other slices.
  Profile profile;                                ///< Of what a sink publishes.
  std::vector<plan::ColumnNote> notes;            ///< What contracts say of its columns.
  Score score;                                    ///< Over its own checks.
  Micros elapsed{0};                              ///< Of the pass it was read in.
};

/// One node of the pipeline, for the picture.
struct GraphNode {
  std::string name;
  std::string kind;       ///< source, model, sink
  std::string connector;  ///< Empty for a model.
  std::vector<std::string> inputs;
};

/// Everything a run learned. Never the truth: that is in the receipts.
struct RunReport {
  Uuid run_id;
  std::string pipeline;
  std::string description;  ///< Of the pipeline, as its file has it.
  std::string owner;
  std::string environment;
  std::string interval;  ///< Name of the one that it was about; empty: of none.
  std::string status;    ///< success, held, failed, partial, interrupted
  int exit_code = 0;
  Instant started_at{};
  Micros began{0};  ///< The same on the steady clock.
  Micros elapsed{0};
  std::uint64_t slices = 0;
  std::vector<GraphNode> graph;
  std::vector<DatasetReport> datasets;
  std::vector<SinkReport> sinks;
  Score score;
  std::vector<std::string> warnings;
  std::vector<std::string> check_warnings;  ///< Of checks, whose outcomes tell the same.
  std::vector<std::string> queries;         ///< As executed, one a pass.
  std::vector<std::string> segments;        ///< Paths of quarantine segments.
};

/// Called while a run goes on, from another thread.
struct RunEvents {
  std::function<void(const std::string&)> on_step;
  std::function<void(const std::vector<engine::PassProgress>&)> on_progress;
  std::function<void(const Diagnostic&)> on_warning;  ///< Of the plan, before the run begins.
};

}  // namespace leat::run
