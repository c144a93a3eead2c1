#include <algorithm>
#include <optional>
#include <utility>

#include "base/crash_point.hpp"
#include "io/patient_lock.hpp"
#include "base/names.hpp"
#include "base/shell_word.hpp"
#include "clients/file_target/partition_ledger.hpp"
#include "clients/file_target/partitions.hpp"

namespace leat::file_target {
namespace {

namespace fs = std::filesystem;

std::vector<data::Column> columns_of(const PartitionEntry& entry) {
  std::vector<data::Column> columns;
  for (const auto& [name, text] : entry.columns) {
    const auto type = data::parse_type(text);
    columns.push_back({name, type.ok() ? *type : data::Type{data::TypeId::other, 0, 0, text}});
  }
  return columns;
}

/// What the ledger says is there.
struct Partitions {
  std::uint64_t ledger_end = 0;
  std::map<std::string, LiveFile> live;
  std::vector<std::string> missing;  ///< Of them: gone from the disk.
};

/// Others hold the ledger for a commit, or to decide what may be discarded.
constexpr Micros kLockPatience = std::chrono::seconds(2);

/// Partitions are cut from the stage into files that only wait for their rename.
class PartitionedTarget final : public Sink {
 public:
  PartitionedTarget(io::FileSystem& files, Target target, std::vector<PartitionKey> keys,
                    std::unique_ptr<PartitionFormat> format)
      : x_files(files),
        x_target(std::move(target)),
        x_keys(std::move(keys)),
        x_format(std::move(format)) {}

  Result<Head> head(const Lane& lane) override {
    TRY(const auto receipt, last_receipt(lane));
    return receipt ? Head{receipt->publish_id, receipt->counter} : Head{};
  }

  Result<std::optional<Receipt>> last_receipt(const Lane& lane) override {
    return newest_receipt([&](const PartitionEntry& e) { return e.receipt.lane == lane; });
  }

  Result<LaneTips> tips(const Lane& lane, Reach reach) override {
    TRY(PartitionLedger ledger, look());
    return tips_in(ledger, lane, reach);
  }

  Result<std::vector<std::string>> lanes(const Lane& lane) override {
    TRY(PartitionLedger ledger, look());
    return ledger.lanes(lane);
  }

  Result<std::optional<Receipt>> find(const Uuid& publish_id) override {
    TRY(PartitionLedger ledger, look());
    TRY(auto entry, entry_of(ledger, publish_id));
    if (!entry) return std::optional<Receipt>();
    TRY(make_last(*entry));
    return std::optional<Receipt>(std::move(entry->receipt));
  }

  Result<Stage> stage(const PublishPlan& plan) override {
    TRY(prepare(plan));
    TRY(x_files.create_folders(work_folder(plan.publish_id)));
    TRY(auto stage, x_format->stage_at(stage_path(plan.publish_id), plan.schema));
    return Stage(std::move(stage));
  }

  Result<Staged> seal() override {
    LEAT_ASSERT(x_plan.has_value());
    const fs::path path = stage_path(x_plan->publish_id);
    crash_point("parts.stage.fsync.before");
    TRY(io::sync_file(x_files, path));
    crash_point("parts.stage.fsync.after");
    Staged staged;
    TRY(staged.rows, x_format->count_stage(path));
    TRY(const io::FileStat stat, x_files.stat(path));
    staged.bytes = stat.size;
    x_staged = staged;
    return staged;
  }

  Result<RowChanges> commit(const Receipt& receipt) override {
    LEAT_ASSERT(x_staged && receipt.publish_id == x_plan->publish_id);
    TRY(const auto lock, io::lock_within(x_files, ledger_path(), kLockPatience));
    TRY(PartitionLedger ledger, settled_ledger());
    TRY(require_ours(ledger));
    TRY(require_columns(ledger));
    TRY(ledger.require_head(receipt, place()));
    TRY(const LaneTips tips, tips_in(ledger, receipt.lane, Reach::newer));
    TRY(require_seen(*x_plan, tips, place()));
    PartitionEntry entry;
    TRY(prepare_parts(ledger, entry));
    x_staged.reset();  // From here on a failed commit is not tried again.
    for (const data::Column& column : x_plan->schema.columns) {
      entry.columns.emplace_back(column.name, data::sql_of(column.type));
    }
    const RowChanges changes = std::exchange(entry.receipt, receipt).changes;
    entry.receipt.changes = changes;
    TRY(write_entry(ledger, to_line(entry)));
    TRY(carry_out(entry));
    return changes;
  }

