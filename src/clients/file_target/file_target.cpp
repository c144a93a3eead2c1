#include "clients/file_target/file_target.hpp"

#include <memory>
#include <optional>
#include <set>
#include <utility>

#include "base/crash_point.hpp"
#include "base/names.hpp"
#include "base/shell_word.hpp"
#include "clients/file_target/durable_digest.hpp"
#include "clients/file_target/ledger.hpp"

namespace leat::file_target {
namespace {

namespace fs = std::filesystem;

constexpr int kLooksMax = 5;

/// The ledger and the file, seen together.
struct View {
  std::shared_ptr<Ledger> ledger;
  std::optional<LiveFile> live;
  bool is_ours = true;  ///< Nothing is there, or what the ledger says.
};

std::vector<std::pair<std::string, std::string>> texts_of(
    const std::vector<data::Column>& columns) {
  std::vector<std::pair<std::string, std::string>> texts;
  for (const data::Column& column : columns) {
    texts.emplace_back(column.name, data::sql_of(column.type));
  }
  return texts;
}

std::vector<data::Column> columns_of(const LedgerEntry& entry) {
  std::vector<data::Column> columns;
  for (const auto& [name, text] : entry.columns) {
    const auto type = data::parse_type(text);
    columns.push_back({name, type.ok() ? *type : data::Type{data::TypeId::other, 0, 0, text}});
  }
  return columns;
}

/// What is to take the target's place.
struct Whole {
  fs::path path;
  MetColumns columns;
  RowChanges changes;
};

class FileTarget final : public Sink {
 public:
  FileTarget(io::FileSystem& files, Target target, std::unique_ptr<Format> format)
      : x_files(files), x_target(std::move(target)), x_format(std::move(format)) {}

  Result<Head> head(const Lane& lane) override {
    TRY(const auto receipt, last_receipt(lane));
    return receipt ? Head{receipt->publish_id, receipt->counter} : Head{};
  }

  Result<std::optional<Receipt>> last_receipt(const Lane& lane) override {
    TRY(const View view, look());
    return last_in(view, [&](const LedgerEntry& e) { return e.receipt.lane == lane; });
  }

  Result<LaneTips> tips(const Lane& lane, Reach reach) override {
    TRY(const View view, look());
    return tips_in(view, lane, reach);
  }

  Result<std::vector<std::string>> lanes(const Lane& lane) override {
    TRY(const View view, look());
    std::set<std::string> names;
    TRY(last_in(view, [&](const LedgerEntry& e) {
      if (e.receipt.lane.is_of_same_sink(lane)) names.insert(e.receipt.lane.lane);
      return false;
    }));
    return std::vector<std::string>(names.begin(), names.end());
  }

  Result<std::optional<Receipt>> find(const Uuid& publish_id) override {
    TRY(const View view, look());
    TRY(auto found,
        last_in(view, [&](const LedgerEntry& e) { return e.receipt.publish_id == publish_id; }));
    if (found) TRY(x_files.sync_folder(x_target.path.parent_path()));
    return found;
  }

  Result<Stage> stage(const PublishPlan& plan) override {
    TRY(prepare(plan));
    return x_format->stage_at(stage_path(plan.publish_id), plan.schema);
  }

  Result<Staged> seal() override {
    LEAT_ASSERT(x_plan.has_value());
    const fs::path path = stage_path(x_plan->publish_id);
    TRY(x_format->settle(path));
    x_durable.start(x_files, path, x_is_whole);
    Staged staged;
    TRY(staged.rows, x_format->count_rows(path));
    TRY(const io::FileStat stat, x_files.stat(path));
    staged.bytes = stat.size;
    x_sealed = true;
    x_staged = staged;
    return staged;
  }

