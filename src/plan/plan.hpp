#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/secret.hpp"
#include "core/catalog.hpp"
#include "core/check.hpp"
#include "core/position.hpp"
#include "core/sink.hpp"
#include "plan/condition.hpp"
#include "plan/contract.hpp"
#include "plan/drift.hpp"
#include "plan/hidden_values.hpp"
#include "plan/interval.hpp"
#include "plan/late_items.hpp"
#include "plan/program.hpp"
#include "plan/project_file.hpp"

namespace leat::plan {

/// What a path from source to sink can really give.
enum class Guarantee { exactly_once, idempotent, at_least_once };
std::string_view name_of(Guarantee guarantee);

/// What becomes of a run when a source cannot be read.
struct OnError {
  enum class Act { fail, skip, fallback };
  Act act = Act::fail;
  /// The source that is read in its place when it cannot be read, where `act` says so, or when the
  /// gate closes, where the policy does. Empty: none.
  std::string fallback;
};

struct SourceNode {
  std::string name;
  std::string connector;
  std::shared_ptr<const SourceSpec> spec;
  data::Schema schema;  ///< What SQL and sinks see.
  std::vector<Check> checks;
  data::Schema judged;  ///< What checks meet: before `pii` hides anything.
  std::optional<Contract> contract;
  /// Options that nobody wrote and its files told: its contract is to keep them.
  std::vector<config::Node::Entry> found_options;
  std::vector<std::string> left_open;  ///< What they did not tell, and what says it.
  Drift drift;      ///< From the contract to what was found; empty without a look at it.
  Visible visible;  ///< From `judged` to `schema`.
  OnError on_error;
  std::string failure;  ///< Why it could not be looked at; empty: it could, or nobody has looked.
  Drift from_fallback;  ///< From the columns of its fallback to its own.
  std::optional<LateItems> items;  ///< Until a run has read them `spec` has none.
  bool is_declared = false;        ///< The pipeline itself says what its columns are.
  Condition when;
};

/// A dataset that is made of others: by SQL, or by a program.
struct ModelNode {
  std::string name;
  std::string sql;     ///< One SELECT, variables put in.
  std::string origin;  ///< "models/people.sql", or the pipeline file.
  std::vector<std::string> inputs;
  data::Schema schema;
  std::vector<Check> checks;
  bool row_wise = false;
  Condition when;
  std::vector<std::string> needs;  ///< Nodes whose counts its SQL or its condition asks for.
  std::shared_ptr<const StepProgram> step;  ///< It is a step: a program over its one input.
};

struct SinkNode {
  std::string name;
  std::string connector;
  std::shared_ptr<const SinkSpec> spec;
  std::string from;
  Strategy strategy = Strategy::replace;
  StrategyOptions options;
  Guarantee guarantee = Guarantee::exactly_once;
  std::string guarantee_reason;
  std::vector<std::string> upstream;  ///< Every source and model it rests on, in order of work.
  /// Those that only checks of its datasets look at, and what these rest on, in order of work.
  std::vector<std::string> consulted;
  /// The source whose new rows are taken; all others are read whole each time. Empty: all are.
  std::string growing_source;
  /// The sink whose place it takes in the target: it goes on where that one stopped.
  std::optional<Lane> takes_over;
  bool shared = false;  ///< Other sinks publish to the target as well.
  /// What it publishes is that of one interval, on a lane of its own.
  bool by_interval = false;
  bool target_by_interval = false;  ///< Each interval has a target of its own.
  Condition when;
};

/// One streaming query. Its inputs are sources and datasets that earlier passes left behind.
struct PassNode {
  std::string dataset;
  std::vector<std::string> inputs;
  std::vector<std::string> inlined;   ///< Models that are part of this query.
  std::vector<std::string> consults;  ///< Datasets that its rows are compared with.
  std::string select;
  data::Schema schema;
  bool row_wise = true;
  /// Columns whose statistics set checks ask for, where nothing keeps the rows: `select` yields
  /// then no more than checks need of them. Nothing: it yields and measures all.
  std::optional<std::vector<std::string>> measured;
  std::vector<std::string> sinks;
  bool spooled = false;            ///< Other passes read it.
  bool kept = false;               ///< Set checks may query its rows.
  std::vector<std::string> steps;  ///< Programs that get its rows.
  std::string why;                 ///< Why the stream ends here: "2 sinks", "has checks".
};

struct MaxChange {
  std::optional<double> added;  ///< Share of the rows that are there; nothing: any.
  std::optional<double> removed;
  std::optional<double> changed;
  bool any() const { return added || removed || changed; }
};

struct Policy {
  std::optional<double> max_quarantine;
  double min_score = 0;
  enum class Breach { warn, hold, fail, fallback } on_breach = Breach::hold;
  std::string fallback;  ///< The source that is read in the place of another when the gate closes.
  enum class Held { block, supersede };
  std::optional<Held> on_held;  ///< Default: block for append, supersede for replace.
  std::map<Dimension, double> weights;
  MaxChange max_change;
  bool profile = false;  ///< Rows are read once more where statistics leave the profile open.
};

/// Programs that run around a run.
struct Hooks {
  std::vector<Program> before;      ///< Nothing is read before they have ended well.
  std::vector<Program> after;       ///< When the run succeeded.
  std::vector<Program> finally;     ///< Whatever happened.
  std::vector<Program> on_failure;  ///< When it did not succeed; a held publish is no failure.
};

/// How external faults are tried again.
struct Retry {
  std::uint64_t attempts = 3;
  bool grows = true;  ///< The delay doubles each time.
  std::chrono::milliseconds delay{2000};
  std::chrono::milliseconds max_delay{3'600'000};
  bool jitter = true;
  std::optional<std::chrono::milliseconds> within = std::nullopt;  ///< No try begins after that.
};

struct Resources {
  std::uint64_t memory_bytes = 0;  ///< 0: a quarter of the machine's memory.
  std::size_t threads = 0;         ///< 0: all cores.
};

/// A pipeline, checked, typed and immutable: everything a run needs to know but the rows.
struct Plan {
  std::string pipeline;
  std::string description;
  std::string owner;
  std::vector<std::string> tags;
  std::filesystem::path file;
  std::filesystem::path root;
  std::filesystem::path artifacts;
  std::filesystem::path state;  ///< Folder `.leat`.
  Retention retention;
  std::string environment;
  std::string version;  ///< Digest of the resolved file and its SQL, 64 hex digits.
  std::shared_ptr<const SecretProvider> secrets;
  HiddenValues hidden;  ///< Out of whatever is shown or kept.
  std::vector<SourceNode> sources;
  std::vector<ModelNode> models;
  std::vector<SinkNode> sinks;
  std::vector<std::string> left_out;  ///< Sinks of the file that were not selected.
  std::vector<PassNode> passes;       ///< In order of work.
  Policy policy;
  Resources resources;
  Hooks hooks;
  bool is_measured = true;     ///< False: rows are neither judged nor measured, `checks: none`.
  bool is_rehearsal = false;   ///< Its targets, state and artifacts are stand-ins.
  std::optional<Retry> retry;  ///< Nothing: nothing is tried again.
  std::optional<IntervalRule> intervals;
  std::optional<Interval> interval;  ///< The one that this plan is for.
  bool is_protected = false;         ///< Its environment is.
  bool is_full_refresh = false;      ///< Everything is read anew and takes the place of all.
  SliceLimits slice;
  /// By dataset: what its contract says of its columns, and those of what it copies them from.
  std::map<std::string, std::vector<ColumnNote>> notes;
  std::vector<Diagnostic> warnings;

  /// Where the publishes of a sink stand in the ledger of its target.
  Lane lane_of(const SinkNode& sink) const;
  /// Every dataset that a publish of this sink needs to be read: upstream or consulted.
  static bool needs(const SinkNode& sink, std::string_view dataset);
  const SourceNode* source(std::string_view name) const;
  const ModelNode* model(std::string_view name) const;
  const SinkNode* sink(std::string_view name) const;
  /// Of a source or model that is there.
  const data::Schema& schema(std::string_view dataset) const;
  /// What is said of a column; empty where nothing is.
  ColumnNote note(const std::string& dataset, const std::string& column) const;
};

}  // namespace leat::plan
