#include "connectors/postgres/table_sink.hpp"

#include <optional>
#include <utility>

#include "base/crash_point.hpp"
#include "base/shell_word.hpp"
#include "connectors/postgres/ledger.hpp"
#include "connectors/postgres/publication.hpp"

namespace leat::connectors::postgres {
namespace {

namespace fs = std::filesystem;
using leat::postgres::Connection;

class TableSink final : public Sink {
 public:
  TableSink(io::FileSystem& files, TableTarget target)
      : x_files(files), x_target(std::move(target)) {}

  Result<Head> head(const Lane& lane) override {
    TRY(const auto receipt, last_receipt(lane));
    return receipt ? Head{receipt->publish_id, receipt->counter} : Head{};
  }

  Result<std::optional<Receipt>> last_receipt(const Lane& lane) override {
    return look<std::optional<Receipt>>([&](Connection& server) -> Result<std::optional<Receipt>> {
      // Where the table is gone its lanes begin again: rows and position cannot part.
      TRY(const auto there, look_at(server, x_target.table));
      if (!there.is_there) return std::optional<Receipt>();
      return ledger(server).last_receipt(lane);
    });
  }

  Result<LaneTips> tips(const Lane& lane, Reach) override {
    return look<LaneTips>([&](Connection& server) -> Result<LaneTips> {
      TRY(const auto there, look_at(server, x_target.table));
      if (!there.is_there) return LaneTips();
      return ledger(server).tips(lane);
    });
  }

  Result<std::vector<std::string>> lanes(const Lane& lane) override {
    return look<std::vector<std::string>>(
        [&](Connection& server) -> Result<std::vector<std::string>> {
          TRY(const auto there, look_at(server, x_target.table));
          if (!there.is_there) return std::vector<std::string>();
          return ledger(server).lanes(lane);
        });
  }

  Result<std::optional<Receipt>> find(const Uuid& publish_id) override {
    return look<std::optional<Receipt>>([&](Connection& server) -> Result<std::optional<Receipt>> {
      // A COMMIT whose answer nobody heard may be on its way still.
      TRY(server.execute(wait_for_publish(publish_id)));
      return ledger(server).find(publish_id);
    });
  }

  Result<Stage> stage(const PublishPlan& plan) override {
    TRY(begin(plan));
    auto writer = x_publication->writer();
    if (!writer.ok()) return explain(std::move(writer).error());
    return Stage(RowStage{*writer, x_publication->travels_as()});
  }

  Result<Staged> seal() override {
    LEAT_ASSERT(x_publication != nullptr);
    auto staged = x_publication->seal();
    x_wants_rows = x_publication->wants_rows();
    if (!staged.ok()) return explain(std::move(staged).error());
    return staged;
  }

  bool wants_rows_kept() const override { return x_wants_rows; }

  Result<RowChanges> commit(const Receipt& receipt) override {
    LEAT_ASSERT(x_publication != nullptr && receipt.publish_id == x_publish_id);
    auto done = x_publication->commit(receipt);
    // What has failed is over, and lets nobody wait.
    x_publication.reset();
    if (!done.ok()) return explain(std::move(done).error());
    // The rows are published; what cannot be removed goes with the scratch folder.
    static_cast<void>(discard(receipt.publish_id).ok());
    return done;
  }

  Status discard(const Uuid& publish_id) override {
    x_publication.reset();
    auto kept = x_files.remove(rows_path(publish_id).string() + ".kept");
    auto rows = x_files.remove(rows_path(publish_id));
    return kept.ok() ? std::move(rows) : std::move(kept);
  }

  Result<fs::path> hold(const fs::path& folder) override {
    x_publication.reset();
    TRY(x_files.create_folders(folder));
    const fs::path held = folder / "rows.pgcopy";
    crash_point("postgres.hold.before");
    TRY(io::sync_file(x_files, rows_path(x_publish_id)));
    TRY(io::move_durably(x_files, rows_path(x_publish_id), held));
    return held;
  }

  Result<Staged> adopt(const PublishPlan& plan, const fs::path& held) override {
    TRY(begin(plan));
    TRY(io::copy_durably(x_files, held, rows_path(plan.publish_id)));
    auto staged = x_publication->load();
    if (!staged.ok()) return explain(std::move(staged).error());
    return staged;
  }

  std::string how_to_look() const override {
    return x_target.look + " -c " +
           shell_word("SELECT * FROM " + x_target.table.sql() + " LIMIT 10");
  }

  std::string place() const override {
    return x_target.shown + ", table " + x_target.table.shown();
  }

 private:
  fs::path rows_path(const Uuid& id) const {
    return x_target.scratch / ("table-" + id.text() + ".pgcopy");
  }

  sql_target::Ledger ledger(Connection& server) const {
    return ledger_of(server, x_target.table, place());
  }

  Error explain(Error error) const {
    return std::move(error).during("while publishing to " + place());
  }

  /// With the connection that is there, or a new one where it was lost meanwhile.
  template <typename T, typename Look>
  Result<T> look(Look ask) {
    if (x_idle) {
      auto answer = ask(*x_idle);
      if (answer.ok() || !x_idle->is_lost()) return answer;
      x_idle.reset();
    }
    TRY(x_idle, Connection::open(x_target.server));
    auto answer = ask(*x_idle);
    if (!answer.ok()) return std::move(answer).error().during("while looking at " + place());
    return answer;
  }

  Status begin(const PublishPlan& plan) {
    TRY(discard(plan.publish_id));
    x_publish_id = plan.publish_id;
    auto server = Connection::open(x_target.server);
    if (!server.ok()) return explain(std::move(server).error());
    x_publication = std::make_unique<Publication>(
        std::move(server).value(), x_files,
        Publication::Task{plan, x_target.table, place(), x_target.time_column, x_target.overwrite,
                          rows_path(plan.publish_id)});
    const auto begun = x_publication->begin();
    if (begun.ok()) return begun;
    x_publication.reset();
    return explain(begun.error());
  }

  io::FileSystem& x_files;
  TableTarget x_target;
  std::optional<Connection> x_idle;  ///< To look with.
  std::unique_ptr<Publication> x_publication;
  Uuid x_publish_id;
  bool x_wants_rows = false;
};

}  // namespace

std::unique_ptr<Sink> open_table_sink(io::FileSystem& files, TableTarget target) {
  return std::make_unique<TableSink>(files, std::move(target));
}

}  // namespace leat::connectors::postgres
