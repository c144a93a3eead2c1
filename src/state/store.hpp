#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "io/files.hpp"
#include "state/records.hpp"

namespace leat::state {

class Store;

/// A store, and what had to be done to have one.
struct OpenedStore {
  std::unique_ptr<Store> store;
  std::string warning;  ///< A sentence; empty when the store was there and whole, or new.
};

/// Runs with their steps, planned publishes, leases, pauses and events.
///
/// Threads   one at a time; several processes may have it open.
/// Promise   planned publishes, the end of a run, pauses and resumes are durable on return. The
///           beginning of a run, leases, `settle`, `note_step` and an event that is not asked to
///           be durable a loss of power may undo. It is history and intent, never the truth:
///           that is in the ledgers of the targets.
/// Errors    external  disk full, locked; a server that is gone. config  made by a newer program.
class Store {
 public:
  /// Makes or migrates the file. SQLite in WAL mode. `clock` is the one of its leases.
  static Result<std::unique_ptr<Store>> open(const std::filesystem::path& path,
                                             const Clock& clock = system_clock());
  /// As `open`; a file that is damaged or no store is set aside as `<name>.broken-<time>`, and a
  /// new one is begun.
  static Result<OpenedStore> open_or_begin_anew(const std::filesystem::path& path,
                                                io::FileSystem& files, const Clock& clock);
  virtual ~Store() = default;

  /// The run and all publishes that it plans, in one step.
  virtual Status begin_run(const RunRecord& run, const std::vector<PublishRecord>& planned) = 0;
  /// As they are given: those that a lost store has forgotten are committed already.
  virtual Status plan_publishes(const std::vector<PublishRecord>& planned) = 0;
  /// Replaces status, receipt and held_file of these publishes, in one step; each is an event.
  virtual Status settle(const std::vector<PublishRecord>& publishes) = 0;
  /// The run as it ended, and all of its steps, in one step.
  virtual Status finish_run(const RunRecord& run, const std::vector<StepRecord>& steps) = 0;
  /// A step that begins: for those who look on.
  virtual Status note_step(const StepRecord& step) = 0;
  virtual Status note_event(const EventRecord& event, bool is_durable = false) = 0;

  /// Newest first. An empty pipeline name means all of them.
  virtual Result<std::vector<RunRecord>> runs(std::string_view pipeline, std::size_t limit) = 0;
  /// Those of a pipeline, or of all, that have not ended, oldest first, without their reports.
  virtual Result<std::vector<RunRecord>> unfinished_runs(std::string_view pipeline) = 0;
  /// By the beginning of its id, or "last". Config error when none or several match.
  virtual Result<RunRecord> run(std::string_view id_prefix) = 0;
  /// Did the one begin after the other? False where one of them is not known.
  virtual Result<bool> began_after(const Uuid& run_id, const Uuid& other) = 0;
  /// In the order in which they began.
  virtual Result<std::vector<StepRecord>> steps(const Uuid& run_id) = 0;
  /// Oldest first.
  virtual Result<std::vector<PublishRecord>> publishes(std::string_view pipeline,
                                                       std::optional<PublishStatus> status) = 0;
  virtual Result<std::vector<PublishRecord>> publishes_of(const Uuid& run_id) = 0;
  /// Those that are over and may have left what they staged, oldest first.
  virtual Result<std::vector<PublishRecord>> publishes_with_stage(std::string_view pipeline) = 0;
  /// Nothing is left of this one's stage any more.
  virtual Status note_stage_removed(const Uuid& publish_id) = 0;
  /// Has it ever been told of a publish of this sink to that place?
  virtual Result<bool> knows_sink(std::string_view pipeline, std::string_view sink,
                                  std::string_view place) = 0;
  /// The newest committed one; nothing: none is known.
  virtual Result<std::optional<PublishRecord>> last_publish(const Lane& lane) = 0;
  /// By the beginning of its id. Config error when none or several match.
  virtual Result<PublishRecord> publish(std::string_view id_prefix) = 0;
  /// Newest first. An empty pipeline name means all of them.
  virtual Result<std::vector<EventRecord>> events(std::string_view pipeline, std::size_t limit) = 0;

  /// Takes the lease of this name where nobody holds it: who held it before has given it back, has
  /// not renewed it in time, or is a process of this machine that has ended. `may_be_held`: another
  /// process holds the lock beside it, so that a lease of which nothing is known is one of its.
  ///
  /// Errors   busy  somebody holds it.
  virtual Result<Lease> take_lease(const Lease& wanted, Micros length, bool may_be_held) = 0;
  /// It holds for `length` from now on.
  ///
  /// Errors   refused  somebody has taken it since: whoever held it must not publish any more.
  virtual Status renew_lease(const Lease& lease, Micros length) = 0;
  /// No error when it was taken since.
  virtual Status release_lease(const Lease& lease) = 0;
  /// Of all names, those that were given back too.
  virtual Result<std::vector<Lease>> leases() = 0;

  /// Pausing twice keeps the later one.
  virtual Status pause(const Pause& pause) = 0;
  /// False: it was not paused.
  virtual Result<bool> resume(std::string_view pipeline, const EventRecord& event) = 0;
  virtual Result<std::vector<Pause>> pauses() = 0;

  /// Forgets runs that `retention` does not keep, and what belongs to them; tells which.
  virtual Result<std::vector<Uuid>> forget(const Retention& retention, Instant now) = 0;

  /// "SQLite", "PostgreSQL"
  virtual std::string kind() const = 0;
  /// Its file, or database and schema.
  virtual std::string place() const = 0;
  virtual Result<std::uint64_t> bytes() = 0;
  /// The same store for another thread; any may ask.
  virtual Result<std::unique_ptr<Store>> open_another() const = 0;
  /// Number of its newest migration.
  virtual Result<std::size_t> version() = 0;
  /// Of each table.
  virtual Result<std::vector<RowCount>> counts() = 0;
  /// Every row of every table, table after table, each cell as text.
  using TakeRow =
      std::function<Status(const std::string& table, const std::vector<std::string>& columns,
                           const std::vector<std::string>& cells)>;
  virtual Status dump(const TakeRow& take) = 0;
};

/// Is this file no store that can be read: another kind of file, or one whose pages are broken?
/// False when it may only be out of reach, locked or newer.
bool is_damaged(const std::filesystem::path& path);

}  // namespace leat::state