  Status discard(const Uuid& publish_id) override {
    x_staged.reset();
    if (!x_files.exists(work_folder(publish_id))) return {};
    // Whoever else commits it is before its line or behind its last rename, and not between them.
    const bool is_own = x_plan && x_plan->publish_id == publish_id;
    const auto lock = is_own ? x_files.lock(ledger_path())
                             : io::lock_within(x_files, ledger_path(), kLockPatience);
    if (!lock.ok() && !is_own) return lock.error();
    TRY(PartitionLedger ledger, lock.ok() ? settled_ledger() : look());
    TRY(const auto entry, entry_of(ledger, publish_id));
    if (entry) return {};
    TRY(remove_work(publish_id));
    // The lock has made it.
    if (lock.ok() && ledger.end() == 0) TRY(x_files.remove(ledger_path()));
    std::error_code ignored;  // What holds something stays, which is right.
    fs::remove(own_folder(), ignored);
    if (x_is_new) fs::remove(x_target.path, ignored);
    return {};
  }

  Result<fs::path> hold(const fs::path& folder) override {
    LEAT_ASSERT(x_staged.has_value());
    TRY(x_files.create_folders(folder));
    const fs::path held = folder / "rows.parquet";
    TRY(io::move_durably(x_files, stage_path(x_plan->publish_id), held));
    TRY(remove_work(x_plan->publish_id));
    x_staged.reset();
    return held;
  }

  Result<Staged> adopt(const PublishPlan& plan, const fs::path& held) override {
    TRY(prepare(plan));
    TRY(x_files.create_folders(work_folder(plan.publish_id)));
    TRY(io::copy_durably(x_files, held, stage_path(plan.publish_id)));
    return seal();
  }

  std::string how_to_look() const override {
    std::string pattern = x_target.shown;
    for (std::size_t i = 0; i < x_keys.size(); ++i) pattern += "/*";
    pattern += "/" + file_name();
    return "leat query " + shell_word("FROM " + quote_literal(pattern));
  }

  std::string place() const override { return x_target.shown; }

 private:
  fs::path own_folder() const { return x_target.path / "_leat"; }
  fs::path ledger_path() const { return own_folder() / "commits.ndjson"; }
  /// Hidden, so that no reader's wildcard finds what is not published yet.
  fs::path work_folder(const Uuid& id) const { return own_folder() / ("." + id.text()); }
  fs::path stage_path(const Uuid& id) const { return work_folder(id) / "stage"; }
  fs::path ready_path(const Uuid& id, std::size_t part) const {
    return work_folder(id) / ("part-" + std::to_string(part));
  }
  std::string file_name() const { return "data." + x_format->format().extension(); }
  fs::path live_path(const std::string& folder) const {
    return x_target.path / folder / file_name();
  }

  /// The ledger, all that it says done.
  Result<PartitionLedger> look() {
    TRY(PartitionLedger ledger, PartitionLedger::read(x_files, ledger_path()));
    TRY(const bool pending, is_pending(ledger));
    if (!pending) return ledger;
    TRY(const auto lock, x_files.lock(ledger_path()));
    return settled_ledger();
  }

  static Result<std::optional<PartitionEntry>> entry_of(PartitionLedger& ledger, const Uuid& id) {
    return ledger.newest([&](const PartitionEntry& e) { return e.receipt.publish_id == id; });
  }

  Result<std::optional<Receipt>> newest_receipt(const PartitionLedger::Wanted& wanted) {
    TRY(PartitionLedger ledger, look());
    TRY(auto entry, ledger.newest(wanted));
    return entry ? std::optional<Receipt>(std::move(entry->receipt)) : std::nullopt;
  }

  static Result<LaneTips> tips_in(PartitionLedger& ledger, const Lane& lane, Reach reach) {
    LaneTips tips;
    TRY(ledger.newest([&](const PartitionEntry& e) {
      return tips.take(e.receipt, lane) && reach == Reach::newer;
    }));
    return tips;
  }