  Result<RowChanges> commit(const Receipt& receipt) override {
    LEAT_ASSERT(x_sealed && receipt.publish_id == x_plan->publish_id);
    TRY(auto digest, x_durable.get());
    TRY(const auto lock, x_files.lock(ledger_path()));
    x_ledger.reset();
    TRY(const View view, look());
    TRY(require_ours(view));
    TRY(require_head(view, receipt));
    TRY(const LaneTips tips, tips_in(view, receipt.lane, Reach::newer));
    TRY(require_seen(*x_plan, tips, place()));
    TRY(const Whole whole, make_whole(view, receipt.committed_at));
    x_sealed = false;  // From here on a failed commit is not tried again.
    LedgerEntry entry;
    TRY(entry.previous, live_publish(view));
    const bool is_stage = whole.path == stage_path(receipt.publish_id);
    if (!is_stage || digest.empty()) {
      TRY(digest, io::sha256_of_file(x_files, whole.path));
    }
    entry.file.digest = std::move(digest);
    TRY(const io::FileStat stat, x_files.stat(whole.path));
    entry.file.size = stat.size;
    entry.columns = texts_of(whole.columns.columns);
    entry.receipt = receipt;
    entry.receipt.changes = whole.changes;
    TRY(write_intent(*view.ledger, to_line(entry)));
    TRY(show(whole.path));
    return entry.receipt.changes;
  }

  Status discard(const Uuid& publish_id) override {
    x_sealed = false;
    x_durable.stop();
    auto stage = x_files.remove(stage_path(publish_id));
    auto whole = x_files.remove(whole_path(publish_id));
    return stage.ok() ? std::move(whole) : std::move(stage);
  }

  Result<fs::path> hold(const fs::path& folder) override {
    LEAT_ASSERT(x_sealed);
    TRY(x_durable.get());
    TRY(x_files.create_folders(folder));
    const fs::path stage = stage_path(x_plan->publish_id);
    const fs::path held = folder / ("rows." + x_format->extension());
    TRY(io::move_durably(x_files, stage, held));
    x_sealed = false;
    return held;
  }

  Result<Staged> adopt(const PublishPlan& plan, const fs::path& held) override {
    TRY(prepare(plan));
    TRY(io::copy_durably(x_files, held, stage_path(plan.publish_id)));
    return seal();
  }

  std::string how_to_look() const override { return x_format->how_to_look(x_target.shown); }

  std::string place() const override { return x_target.shown; }

 private:
  fs::path beside(const std::string& name) const { return x_target.path.parent_path() / name; }
  fs::path ledger_path() const {
    return beside(x_target.path.filename().string() + ".leat.ndjson");
  }
  fs::path stage_path(const Uuid& id) const {
    return beside("." + x_target.path.filename().string() + ".leat-" + id.text() + ".stage");
  }
  fs::path whole_path(const Uuid& id) const {
    return beside("." + x_target.path.filename().string() + ".leat-" + id.text() + ".whole");
  }

  /// Without the lock somebody may publish between our two looks; then we look again.
  Result<View> look() {
    View view;
    for (int turn = 0; turn < kLooksMax; ++turn) {
      TRY(view.ledger, known_ledger());
      TRY(view.live, look_at_file());
      view.is_ours = true;
      if (!view.live) return view;
      TRY(const auto entry,
          view.ledger->newest_committed(*view.live, [](const LedgerEntry&) { return true; }));
      view.is_ours = entry.has_value();
      if (view.is_ours) return view;
      TRY(const Ledger again, Ledger::read(x_files, ledger_path()));
      if (again == *view.ledger) return view;
    }
    return Error(Fault::external, "somebody else keeps publishing to " + x_target.shown).busy();
  }

  /// As it was read, while nobody has written to it.
  Result<std::shared_ptr<Ledger>> known_ledger() {
    if (!x_ledger || !x_ledger->is_as_it_was(x_files)) {
      TRY(auto ledger, Ledger::read(x_files, ledger_path()));
      x_ledger = std::make_shared<Ledger>(std::move(ledger));
    }
    return x_ledger;
  }

