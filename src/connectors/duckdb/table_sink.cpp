#include "connectors/duckdb/table_sink.hpp"

#include <optional>
#include <utility>

#include "base/crash_point.hpp"
#include "base/names.hpp"
#include "base/shell_word.hpp"
#include "clients/sql_target/ledger.hpp"
#include "clients/sql_target/strategies.hpp"
#include "connectors/duckdb/new_database.hpp"
#include "core/meet_columns.hpp"
#include "data/parquet_types.hpp"
#include "engine/file_literal.hpp"

namespace leat::connectors::duckdb {
namespace {

namespace fs = std::filesystem;
using Access = Attachment::Access;

class TableSink final : public Sink {
 public:
  TableSink(engine::Session& session, io::FileSystem& files, TableTarget target)
      : x_session(session), x_files(files), x_target(std::move(target)) {}

  Result<Head> head(const Lane& lane) override {
    TRY(const auto receipt, last_receipt(lane));
    return receipt ? Head{receipt->publish_id, receipt->counter} : Head{};
  }

  Result<std::optional<Receipt>> last_receipt(const Lane& lane) override {
    return of_table<std::optional<Receipt>>([&] { return ledger().last_receipt(lane); });
  }

  Result<LaneTips> tips(const Lane& lane, Reach) override {
    return of_table<LaneTips>([&] { return ledger().tips(lane); });
  }

  Result<std::vector<std::string>> lanes(const Lane& lane) override {
    return of_table<std::vector<std::string>>([&] { return ledger().lanes(lane); });
  }

  Result<std::optional<Receipt>> find(const Uuid& publish_id) override {
    return of_file<std::optional<Receipt>>([&] { return ledger().find(publish_id); });
  }

  Result<Stage> stage(const PublishPlan& plan) override {
    TRY(prepare(plan));
    StageTarget stage{stage_path(plan.publish_id),
                      "parquet",
                      {{"COMPRESSION", "'lz4_raw'"}, {"PARQUET_VERSION", "'v2'"}},
                      {}};
    for (std::size_t i = 0; i < plan.schema.size(); ++i) {
      TRY(const auto travels, data::parquet_travel_type(plan.schema.columns[i].type));
      if (travels) stage.travels_as.emplace_back(i, *travels);
    }
    return Stage(std::move(stage));
  }

  Result<Staged> seal() override {
    LEAT_ASSERT(x_plan.has_value());
    const fs::path path = stage_path(x_plan->publish_id);
    crash_point("duckdb.stage.fsync.before");
    TRY(io::sync_file(x_files, path));
    crash_point("duckdb.stage.fsync.after");
    TRY(const auto stat, x_files.stat(path));
    TRY(const auto rows, change_rows(x_session, "SELECT num_rows FROM parquet_file_metadata(" +
                                                    engine::file_literal(path) + ")"));
    x_staged = Staged{rows, stat.size};
    return *x_staged;
  }

  Result<RowChanges> commit(const Receipt& receipt) override {
    LEAT_ASSERT(x_staged && receipt.publish_id == x_plan->publish_id);
    TRY(const bool has_file, is_there());
    // A refusal leaves no file behind where there was none.
    if (x_plan->judge && !has_file) TRY(x_plan->judge(Difference{.added = x_staged->rows}));
    TRY(x_files.create_folders(x_target.file.parent_path()));
    TRY(make_database(x_session, x_files, x_target.file));
    RowChanges changes;
    {
      TRY(const auto attached, attach(Access::write));
      TRY(changes, load(receipt));
      crash_point("duckdb.detach.before");
    }
    crash_point("duckdb.detach.after");
    // The rows are published; what cannot be removed goes with the scratch folder.
    static_cast<void>(discard(receipt.publish_id).ok());
    return changes;
  }

  Status discard(const Uuid& publish_id) override {
    x_staged.reset();
    return x_files.remove(stage_path(publish_id));
  }

  Result<fs::path> hold(const fs::path& folder) override {
    LEAT_ASSERT(x_staged.has_value());
    TRY(x_files.create_folders(folder));
    const fs::path held = folder / "rows.parquet";
    TRY(io::move_durably(x_files, stage_path(x_plan->publish_id), held));
    x_staged.reset();
    return held;
  }