  /// Only the newest publish can be: each commit carries out the one before it first.
  Result<bool> is_pending(PartitionLedger& ledger) const {
    TRY(const auto last, ledger.newest([](const PartitionEntry&) { return true; }));
    return last && x_files.exists(work_folder(last->receipt.publish_id));
  }

  /// Under the lock: the ledger, all that it says done.
  Result<PartitionLedger> settled_ledger() {
    TRY(PartitionLedger ledger, PartitionLedger::read(x_files, ledger_path()));
    TRY(const bool pending, is_pending(ledger));
    if (!pending) return ledger;
    TRY(const auto last, ledger.newest([](const PartitionEntry&) { return true; }));
    TRY(carry_out(*last));
    return ledger;
  }

  Status prepare(const PublishPlan& plan) {
    x_plan = plan;
    x_staged.reset();
    TRY(PartitionLedger ledger, PartitionLedger::read(x_files, ledger_path()));
    if (ledger.end() == 0 && !plan.options.create) {
      return Error(Fault::config, place() + " is not there, and `create: false` forbids to make it")
          .hint("make it by another pipeline, or leave `create` out");
    }
    TRY(require_ours(ledger));
    TRY(require_columns(ledger));
    TRY(const bool pending, is_pending(ledger));
    x_partitions.reset();
    if (!pending) {
      TRY(x_partitions, look_at_partitions(ledger));
    }
    x_is_new = !x_files.exists(x_target.path);
    return discard(plan.publish_id);
  }

  /// What lies in the folder was published by Leat, or there is nothing.
  Status require_ours(const PartitionLedger& ledger) const {
    if (ledger.end() > 0 || x_target.overwrite || !x_files.exists(x_target.path)) return {};
    TRY(const io::FileStat stat, x_files.stat(x_target.path));
    if (!stat.is_folder) {
      return Error(Fault::config, place() + " is a file, and partitions need a folder")
          .hint("name a folder, or leave `partition_by` out");
    }
    TRY(const auto files, x_files.list(x_target.path));
    TRY(const auto folders, x_files.list_folders(x_target.path));
    const bool only_own = std::all_of(folders.begin(), folders.end(), [](const fs::path& path) {
      return path.filename() == "_leat";
    });
    if (files.empty() && only_own) return {};
    return Error(Fault::config, place() + " holds files that were not published by Leat")
        .refused()
        .hint("name another folder, or set `overwrite: true` to replace its partitions");
  }

  /// All partitions that were published, where some of them are to stay.
  /// Errors: refused, when one is not there as it was, unless `overwrite` says that they may be
  /// taken as they are.
  Result<Partitions> look_at_partitions(PartitionLedger& ledger) const {
    Partitions partitions;
    partitions.ledger_end = ledger.end();
    TRY(partitions.live, ledger.live());
    if (x_plan->strategy == Strategy::replace) return partitions;
    for (const auto& [folder, file] : partitions.live) {
      TRY(const bool is_there, is_as_published(folder, file));
      if (!is_there) partitions.missing.push_back(folder);
    }
    return partitions;
  }

  /// What was seen before the rows were staged, if nobody has published since.
  Result<Partitions> take_partitions(PartitionLedger& ledger) {
    auto seen = std::exchange(x_partitions, std::nullopt);
    if (!seen || seen->ledger_end != ledger.end()) return look_at_partitions(ledger);
    std::erase_if(seen->missing,
                  [&](const std::string& folder) { return x_files.exists(live_path(folder)); });
    return std::move(*seen);
  }

  /// False: it is gone, and `overwrite` lets it be. Errors: refused.
  Result<bool> is_as_published(const std::string& folder, const LiveFile& file) const {
    const fs::path path = live_path(folder);
    const auto stat = x_files.stat(path);
    if (!stat.ok() && x_files.exists(path)) return Error(stat.error());
    if (!stat.ok() && x_target.overwrite) return false;
    if (!stat.ok()) return changed_partition(folder, "is not there any more");
    if (stat->size == file.size || x_target.overwrite) return true;
    return changed_partition(folder, "was changed by somebody");
  }

  Error changed_partition(const std::string& folder, const std::string& what) const {
    return Error(Fault::config,
                 "partition " + folder + " of " + place() + ", which was published, " + what)
        .refused()
        .hint(
            "restore it, publish all again by `strategy: replace`, or set `overwrite: true` to "
            "take the folder as it is");
  }

