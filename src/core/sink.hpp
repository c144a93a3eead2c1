#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/result.hpp"
#include "core/chunk_writer.hpp"
#include "core/receipt.hpp"
#include "data/schema.hpp"

namespace leat {

/// How staged rows meet those that are there. docs/strategies.md.
enum class Strategy { replace, append, merge, delete_insert, scd2 };
std::string_view name_of(Strategy strategy);

/// What happens when the staged columns are not those of the target.
enum class OnSchemaChange { fail, add_columns, ignore };

/// The rows of a target that belong to one interval, as texts of the column's type.
struct IntervalRows {
  std::string column;
  std::string start;
  std::string end;  ///< Not included.
};

/// What a strategy works by. Columns as the dataset spells them.
struct StrategyOptions {
  std::vector<std::string> key;  ///< merge, scd2: names a row; replace, delete_insert: to compare.
  std::vector<std::string> by;   ///< delete_insert: rows with the staged values are replaced.
  std::optional<IntervalRows> interval;  ///< delete_insert: instead, all rows of it are replaced.
  std::string version;              ///< merge, scd2: tells newer rows; empty: the staged are newer.
  std::vector<std::string> update;  ///< merge: columns that change; empty: all but the key.
  std::string delete_when;          ///< merge: SQL over a staged row; empty: never.
  std::vector<std::string> compare;  ///< scd2: a change of these; empty: all but key and version.
  std::string valid_from = "valid_from";  ///< scd2: names of its own columns.
  std::string valid_to = "valid_to";
  std::string current = "is_current";
  bool close_deleted = false;  ///< scd2: a key that is not staged any more is closed.
  /// Nothing: `replace` takes the new columns, every other strategy fails.
  std::optional<OnSchemaChange> on_schema_change;
  bool create = true;  ///< Make the target when it is not there.
};

/// What the engine writes for a sink: one file in a format that it writes well itself.
struct StageTarget {
  std::filesystem::path path;  ///< Unlisted; on the same file system as what it becomes.
  std::string format;          ///< "parquet", "csv", "json": an engine copy function.
  /// Options of that copy function; values are SQL literals already: {"COMPRESSION", "'zstd'"}.
  std::vector<std::pair<std::string, std::string>> options;
  /// Where the stage cannot carry a column's type, the type it travels as; by column index.
  std::vector<std::pair<std::size_t, data::Type>> travels_as;
};

/// What a sink writes itself.
struct RowStage {
  ChunkWriter* writer =
      nullptr;  ///< The sink's own, until the next `stage`, `commit` or `discard`.
  std::vector<std::pair<std::size_t, data::Type>> travels_as;  ///< As in StageTarget.
};

using Stage = std::variant<StageTarget, RowStage>;

/// A row that a target would not take.
struct RefusedRow {
  std::string message;  ///< Why, in the target's words.
  std::string raw;      ///< The row as a JSON object.
};

/// What lies staged and sealed.
struct Staged {
  std::uint64_t rows = 0;  ///< Read back from the stage itself, not from our own counters.
  std::uint64_t bytes = 0;
  std::vector<RefusedRow> refused = {};  ///< Rows that were written and are not part of it.
  /// False: the sink has none of its rows, as `PublishPlan::keeps_rows` let it, so that it cannot
  /// be held.
  bool are_rows_kept = true;
};

/// A column of a target before a publish and after it.
struct ColumnShift {
  struct Side {
    std::uint64_t nulls = 0;
    std::string mean;  ///< As the target says it; empty where there are no values.
    bool operator==(const Side&) const = default;
  };
  std::string column;
  Side before = {};
  Side after = {};
  bool operator==(const ColumnShift&) const = default;
};

/// What a publish makes of the rows that it meets. docs/guides/changes.md.
struct Difference {
  std::uint64_t before =
      0;  ///< Rows there that it may touch: of `delete_insert` those it replaces.
  std::uint64_t added = 0;
  std::uint64_t removed = 0;
  std::uint64_t changed = 0;  ///< The same key, other values.
  bool is_by_key = false;     ///< False: rows were compared whole, and none is `changed`.
  std::vector<ColumnShift> shifts = {};  ///< Of the numbers, where the plan asks to measure them.
};

/// Asked within the commit, when all is done but the receipt: an error undoes it.
using JudgeChange = std::function<Status(const Difference&)>;

/// What a publish is about.
struct PublishPlan {
  Uuid publish_id;
  Lane lane;
  Strategy strategy = Strategy::replace;
  data::Schema schema;
  StrategyOptions options;
  /// The publishes of other sinks in the target that are known of, since the last one of this lane:
  /// `commit` is refused when there are more. Nothing: others may publish to it as well.
  std::optional<std::vector<Uuid>> others_seen;
  JudgeChange judge = {};         ///< Empty: what changes is not compared.
  bool measures_columns = false;  ///< For `judge`.
  /// False: nobody will hold the stage, and its rows can be written once more. A sink may then keep
  /// none of them, and fails where it needs them after all (`wants_rows_kept`).
  bool keeps_rows = true;
};

/// The last publish of each lane of a target, as one of them sees it. Lanes of one sink do not
/// stand in each other's way: those of the same sink are not among the others.
struct LaneTips {
  std::optional<Receipt> own;  ///< Nothing before its first publish.
  std::vector<Receipt> newer;  ///< Of other sinks that have published since; newest first.
  std::vector<Receipt> older;  ///< Of all other sinks; newest first.

