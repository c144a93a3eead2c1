#include "connectors/postgres/publication.hpp"

#include "base/crash_point.hpp"
#include "connectors/postgres/careful_load.hpp"
#include "connectors/postgres/ledger.hpp"
#include "connectors/postgres/table_rules.hpp"

namespace leat::connectors::postgres {
namespace {

using leat::postgres::Connection;

constexpr const char* kTexts = "_leat_texts";
constexpr std::uint64_t kTextsDeletedMax = 10'000;

std::uint64_t rows_in(std::string_view rows) {
  std::uint64_t count = 0;
  for (std::size_t at = 0; at < rows.size(); ++count) at += row_size(rows.substr(at));
  return count;
}

}  // namespace

Publication::Publication(Connection server, io::FileSystem& files, Task task)
    : x_server(std::move(server)),
      x_files(files),
      x_plan(task.plan),
      x_table(task.table),
      x_place(std::move(task.place)),
      x_time_column(std::move(task.time_column)),
      x_overwrite(task.overwrite),
      x_rows(std::move(task.rows)),
      x_fit{task.plan, {}, {}, {}, {}, {}} {}

Status Publication::begin() {
  TRY(open_transaction());
  TRY(x_there, look_at(x_server, x_table));
  if (!x_there.is_there && !x_plan.options.create) {
    return Error(Fault::config, x_place + " is not there, and `create: false` forbids to make it")
        .hint("make it yourself, or leave `create` out");
  }
  TRY(x_fit, fit(x_plan, x_there, x_place));
  TRY(require_ours());
  if (x_there.is_there) TRY(require_own_rows(x_server, x_table, strategy(), x_place));
  const bool is_plain = strategy() == Strategy::append || strategy() == Strategy::replace;
  x_is_remade = x_there.is_there && strategy() == Strategy::replace && !x_fit.is_same &&
                !x_plan.options.on_schema_change;
  x_is_straight = is_plain && x_there.schema_is_there && x_fit.met.added.empty() &&
                  x_fit.met.written.size() == x_fit.plan.schema.size() &&
                  !(x_plan.judge && x_there.is_there);
  if (x_is_remade) x_new_name = "_leat_new_" + x_plan.publish_id.text();
  return prepare();
}

Status Publication::open_transaction() {
  TRY(x_server.execute("BEGIN ISOLATION LEVEL READ COMMITTED"));
  // Held to the end: whoever asks whether this publish happened waits for the answer.
  return x_server.execute(wait_for_publish(x_plan.publish_id));
}

Status Publication::require_ours() {
  if (!x_there.is_there || strategy() != Strategy::replace || x_overwrite) return {};
  TRY(const bool is_ours, ledger_of(x_server, x_table, x_place).made_table());
  if (is_ours) return {};
  return Error(Fault::config, x_place + " exists and was not made by Leat")
      .refused()
      .hint("name another table, or set `overwrite: true` to replace its rows");
}

/// Makes the place that the rows go to.
Status Publication::prepare() {
  if (x_fit.has_casts) TRY(make_texts());
  if (!x_is_straight) return make_staging();
  if (x_is_remade) return make_target(x_new_name);
  if (!x_there.is_there) return make_target(x_table.table);
  return strategy() == Strategy::replace ? empty_target() : Status();
}

Status Publication::make_target(const std::string& name) {
  TRY(x_server.execute("CREATE TABLE " + x_table.sql_of(name) + " (" + declare(x_fit.met.columns) +
                       ")"));
  return x_time_column.empty() ? Status() : make_hypertable(name);
}

/// A function of that name which is no extension's may be anybody's.
Status Publication::make_hypertable(const std::string& name) {
  TRY(const auto found,
      x_server.query("SELECT n.nspname FROM pg_catalog.pg_proc AS p JOIN pg_catalog.pg_namespace "
                     "AS n ON n.oid = p.pronamespace JOIN pg_catalog.pg_depend AS d ON d.objid = "
                     "p.oid AND d.classid = CAST('pg_catalog.pg_proc' AS pg_catalog.regclass) AND "
                     "d.deptype = 'e' WHERE p.proname = 'create_hypertable' LIMIT 1"));
  if (found.empty()) return {};
  const data::Schema target{x_fit.met.columns};
  const auto column = target.find(x_time_column);
  if (!column) {
    return Error(Fault::config, x_place + " has no column `" + x_time_column + "` for `hypertable`")
        .hint(name_hint(x_time_column, target.names()));
  }
  const auto called = quote_identifier(found[0][0].value_or("")) + ".create_hypertable(CAST(" +
                      quote_literal(x_table.sql_of(name)) + " AS pg_catalog.regclass), CAST(" +
                      quote_literal(target.columns[*column].name) + " AS pg_catalog.name))";
  TRY(x_server.query("SELECT 1 FROM " + called));
  return {};
}

/// Rows are deleted, not truncated, and the table not exchanged: readers go on seeing the old rows
/// until the commit, and what hangs on the table (indexes, grants, views, sequences) stays.
Status Publication::empty_target() {
  TRY(x_server.execute("LOCK TABLE " + x_table.sql() + " IN " + kBusy + " MODE"));
  auto done = x_server.execute("DELETE FROM " + x_table.sql());
  if (done.ok()) return require_empty();
  if (done.error().fault() != Fault::data) return done;
  return std::move(done).error().hint(
      "`replace` removes all rows of the table, and another one refers to them: use `merge`");
}

/// A row that a trigger keeps would stand beside the new ones.
Status Publication::require_empty() {
  TRY(const auto keepers, find_keepers(x_server, x_table));
  if (keepers.empty()) return {};
  TRY(const auto left, x_server.query("SELECT count(*) FROM " + x_table.sql()));
  const auto kept = sql_target::number_in(left);
  return kept == 0 ? Status() : sql_target::kept_rows(kept, without(keepers));
}

/// The staging table has the table's own types and rules, so that a row is refused before the gate.
Status Publication::make_staging() {
  if (!x_there.is_there || x_is_remade) {
    TRY(x_server.execute("CREATE TEMPORARY TABLE " + std::string(kStaging) + " (" +
                         declare(x_fit.plan.schema.columns) + ") ON COMMIT DROP"));
  } else {
    TRY(x_server.execute("CREATE TEMPORARY TABLE " + std::string(kStaging) + " (LIKE " +
                         x_table.sql() + " INCLUDING CONSTRAINTS) ON COMMIT DROP"));
  }
  return shape_staging();
}

Status Publication::shape_staging() {
  if (!x_there.is_there || x_is_remade) return {};
  std::string changes;
  const auto change = [&](const std::string& what) {
    changes += (changes.empty() ? " " : ", ") + what;
  };
  for (const auto& column : x_there.columns) {
    const auto found = x_fit.plan.schema.find(column.name);
    if (found && !x_fit.loses_rules(*found)) continue;
    change("DROP COLUMN " + quote_identifier(column.name) + " CASCADE");
  }
  for (std::size_t i = 0; i < x_fit.plan.schema.size(); ++i) {
    const auto& name = x_fit.plan.schema.columns[i].name;
    if (x_there.column(name) != nullptr && !x_fit.loses_rules(i)) continue;
    change("ADD COLUMN " + quote_identifier(name) + " " + x_fit.types[i].sql);
  }
  if (changes.empty()) return {};
  return x_server.execute("ALTER TABLE pg_temp." + std::string(kStaging) + changes);
}

Status Publication::make_texts() {
  x_texts_deleted = 0;
  std::string columns;
  for (std::size_t i = 0; i < x_fit.plan.schema.size(); ++i) {
    columns += (columns.empty() ? "" : ", ") + quote_identifier(x_fit.plan.schema.columns[i].name) +
               " " + (x_fit.casts[i].empty() ? x_fit.types[i].sql : "text");
  }
  return x_server.execute("CREATE TEMPORARY TABLE " + std::string(kTexts) + " (" + columns +
                          ") ON COMMIT DROP");
}

std::string Publication::rows_table() const {
  if (!x_is_straight) return "pg_temp." + std::string(kStaging);
  return x_is_remade ? x_table.sql_of(x_new_name) : x_table.sql();
}

std::string Publication::names_of_columns() const {
  std::string names;
  for (const auto& column : x_fit.plan.schema.columns) {
    names += (names.empty() ? "" : ", ") + quote_identifier(column.name);
  }
  return names;
}

std::string Publication::copy_sql() const {
  const auto into = x_fit.has_casts ? "pg_temp." + std::string(kTexts) : rows_table();
  return "COPY " + into + " (" + names_of_columns() + ") FROM STDIN (FORMAT binary)";
}

Result<std::uint64_t> Publication::settle() {
  TRY(const auto found, x_server.query(settle_sql()));
  const auto rows = std::stoull(found.at(0).at(0).value_or("0"));
  // TRUNCATE begins a new file each time; rows that are deleted are passed over until then.
  x_texts_deleted += rows;
  const bool deletes = x_texts_deleted <= kTextsDeletedMax;
  if (!deletes) x_texts_deleted = 0;
  TRY(x_server.execute((deletes ? "DELETE FROM pg_temp." : "TRUNCATE pg_temp.") +
                       std::string(kTexts)));
  return rows;
}

/// An identity takes what comes, as with COPY.
std::string Publication::settle_sql() const {
  std::string values;
  for (std::size_t i = 0; i < x_fit.plan.schema.size(); ++i) {
    const auto name = quote_identifier(x_fit.plan.schema.columns[i].name);
    std::string value = x_fit.casts[i].empty() ? name : x_fit.casts[i];
    for (auto at = value.find('?'); !x_fit.casts[i].empty() && at != value.npos;
         at = value.find('?', at + name.size())) {
      value.replace(at, 1, name);
    }
    values += (values.empty() ? "" : ", ") + value;
  }
  return "WITH moved AS (INSERT INTO " + rows_table() + " (" + names_of_columns() +
         ") OVERRIDING SYSTEM VALUE SELECT " + values + " FROM pg_temp." + kTexts +
         " RETURNING 1) SELECT count(*) FROM moved";
}

Result<CopyWriter*> Publication::writer() {
  std::unique_ptr<CopyFile> file;
  if (x_plan.keeps_rows) {
    TRY(file, CopyFile::create(x_files, x_rows, signature_of(x_fit.wires)));
  }
  TRY(x_server.begin_copy_in(copy_sql()));
  TRY(x_server.put(copy_header()));
  x_writer = std::make_unique<CopyWriter>(x_server, std::move(file), x_fit.wires);
  return x_writer.get();
}

Result<Staged> Publication::seal() {
  LEAT_ASSERT(x_writer != nullptr);
  auto taken = x_writer->taken();
  const auto sent = x_writer->rows();
  const auto bytes = x_writer->bytes();
  x_writer.reset();
  crash_point("postgres.stage.after");
  if (taken.ok() && x_fit.has_casts) taken = settle();
  if (!taken.ok() && taken.error().fault() != Fault::data) return std::move(taken).error();
  if (taken.ok() && *taken != sent) return other_rows(sent, *taken);
  if (taken.ok()) {
    x_staged = Staged{*taken, bytes};
    x_staged->are_rows_kept = x_plan.keeps_rows;
  } else if (x_plan.keeps_rows) {
    TRY(x_staged, take_again());
  } else {
    x_wants_rows = true;
    return std::move(taken).error();
  }
  return *x_staged;
}

/// With the names of what keeps rows, where these can be had.
Error Publication::other_rows(std::uint64_t sent, std::uint64_t taken) {
  const auto keepers = find_keepers(x_server, x_table);
  return sql_target::other_rows(sent, taken,
                                without(keepers.ok() ? *keepers : std::vector<std::string>()));
}

/// From the beginning, and carefully.
Result<Staged> Publication::take_again() {
  TRY(x_server.execute("ROLLBACK"));
  TRY(open_transaction());
  TRY(const auto now, look_at(x_server, x_table));
  if (now.is_there != x_there.is_there || now.columns != x_there.columns) {
    return Error(Fault::external, x_place + " was altered while rows went into it")
        .busy()
        .hint("nothing was published; run again");
  }
  TRY(prepare());
  CarefulLoad load{x_server, x_files, x_rows, x_fit.wires, copy_sql(), {}, {}};
  if (x_fit.has_casts) load.settle = [this] { return settle(); };
  load.other_rows = [this](auto sent, auto took) { return other_rows(sent, took); };
  return load_carefully(load);
}

Result<Staged> Publication::load() {
  const auto signature = signature_of(x_fit.wires);
  std::uint64_t bytes = 0;
  std::uint64_t sent = 0;
  TRY(x_server.begin_copy_in(copy_sql()));
  TRY(x_server.put(copy_header()));
  constexpr std::size_t kPieceBytes = 1 << 20;
  TRY(read_rows(x_files, x_rows, signature, kPieceBytes, [&](std::string_view rows) {
    bytes += rows.size();
    sent += rows_in(rows);
    return x_server.put(rows);
  }));
  TRY(x_server.put(copy_end()));
  TRY(auto rows, x_server.end_copy_in());
  if (x_fit.has_casts) {
    TRY(rows, settle());
  }
  if (rows != sent) return other_rows(sent, rows);
  x_staged = Staged{rows, bytes};
  return *x_staged;
}

Result<RowChanges> Publication::commit(const Receipt& receipt) {
  LEAT_ASSERT(x_staged.has_value());
  Receipt written = receipt;
  if (!x_is_straight) TRY(prepare_meeting());
  TRY(create_ledger());
  // One publish to a table after the other from here on, so that the order of the ledger is theirs.
  TRY(x_server.execute(lock_by(x_table.sql())));
  TRY(ledger_of(x_server, x_table, x_place).advance(x_fit.plan, receipt, !x_there.is_there));
  if (x_is_straight) {
    if (x_plan.judge) TRY(x_plan.judge(Difference{.added = x_staged->rows}));
    TRY(put_in_place());
    written.changes.inserted = x_staged->rows;
  } else {
    TRY(written.changes, meet_rows(receipt));
  }
  TRY(x_server.execute("SET CONSTRAINTS ALL IMMEDIATE"));
  crash_point("postgres.ledger.before");
  TRY(write_ledger(written));
  crash_point("postgres.ledger.after");
  crash_point("postgres.commit.before");
  TRY(x_server.commit());
  crash_point("postgres.commit.after");
  return written.changes;
}

Status Publication::create_ledger() {
  if (!x_there.schema_is_there) {
    // Two that create it at once would both find it missing.
    TRY(x_server.execute(lock_by(quote_identifier(x_table.schema))));
    TRY(x_server.execute("CREATE SCHEMA IF NOT EXISTS " + quote_identifier(x_table.schema)));
  }
  const auto ledger = ledger_of(x_server, x_table, x_place);
  TRY(const auto there, x_server.query("SELECT 1 FROM pg_catalog.pg_tables WHERE schemaname = " +
                                       quote_literal(x_table.schema) +
                                       " AND tablename = " + quote_literal(sql_target::kHeads)));
  if (!there.empty()) return {};
  TRY(x_server.execute(lock_by(x_table.sql_of(sql_target::kCommits))));
  return ledger.create();
}

/// The new table takes the name of the old one: the only moment in which readers wait.
Status Publication::put_in_place() {
  if (!x_is_remade) return {};
  TRY(x_server.execute("DROP TABLE " + x_table.sql()));
  return x_server.execute("ALTER TABLE " + x_table.sql_of(x_new_name) + " RENAME TO " +
                          quote_identifier(x_table.table));
}

Status Publication::write_ledger(Receipt& receipt) {
  const bool makes_table = !x_there.is_there || strategy() == Strategy::replace;
  return ledger_of(x_server, x_table, x_place).add(receipt, makes_table);
}

}  // namespace leat::connectors::postgres