  /// Before rows are added to a partition: it holds the bytes that were published.
  Status require_as_published(const std::string& folder, const LiveFile& file) const {
    if (x_target.overwrite) return {};
    TRY(const std::string digest, io::sha256_of_file(x_files, live_path(folder)));
    if (digest == file.digest) return {};
    return changed_partition(folder, "was changed by somebody");
  }

  /// A partition that stays must have the columns of those that come.
  Status require_columns(PartitionLedger& ledger) const {
    TRY(const auto last, ledger.newest([](const PartitionEntry&) { return true; }));
    if (!last) return {};
    TRY(meet_columns(*x_plan, columns_of(*last), place(), ColumnsMay::stay));
    return {};
  }

  /// Cuts the stage and makes of each partition the file that is to take its place.
  Status prepare_parts(PartitionLedger& ledger, PartitionEntry& entry) {
    const Uuid& id = x_plan->publish_id;
    const fs::path pieces = work_folder(id) / "pieces";
    TRY(remove_folder(pieces));
    TRY(const auto cut, x_format->cut(stage_path(id), x_plan->schema, pieces));
    TRY(auto partitions, take_partitions(ledger));
    auto& gone = partitions.live;
    for (const std::string& folder : partitions.missing) gone.erase(folder);
    RowChanges& changes = entry.receipt.changes;
    std::uint64_t kept = 0;
    for (std::size_t i = 0; i < cut.size();) {
      PartEntry part;
      part.folder = cut[i].folder;
      std::vector<fs::path> files;
      const fs::path live = live_path(part.folder);
      const auto before = gone.extract(part.folder);
      bool meets = bool(before) && x_plan->strategy != Strategy::replace;
      if (meets) {
        TRY(meets, is_as_published(part.folder, before.mapped()));
      }
      if (meets) {
        const bool stay = x_plan->strategy == Strategy::append;
        if (stay) TRY(require_as_published(part.folder, before.mapped()));
        TRY(const auto rows, x_format->format().count_rows(live));
        if (stay) files.push_back(live);
        (stay ? kept : changes.deleted) += rows;
      }
      for (; i < cut.size() && cut[i].folder == part.folder; ++i) files.push_back(cut[i].path);
      const fs::path ready = ready_path(id, entry.parts.size());
      TRY(make_ready(files, ready));
      TRY(describe(ready, part));
      entry.parts.push_back(std::move(part));
    }
    changes.inserted = x_staged->rows;
    if (x_plan->strategy == Strategy::replace) {
      for (const auto& [folder, file] : gone) entry.removed.push_back(folder);
    }
    for (const std::string& folder : partitions.missing) {
      const bool comes = std::any_of(entry.parts.begin(), entry.parts.end(),
                                     [&](const PartEntry& part) { return part.folder == folder; });
      if (!comes) entry.removed.push_back(folder);
    }
    return close_books(entry, kept);
  }

  /// Every staged row lies in a partition, and none twice.
  Status close_books(const PartitionEntry& entry, std::uint64_t kept) const {
    std::uint64_t rows = 0;
    for (const PartEntry& part : entry.parts) rows += part.rows;
    if (rows == x_staged->rows + kept) return {};
    return Error(Fault::internal, "rows were lost or doubled while partitions were written")
        .with("staged", std::to_string(x_staged->rows))
        .with("kept", std::to_string(kept))
        .with("written", std::to_string(rows));
  }

  Status make_ready(const std::vector<fs::path>& files, const fs::path& ready) {
    TRY(x_files.remove(ready));
    fs::path joined = files[0];
    for (std::size_t i = 1; i < files.size(); ++i) {
      fs::path next = ready;
      next += i + 1 == files.size() ? "" : "-" + std::to_string(i);
      TRY(x_files.remove(next));
      TRY(x_format->format().join(joined, files[i], next));
      joined = std::move(next);
    }
    if (files.size() == 1) TRY(x_files.rename(joined, ready));
    TRY(x_format->format().settle(ready));
    crash_point("parts.ready.fsync.before");
    TRY(io::sync_file(x_files, ready));
    crash_point("parts.ready.fsync.after");
    return {};
  }

  Status describe(const fs::path& ready, PartEntry& part) const {
    TRY(part.rows, x_format->format().count_rows(ready));
    TRY(part.file.digest, io::sha256_of_file(x_files, ready));
    TRY(const io::FileStat stat, x_files.stat(ready));
    part.file.size = stat.size;
    return {};
  }

