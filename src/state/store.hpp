#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "core/receipt.hpp"
#include "io/files.hpp"

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
};

class Store;

/// A store, and what had to be done to have one.
struct OpenedStore {
  std::unique_ptr<Store> store;
  std::string warning;  ///< A sentence; empty when the store was there and whole, or new.
};

/// Runs and planned publishes.
///
/// Threads   one at a time; several processes may have it open.
/// Promise   what a call wrote is durable when it returns. It is history and intent, never the
///           truth: that is in the ledgers of the targets. Losing it loses history only.
/// Errors    external  disk full, locked. config  made by a newer program.
class Store {
 public:
  /// Makes or migrates the file. SQLite in WAL mode.
  static Result<std::unique_ptr<Store>> open(const std::filesystem::path& path);
  /// As `open`; a file that is damaged or no store is set aside as `<name>.broken-<time>`, and a
  /// new one is begun.
  static Result<OpenedStore> open_or_begin_anew(const std::filesystem::path& path,
                                                io::FileSystem& files, const Clock& clock);
  virtual ~Store() = default;

  /// The run and all publishes that it plans, in one step.
  virtual Status begin_run(const RunRecord& run, const std::vector<PublishRecord>& planned) = 0;
  virtual Status plan_publishes(const std::vector<PublishRecord>& planned) = 0;
  /// Replaces status, receipt and held_file of these publishes, in one step.
  virtual Status settle(const std::vector<PublishRecord>& publishes) = 0;
  virtual Status finish_run(const RunRecord& run) = 0;

  /// Newest first. An empty pipeline name means all of them.
  virtual Result<std::vector<RunRecord>> runs(std::string_view pipeline, std::size_t limit) = 0;
  /// By the beginning of its id, or "last". Config error when none or several match.
  virtual Result<RunRecord> run(std::string_view id_prefix) = 0;
  /// Oldest first.
  virtual Result<std::vector<PublishRecord>> publishes(std::string_view pipeline,
                                                       std::optional<PublishStatus> status) = 0;
  /// By the beginning of its id. Config error when none or several match.
  virtual Result<PublishRecord> publish(std::string_view id_prefix) = 0;
};

/// Is this file no store that can be read: another kind of file, or one whose pages are broken?
/// False when it may only be out of reach, locked or newer.
bool is_damaged(const std::filesystem::path& path);

}  // namespace leat::state