  Result<std::optional<LiveFile>> look_at_file() {
    if (!x_files.exists(x_target.path)) return std::optional<LiveFile>();
    TRY(const io::FileStat stat, x_files.stat(x_target.path));
    if (stat.is_folder) {
      return Error(Fault::config, x_target.shown + " is a folder, not a file")
          .hint("name the file to be written");
    }
    const bool is_known = x_seen.inode == stat.inode && x_seen.device == stat.device &&
                          x_seen.size == stat.size && x_seen.mtime_ns == stat.mtime_ns;
    if (!is_known) {
      TRY(x_seen_digest, io::sha256_of_file(x_files, x_target.path));
      x_seen = stat;
    }
    return std::optional<LiveFile>({stat.size, x_seen_digest});
  }

  static Result<std::optional<Receipt>> last_in(const View& view, const Ledger::Wanted& wanted) {
    if (!view.live) return std::optional<Receipt>();
    TRY(auto entry, view.ledger->newest_committed(*view.live, wanted));
    return entry ? std::optional<Receipt>(std::move(entry->receipt)) : std::nullopt;
  }

  static Result<LaneTips> tips_in(const View& view, const Lane& lane, Reach reach) {
    LaneTips tips;
    TRY(last_in(view, [&](const LedgerEntry& e) {
      return tips.take(e.receipt, lane) && reach == Reach::newer;
    }));
    return tips;
  }

  Result<Uuid> live_publish(const View& view) const {
    TRY(const auto receipt, last_in(view, [](const LedgerEntry&) { return true; }));
    return receipt ? receipt->publish_id : Uuid{};
  }

  Status prepare(const PublishPlan& plan) {
    x_plan = plan;
    x_sealed = false;
    TRY(const View view, look());
    TRY(require_ours(view));
    if (!view.live && !plan.options.create) {
      return Error(Fault::config, place() + " is not there, and `create: false` forbids to make it")
          .hint("make it by another pipeline, or leave `create` out");
    }
    TRY(const auto there, live_columns(view));
    TRY(const MetColumns met, meet_columns(plan, there, place(), columns_may(there)));
    const bool meets = must_meet(met, view);
    if (meets) TRY(x_format->can_meet(data::Schema{met.columns}));
    x_is_whole = !meets && (there.empty() || plan.strategy == Strategy::replace);
    TRY(x_files.create_folders(x_target.path.parent_path()));
    return discard(plan.publish_id);
  }

  Status require_ours(const View& view) const {
    if (view.is_ours || x_target.overwrite) return {};
    if (view.ledger->end() > 0) {
      return Error(Fault::config, x_target.shown + " is not as it was published: somebody has " +
                                      (view.live->size == 0 ? "emptied" : "changed") + " it")
          .refused()
          .hint(
              "put it back, or remove it to publish everything anew, or set `overwrite: true` to "
              "go on from nothing");
    }
    return Error(Fault::config, x_target.shown + " exists and was not published by Leat")
        .refused()
        .hint("move it away, or set `overwrite: true` to replace it");
  }

  /// Of the rows that the new ones meet; none where there are none.
  Result<std::vector<data::Column>> live_columns(const View& view) const {
    if (!view.live || !view.is_ours) return std::vector<data::Column>();
    TRY(const auto entry,
        view.ledger->newest_committed(*view.live, [](const LedgerEntry&) { return true; }));
    return columns_of(*entry);
  }

  /// Files whose rows cannot meet others keep their columns.
  ColumnsMay columns_may(const std::vector<data::Column>& there) const {
    return x_format->can_meet(data::Schema{there}).ok() ? ColumnsMay::change : ColumnsMay::stay;
  }