  Result<Staged> adopt(const PublishPlan& plan, const fs::path& held) override {
    TRY(prepare(plan));
    TRY(io::copy_durably(x_files, held, stage_path(plan.publish_id)));
    return seal();
  }

  std::string how_to_look() const override {
    const auto quoted = [](const std::string& name) {
      return is_node_name(name) ? name : quote_identifier(name);
    };
    const TableName& table = x_target.table;
    const std::string name =
        (table.schema == "main" ? "" : quoted(table.schema) + ".") + quoted(table.table);
    return "leat query --db " + shell_word(x_target.shown) + " " + shell_word("FROM " + name);
  }

  std::string place() const override {
    return x_target.shown + ", table " + x_target.table.shown();
  }

 private:
  fs::path stage_path(const Uuid& id) const {
    return x_target.scratch / ("table-" + id.text() + ".parquet");
  }
  Result<Attachment> attach(Access access) {
    return Attachment::open(x_session, x_files, x_target.file, access);
  }
  Result<bool> is_there() { return has_database(x_files, x_target.file); }

  /// What `look` finds in the file; nothing where there is none.
  template <typename Found, typename Look>
  Result<Found> of_file(Look look) {
    TRY(const bool has_file, is_there());
    if (!has_file) return Found();
    TRY(const auto attached, attach(Access::read));
    return look();
  }

  /// Where the table is gone its lanes begin again: rows and position cannot part.
  template <typename Found, typename Look>
  Result<Found> of_table(Look look) {
    return of_file<Found>([&]() -> Result<Found> {
      TRY(const auto columns, columns_of(x_session, x_target.table));
      if (columns.empty()) return Found();
      return look();
    });
  }

  sql_target::Query query() const {
    return [this](const std::string& sql) -> Result<std::vector<sql_target::Row>> {
      TRY(auto table, x_session.query(sql));
      return std::move(table.rows);
    };
  }

  sql_target::Ledger ledger() const {
    const TableName& table = x_target.table;
    sql_target::LedgerPlace place;
    place.commits = table.sql_of(sql_target::kCommits);
    place.heads = table.sql_of(sql_target::kHeads);
    place.is_there_sql =
        "SELECT 1 FROM duckdb_tables() WHERE database_name = " + quote_literal(kAttached) +
        " AND lower(schema_name) = lower(" + quote_literal(table.schema) +
        ") AND table_name = " + quote_literal(sql_target::kCommits);
    // The file is attached under another name by whoever looks at it.
    place.executions = table.sql_of(sql_target::kExecutions);
    place.executions_from =
        quote_identifier(table.schema) + "." + quote_identifier(sql_target::kCommits);
    place.executions_taken_sql = "SELECT 1 FROM information_schema.tables WHERE table_catalog = " +
                                 quote_literal(kAttached) + " AND lower(table_schema) = lower(" +
                                 quote_literal(table.schema) + ") AND lower(table_name) = " +
                                 quote_literal(sql_target::kExecutions);
    place.score = "CAST(json_extract_string(receipt, '$.score') AS DOUBLE)";
    place.table = table.table;
    place.shown = table.shown();
    place.place = this->place();
    return {std::move(place), query()};
  }

  Status prepare(const PublishPlan& plan) {
    x_plan = plan;
    TRY(discard(plan.publish_id));
    TRY(const bool has_file, is_there());
    if (!has_file) return require_fit({});
    TRY(const auto attached, attach(Access::read));
    TRY(const auto columns, columns_of(x_session, x_target.table));
    return require_fit(columns);
  }

  /// May the plan's rows go into a table with these columns?
  Status require_fit(const std::vector<data::Column>& columns) const {
    if (columns.empty() && !x_plan->options.create) {
      return Error(Fault::config, place() + " is not there, and `create: false` forbids to make it")
          .hint("make it yourself, or leave `create` out");
    }
    TRY(meet_columns(*x_plan, columns, place()));
    if (columns.empty() || x_plan->strategy != Strategy::replace || x_target.overwrite) return {};
    TRY(const bool is_ours, ledger().made_table());
    if (is_ours) return {};
    return Error(Fault::config, place() + " exists and was not made by Leat")
        .refused()
        .hint("name another table, or set `overwrite: true` to replace it");
  }