  /// Takes up the next older receipt of the target. True: it is that of `lane`, so that `own` and
  /// `newer` are whole.
  bool take(Receipt receipt, const Lane& lane);
};

/// How far back a look at the lanes goes: to the own one's last publish, or to the first of all.
enum class Reach { newer, all };

/// One target, opened for publishing.
///
/// Calls     `head`; then `stage`, (the engine writes, or gives the writer its chunks), `seal`, and
///           `commit` or `discard`. `find` and `discard` of an earlier publish id at any time
///           before `stage`. `adopt` instead of `stage` when a held stage is published later.
/// Threads   one at a time.
/// Promise   until `commit` returns success no reader of the target sees anything of the stage;
///           afterwards all of it, with its receipt. `commit` is a compare-and-set on the head: a
///           second runner loses with an error that is_refused(), and publishes nothing. After a
///           kill at any moment `find` says whether a publish happened, and `discard` removes what
///           it left if it did not.
///           A commit that `judge` has refused leaves the stage sealed: `hold` may follow, or
///           `discard`.
/// Errors    config    the target has another schema, or is no target of this kind.
///           data      `commit`: staged rows without a key, or two with the same.
///           external  full disk, somebody else holds it (busy).
class Sink {
 public:
  virtual ~Sink() = default;
  virtual Result<Head> head(const Lane& lane) = 0;
  /// The receipt of the last publish of a lane; nothing before the first.
  virtual Result<std::optional<Receipt>> last_receipt(const Lane& lane) = 0;
  /// The same, and those of other lanes: one look at the target. Those that are older than the own
  /// one may be left out where they are not asked for.
  virtual Result<LaneTips> tips(const Lane& lane, Reach reach) = 0;
  /// The lanes of the sink that `lane` is one of which have published to the target.
  virtual Result<std::vector<std::string>> lanes(const Lane& lane) = 0;
  /// Did this publish happen? One that is found outlasts a loss of power: it is written to the disk
  /// before it is told, as whoever published it may not have come so far.
  virtual Result<std::optional<Receipt>> find(const Uuid& publish_id) = 0;
  virtual Result<Stage> stage(const PublishPlan& plan) = 0;
  /// Counts the stage, and makes it durable: `commit` and `hold` wait for that.
  virtual Result<Staged> seal() = 0;
  /// After a stage that failed: it kept no rows, and would not have failed with them.
  virtual bool wants_rows_kept() const { return false; }
  /// `receipt.previous_publish_id` and `counter` name the head that it expects. What it did to the
  /// rows of the target is in the ledger as `changes` of the receipt.
  virtual Result<RowChanges> commit(const Receipt& receipt) = 0;
  /// Removes what a publish left staged, never what it made visible; no error when there is
  /// nothing. A publish of the very bytes that were there counts as committed before its rename.
  virtual Status discard(const Uuid& publish_id) = 0;
  /// Moves the sealed stage into `folder`, where it waits for a person.
  virtual Result<std::filesystem::path> hold(const std::filesystem::path& folder) = 0;
  /// Makes a held stage the sealed stage of `plan` again; `held` stays until `commit` succeeded.
  virtual Result<Staged> adopt(const PublishPlan& plan, const std::filesystem::path& held) = 0;
  /// A command that shows the data: "leat query \"FROM 'out/x.parquet'\"".
  virtual std::string how_to_look() const = 0;
  /// "out/x.parquet", "warehouse.duckdb, table county_health".
  virtual std::string place() const = 0;
};

/// The refusal of a commit whose lane has gone on; `last` is its newest receipt.
Error moved_on(const std::string& place, const std::optional<Receipt>& last);

/// Errors   refused  the newest receipt of the lane is not the one that `receipt` follows.
Status require_head(const std::optional<Receipt>& last, const Receipt& receipt,
                    const std::string& place);

/// Errors   refused  somebody has published to the target that the plan does not know of.
Status require_seen(const PublishPlan& plan, const LaneTips& tips, const std::string& place);

}  // namespace leat