  /// Must rows be looked at, or are files enough?
  bool must_meet(const MetColumns& met, const View& view) const {
    const bool is_first = !view.live || !view.is_ours;
    switch (x_plan->strategy) {
      case Strategy::replace:
      case Strategy::append: return !met.is_same || (x_plan->judge && !is_first);
      case Strategy::delete_insert: return !is_first;
      case Strategy::merge:
      case Strategy::scd2: return true;
    }
    return true;
  }

  Status require_head(const View& view, const Receipt& receipt) const {
    TRY(const auto last,
        last_in(view, [&](const LedgerEntry& e) { return e.receipt.lane == receipt.lane; }));
    return leat::require_head(last, receipt, x_target.shown);
  }

  Result<Whole> make_whole(const View& view, Instant now) {
    Whole whole;
    whole.path = stage_path(x_plan->publish_id);
    whole.changes.inserted = x_staged.rows;
    TRY(auto there, live_columns(view));
    TRY(whole.columns, meet_columns(*x_plan, there, place(), columns_may(there)));
    const bool is_first = there.empty();
    const bool meets = must_meet(whole.columns, view);
    if (is_first && !meets && x_plan->judge) TRY(x_plan->judge(Difference{.added = x_staged.rows}));
    if (!meets && (is_first || x_plan->strategy == Strategy::replace)) return whole;
    const fs::path stage = std::exchange(whole.path, whole_path(x_plan->publish_id));
    if (meets) {
      Meeting meeting{*x_plan, whole.columns, {}, std::move(there), stage, whole.path, now};
      if (!is_first) {
        auto& rows = x_plan->strategy == Strategy::replace ? meeting.replaced : meeting.live;
        rows = x_target.path;
      }
      TRY(whole.changes, x_format->meet(meeting));
    } else {
      TRY(x_format->join(x_target.path, stage, whole.path));
    }
    TRY(x_format->settle(whole.path));
    crash_point("file.whole.fsync.before");
    TRY(io::sync_file(x_files, whole.path));
    crash_point("file.whole.fsync.after");
    TRY(x_files.remove(stage));
    return whole;
  }

  Status write_intent(const Ledger& ledger, const std::string& line) {
    TRY(auto file, x_files.open(ledger_path(), io::Open::append));
    TRY(file->truncate(ledger.end()));
    crash_point("file.ledger.append.before");
    TRY(file->append(line));
    crash_point("file.ledger.append.after");
    crash_point("file.ledger.fsync.before");
    TRY(file->sync());
    crash_point("file.ledger.fsync.after");
    if (ledger.end() > 0) return {};
    // The name of a new ledger must last before the file that it speaks for is there.
    crash_point("file.ledger.folder.fsync.before");
    TRY(x_files.sync_folder(x_target.path.parent_path()));
    crash_point("file.ledger.folder.fsync.after");
    return {};
  }

  Status show(const fs::path& whole) {
    crash_point("file.rename.before");
    TRY(x_files.rename(whole, x_target.path));
    crash_point("file.rename.after");
    crash_point("file.folder.fsync.before");
    TRY(x_files.sync_folder(x_target.path.parent_path()));
    crash_point("file.folder.fsync.after");
    return {};
  }

  io::FileSystem& x_files;
  Target x_target;
  std::unique_ptr<Format> x_format;
  std::optional<PublishPlan> x_plan;
  bool x_sealed = false;
  bool x_is_whole = false;  ///< The stage will be the file, as far as can be told when it begins.
  DurableDigest x_durable;  ///< Of the stage.
  Staged x_staged;
  io::FileStat x_seen;
  std::string x_seen_digest;
  std::shared_ptr<Ledger> x_ledger;
};

}  // namespace

std::string Format::how_to_look(const std::string& shown) const {
  return "leat query " + shell_word("FROM " + quote_literal(shown));
}

std::unique_ptr<Sink> open_file_target(io::FileSystem& files, Target target,
                                       std::unique_ptr<Format> format) {
  return std::make_unique<FileTarget>(files, std::move(target), std::move(format));
}

}  // namespace leat::file_target