  /// The one transaction.
  Result<RowChanges> load(const Receipt& receipt) {
    Transaction transaction(x_session);
    TRY(transaction.begin());
    TRY(x_session.execute("CREATE SCHEMA IF NOT EXISTS " + std::string(kAttached) + "." +
                          quote_identifier(x_target.table.schema)));
    TRY(ledger().create());
    TRY(const auto columns, columns_of(x_session, x_target.table));
    TRY(require_fit(columns));
    TRY(ledger().advance(*x_plan, receipt, columns.empty()));
    TRY(const MetColumns met, meet_columns(*x_plan, columns, place()));
    const bool makes_table = columns.empty() || x_plan->strategy == Strategy::replace;
    auto meeting = meeting_of(met, receipt);
    if (x_plan->judge && x_plan->strategy == Strategy::replace && !columns.empty()) {
      TRY(meeting.replaced, weigh(meeting, columns));
    }
    TRY(makes_table ? make_table(met) : add_columns(met));
    Receipt written = receipt;
    TRY(written.changes, sql_target::meet(meeting, query()));
    crash_point("duckdb.ledger.before");
    TRY(ledger().add(written, makes_table));
    crash_point("duckdb.ledger.after");
    crash_point("duckdb.commit.before");
    TRY(transaction.commit());
    crash_point("duckdb.commit.after");
    return written.changes;
  }

  Status make_table(const MetColumns& met) const {
    std::string columns;
    for (const data::Column& column : met.columns) {
      columns += (columns.empty() ? "" : ", ") + quote_identifier(column.name) + " " +
                 data::sql_of(column.type);
    }
    return x_session.execute("CREATE OR REPLACE TABLE " + x_target.table.sql() + " (" + columns +
                             ")");
  }

  Status add_columns(const MetColumns& met) const {
    for (const data::Column& column : met.added) {
      TRY(x_session.execute("ALTER TABLE " + x_target.table.sql() + " ADD COLUMN " +
                            quote_identifier(column.name) + " " + data::sql_of(column.type)));
    }
    return {};
  }

  /// The rows that are replaced; those of another type are compared as text.
  Result<Difference> weigh(sql_target::Meeting& meeting,
                           const std::vector<data::Column>& there) const {
    std::vector<std::string> names;
    for (const data::Column& column : there) {
      const auto index = x_plan->schema.find(column.name);
      if (!index) continue;
      const data::Column& ours = x_plan->schema.columns[*index];
      names.push_back(ours.name);
      if (ours.type != column.type) meeting.as_text.push_back(ours.name);
    }
    return sql_target::weigh_replaced(meeting, meeting.target, names, query());
  }

  sql_target::Meeting meeting_of(const MetColumns& met, const Receipt& receipt) const {
    std::string columns;
    for (const data::Column& column : x_plan->schema.columns) {
      const std::string name = quote_identifier(column.name);
      columns += (columns.empty() ? "" : ", ") + ("CAST(" + name) + " AS " +
                 data::sql_of(column.type) + ") AS " + name;
    }
    sql_target::Meeting meeting{*x_plan, met, x_target.table.sql(), {}, {}};
    meeting.stage = "(SELECT " + columns + " FROM read_parquet(" +
                    engine::file_literal(stage_path(x_plan->publish_id)) + ")) AS staged";
    meeting.now = now_literal(met, receipt.committed_at);
    return meeting;
  }

  /// scd2: the time of the commit, as the type of `valid_from`.
  std::string now_literal(const MetColumns& met, Instant instant) const {
    if (x_plan->strategy != Strategy::scd2) return "NULL";
    const data::Schema target{met.columns};
    const auto from = target.find(x_plan->options.valid_from);
    return "CAST(" + quote_literal(format_instant(instant)) + "::TIMESTAMPTZ AS " +
           data::sql_of(target.columns[*from].type) + ")";
  }

  engine::Session& x_session;
  io::FileSystem& x_files;
  TableTarget x_target;
  std::optional<PublishPlan> x_plan;
  std::optional<Staged> x_staged;
};

}  // namespace

std::unique_ptr<Sink> open_table_sink(engine::Session& session, io::FileSystem& files,
                                      TableTarget target) {
  return std::make_unique<TableSink>(session, files, std::move(target));
}

}  // namespace leat::connectors::duckdb
