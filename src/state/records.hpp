#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "core/receipt.hpp"
#include "io/process_identity.hpp"

namespace leat::state {

/// One execution, as the store remembers it.
struct RunRecord {
  Uuid run_id;
  std::string pipeline;
  std::string environment;
  std::string status;  ///< running, success, failed, held, partial, interrupted, crashed
  Instant started_at{};
  std::optional<Instant> ended_at;
  int exit_code = 0;
  std::string report;  ///< JSON of the run's summary; empty while it runs.
  std::string pipeline_file;
  std::vector<std::pair<std::string, std::string>> variables;  ///< `--var`
  std::vector<std::string> sinks;  ///< The only ones of it that were meant; empty: all.
  std::optional<Uuid> retry_of;    ///< The run whose failed sinks it ran again.
  std::string lane;  ///< main, its interval, or that of a replay; empty: an older leat made it.
  io::ProcessIdentity process;  ///< Who carries it out.
};

/// One node of a run.
struct StepRecord {
  Uuid run_id;
  std::string node;
  std::string kind;   ///< source, model, step, sink, hook
  std::string state;  ///< running, done; of a sink its verdict
  std::uint64_t rows_in = 0;
  std::uint64_t rows_out = 0;
  std::uint64_t rows_quarantined = 0;
  Instant started_at{};
  std::optional<Instant> ended_at;
  std::string error;
  bool operator==(const StepRecord&) const = default;
};

enum class PublishStatus { planned, committed, held, failed, discarded, superseded };
std::string_view name_of(PublishStatus status);

/// One publish that a run meant to make.
struct PublishRecord {
  Uuid publish_id;
  Uuid run_id;
  Lane lane;
  PublishStatus status = PublishStatus::planned;
  Instant planned_at{};
  std::string receipt;    ///< JSON; of a held publish the receipt it will get. May be empty.
  std::string held_file;  ///< Where the held stage lies; empty unless held.
  std::string pipeline_file;
  std::string place;  ///< Of its target, as its sink says it; empty: an older leat planned it.
  /// It is over, and what it staged may lie there still: a later run tries to remove it.
  bool leaves_stage = false;
};

/// Something that happened, for people.
struct EventRecord {
  Instant at{};
  std::string kind;      ///< publish, quarantine, pause, resume, cancel, crash
  std::string pipeline;  ///< Empty: of none.
  std::string run_id;    ///< Empty: of none.
  std::string text;
  bool operator==(const EventRecord&) const = default;
};

/// How many rows a table has.
struct RowCount {
  std::string table;
  std::uint64_t rows = 0;
  bool is_about = false;  ///< As a server remembers: to count that many would take seconds.
};

/// A pipeline that nobody is to run.
struct Pause {
  std::string pipeline;
  Instant at{};
  std::string by;      ///< "ann on db-host"
  std::string reason;  ///< May be empty.
  bool operator==(const Pause&) const = default;
};

/// The right to carry something out, for as long as it is renewed.
struct Lease {
  std::string name;         ///< A pipeline, or one interval of it.
  std::uint64_t fence = 0;  ///< Grows each time that somebody takes it.
  Uuid run_id;
  std::string holder;           ///< "ann on db-host"
  io::ProcessIdentity process;  ///< Who renews it.
  bool is_held = false;         ///< It was not given back, and has not run out.
  Micros left{};                ///< Until it runs out, unless it is renewed.
};

/// How much history is kept. What waits to be settled, and the last publish of a lane, always is.
struct Retention {
  std::optional<Micros> age;
  std::optional<std::uint64_t> runs;
  bool operator==(const Retention&) const = default;
};

}  // namespace leat::state