  Status write_entry(PartitionLedger& ledger, const std::string& line) {
    // The files that it speaks of must last before the line does.
    TRY(x_files.sync_folder(work_folder(x_plan->publish_id)));
    TRY(auto file, x_files.open(ledger_path(), io::Open::append));
    TRY(file->truncate(ledger.end()));
    crash_point("parts.ledger.append.before");
    TRY(file->append(line));
    crash_point("parts.ledger.append.after");
    TRY(file->sync());
    crash_point("parts.ledger.fsync.after");
    TRY(x_files.sync_folder(own_folder()));
    crash_point("parts.ledger.folder.fsync.after");
    return {};
  }

  /// What an entry says, as far as it was not done; then its work folder goes, which says so.
  Status carry_out(const PartitionEntry& entry) {
    const Uuid& id = entry.receipt.publish_id;
    for (std::size_t i = 0; i < entry.parts.size(); ++i) {
      const fs::path live = live_path(entry.parts[i].folder);
      TRY(x_files.create_folders(live.parent_path()));
      if (x_files.exists(ready_path(id, i))) {
        crash_point("parts.rename.before");
        TRY(x_files.rename(ready_path(id, i), live));
        crash_point("parts.rename.after");
      } else {
        TRY(require_live(entry.parts[i]));
      }
      TRY(x_files.sync_folder(live.parent_path()));
    }
    for (const std::string& folder : entry.removed) {
      crash_point("parts.remove.before");
      TRY(x_files.remove(live_path(folder)));
      crash_point("parts.remove.after");
      TRY(remove_empty(x_target.path / folder));
    }
    crash_point("parts.tidy.before");
    TRY(remove_work(id));
    crash_point("parts.tidy.after");
    return {};
  }

  /// Errors    external  a partition is not the one that was published.
  Status require_live(const PartEntry& part) const {
    const fs::path live = live_path(part.folder);
    if (x_files.exists(live)) {
      TRY(const auto digest, io::sha256_of_file(x_files, live));
      if (digest == part.file.digest) return {};
    }
    return Error(Fault::external, place() + " lost a partition while it was published")
        .with("partition", part.folder)
        .hint("restore the folder from a copy, or remove it and publish all again");
  }

  /// What an entry says is on the disk, as far as nobody has published over it.
  Status make_last(const PartitionEntry& entry) const {
    TRY(io::sync_file(x_files, ledger_path()));
    TRY(x_files.sync_folder(own_folder()));
    for (const PartEntry& part : entry.parts) {
      const fs::path folder = live_path(part.folder).parent_path();
      if (x_files.exists(folder)) TRY(x_files.sync_folder(folder));
    }
    return {};
  }

  /// A folder that holds nothing any more, and those above it that then hold nothing.
  Status remove_empty(fs::path folder) const {
    std::error_code ignored;  // A folder that is not empty stays, which is right.
    for (; folder != x_target.path && fs::remove(folder, ignored); folder = folder.parent_path()) {
    }
    return x_files.exists(folder) ? x_files.sync_folder(folder) : Status();
  }

  Status remove_work(const Uuid& id) const { return remove_folder(work_folder(id)); }

  static Status remove_folder(const fs::path& folder) {
    std::error_code failed;
    fs::remove_all(folder, failed);
    if (!failed) return {};
    return Error(Fault::external, "cannot remove " + folder.string())
        .with("reason", failed.message());
  }

  io::FileSystem& x_files;
  Target x_target;
  std::vector<PartitionKey> x_keys;
  std::unique_ptr<PartitionFormat> x_format;
  std::optional<PublishPlan> x_plan;
  std::optional<Staged> x_staged;
  bool x_is_new = false;                   ///< The folder was not there before the stage was begun.
  std::optional<Partitions> x_partitions;  ///< As they were when the stage was begun.
};

}  // namespace

std::unique_ptr<Sink> open_partitioned_target(io::FileSystem& files, Target target,
                                              std::vector<PartitionKey> keys,
                                              std::unique_ptr<PartitionFormat> format) {
  return std::make_unique<PartitionedTarget>(files, std::move(target), std::move(keys),
                                             std::move(format));
}

}  // namespace leat::file_target
