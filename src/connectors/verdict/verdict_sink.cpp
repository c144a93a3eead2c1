#include "connectors/verdict/verdict_sink.hpp"

#include <atomic>
#include <charconv>
#include <utility>

#include "base/assert.hpp"
#include "base/crash_point.hpp"
#include "clients/file_target/partition_ledger.hpp"

namespace leat::connectors::verdict {
namespace {

namespace fs = std::filesystem;

using file_target::PartitionEntry;
using file_target::PartitionLedger;

/// What stands above the number in a held verdict.
constexpr std::string_view kHeldHead = "rows\n";

/// Counts rows, whatever is in them.
class RowCounter final : public ChunkWriter {
 public:
  Result<std::unique_ptr<Hand>> open_hand() override {
    return std::unique_ptr<Hand>(std::make_unique<Counting>(x_rows));
  }
  Result<std::uint64_t> finish() override { return rows(); }
  std::uint64_t rows() const { return x_rows.load(); }

 private:
  class Counting final : public Hand {
   public:
    explicit Counting(std::atomic<std::uint64_t>& all) : x_all(all) {}
    Status write(std::span<const data::ColumnView>, std::uint32_t rows) override {
      x_rows += rows;
      return {};
    }
    Status finish() override {
      x_all.fetch_add(std::exchange(x_rows, 0));
      return {};
    }

   private:
    std::atomic<std::uint64_t>& x_all;
    std::uint64_t x_rows = 0;
  };

  std::atomic<std::uint64_t> x_rows{0};
};

class VerdictSink final : public Sink {
 public:
  VerdictSink(io::FileSystem& files, VerdictTarget target)
      : x_files(files), x_target(std::move(target)) {}

  Result<Head> head(const Lane& lane) override {
    TRY(const auto receipt, last_receipt(lane));
    return receipt ? Head{receipt->publish_id, receipt->counter} : Head{};
  }

  Result<std::optional<Receipt>> last_receipt(const Lane& lane) override {
    return newest([&](const PartitionEntry& e) { return e.receipt.lane == lane; });
  }

  Result<LaneTips> tips(const Lane& lane, Reach reach) override {
    TRY(auto ledger, PartitionLedger::read(x_files, x_target.ledger));
    return tips_in(ledger, lane, reach);
  }

  Result<std::vector<std::string>> lanes(const Lane& lane) override {
    TRY(auto ledger, PartitionLedger::read(x_files, x_target.ledger));
    return ledger.lanes(lane);
  }

  Result<std::optional<Receipt>> find(const Uuid& publish_id) override {
    TRY(auto found,
        newest([&](const PartitionEntry& e) { return e.receipt.publish_id == publish_id; }));
    if (!found) return found;
    TRY(io::sync_file(x_files, x_target.ledger));
    TRY(sync_folders());
    return found;
  }

  Result<Stage> stage(const PublishPlan& plan) override {
    x_plan = plan;
    x_staged.reset();
    x_counter = std::make_unique<RowCounter>();
    return Stage(RowStage{x_counter.get(), {}});
  }

  Result<Staged> seal() override {
    LEAT_ASSERT(x_plan.has_value());
    if (!x_staged) x_staged = Staged{x_counter->rows(), 0};
    return *x_staged;
  }

  Result<RowChanges> commit(const Receipt& receipt) override {
    LEAT_ASSERT(x_staged && receipt.publish_id == x_plan->publish_id);
    TRY(x_files.create_folders(x_target.ledger.parent_path()));
    TRY(const auto lock, x_files.lock(x_target.ledger));
    TRY(auto ledger, PartitionLedger::read(x_files, x_target.ledger));
    TRY(ledger.require_head(receipt, place()));
    TRY(const LaneTips tips, tips_in(ledger, receipt.lane, Reach::newer));
    TRY(require_seen(*x_plan, tips, place()));
    PartitionEntry entry;
    entry.receipt = receipt;
    entry.receipt.changes.inserted = x_staged->rows;
    x_staged.reset();  // From here on a failed commit is not tried again.
    TRY(write_line(ledger, to_line(entry)));
    return entry.receipt.changes;
  }

  /// Nothing of a stage is on the disk.
  Status discard(const Uuid&) override {
    x_staged.reset();
    return {};
  }

  Result<fs::path> hold(const fs::path& folder) override {
    LEAT_ASSERT(x_staged.has_value());
    TRY(x_files.create_folders(folder));
    fs::path held = folder / "rows.csv";
    crash_point("verdict.hold.before");
    TRY(io::write_durably(x_files, held,
                          std::string(kHeldHead) + std::to_string(x_staged->rows) + "\n"));
    crash_point("verdict.hold.after");
    x_staged.reset();
    return held;
  }

  Result<Staged> adopt(const PublishPlan& plan, const fs::path& held) override {
    TRY(const auto text, io::read_text(x_files, held));
    Staged staged;
    const char* const end = text.data() + text.size();
    const char* const count = text.data() + (text.starts_with(kHeldHead) ? kHeldHead.size() : 0);
    const auto read = std::from_chars(count, end, staged.rows);
    if (read.ec != std::errc() || std::string_view(read.ptr, end) != "\n") {
      return Error(Fault::external, "a held verdict cannot be read").with("file", held.string());
    }
    x_plan = plan;
    x_staged = staged;
    return staged;
  }

  std::string how_to_look() const override { return "leat report"; }
  std::string place() const override { return x_target.shown; }

 private:
  Result<std::optional<Receipt>> newest(const PartitionLedger::Wanted& wanted) {
    TRY(auto ledger, PartitionLedger::read(x_files, x_target.ledger));
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

  Status write_line(const PartitionLedger& ledger, const std::string& line) {
    TRY(auto file, x_files.open(x_target.ledger, io::Open::append));
    TRY(file->truncate(ledger.end()));
    crash_point("verdict.ledger.append.before");
    TRY(file->append(line));
    crash_point("verdict.ledger.append.after");
    crash_point("verdict.ledger.fsync.before");
    TRY(file->sync());
    crash_point("verdict.ledger.fsync.after");
    if (ledger.end() > 0) return {};
    crash_point("verdict.ledger.folder.fsync.before");
    TRY(sync_folders());
    crash_point("verdict.ledger.folder.fsync.after");
    return {};
  }

  Status sync_folders() const {
    TRY(x_files.sync_folder(x_target.ledger.parent_path()));
    return x_files.sync_folder(x_target.ledger.parent_path().parent_path());
  }

  io::FileSystem& x_files;
  VerdictTarget x_target;
  std::optional<PublishPlan> x_plan;
  std::unique_ptr<RowCounter> x_counter;
  std::optional<Staged> x_staged;
};

}  // namespace

std::unique_ptr<Sink> open_verdicts(io::FileSystem& files, VerdictTarget target) {
  return std::make_unique<VerdictSink>(files, std::move(target));
}

}  // namespace leat::connectors::verdict
