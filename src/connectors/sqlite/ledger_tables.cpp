#include "connectors/sqlite/ledger_tables.hpp"

#include <utility>

#include "base/names.hpp"

namespace leat::connectors::sqlite {
namespace {

using leat::sqlite::Cells;
using leat::sqlite::execute;
using leat::sqlite::query;

constexpr const char* kOfLane = "pipeline = ?1 AND sink = ?2 AND lane = ?3 AND table_name = ?4";

std::string number(std::uint64_t value) { return std::to_string(value); }

}  // namespace

/// Tables are not told apart by letter case, so the ledger must not either.
Cells LedgerTables::of_lane(const Lane& lane) const {
  return {lane.pipeline, lane.sink, lane.lane, to_lower(x_table)};
}

Result<bool> LedgerTables::is_there() const {
  TRY(const auto found, query(x_database,
                              "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND "
                              "name = ?1",
                              {kCommits}));
  return !found.empty();
}

Result<std::optional<Receipt>> LedgerTables::newest(const std::string& condition,
                                                    const Cells& parameters) const {
  TRY(const bool there, is_there());
  if (!there) return std::optional<Receipt>();
  TRY(const auto found, query(x_database,
                              "SELECT receipt FROM _leat_commits WHERE " + condition +
                                  " ORDER BY counter DESC LIMIT 1",
                              parameters));
  if (found.empty()) return std::optional<Receipt>();
  auto receipt = receipt_from_json(found[0][0]);
  if (!receipt.ok()) return std::move(receipt).error().during("while reading _leat_commits");
  return std::optional<Receipt>(std::move(receipt).value());
}

Result<std::optional<Receipt>> LedgerTables::last_receipt(const Lane& lane) const {
  return newest(
      std::string("publish_id = (SELECT publish_id FROM _leat_heads WHERE ") + kOfLane + ")",
      of_lane(lane));
}

Result<std::optional<Receipt>> LedgerTables::find(const Uuid& publish_id) const {
  return newest("publish_id = ?1", {publish_id.text()});
}

Result<bool> LedgerTables::made_table() const {
  TRY(const bool there, is_there());
  if (!there) return false;
  TRY(const auto found, query(x_database,
                              "SELECT 1 FROM _leat_commits WHERE made_table AND "
                              "table_name = ?1 LIMIT 1",
                              {to_lower(x_table)}));
  return !found.empty();
}

Status LedgerTables::create() const {
  TRY(execute(x_database,
              "CREATE TABLE IF NOT EXISTS _leat_heads (pipeline TEXT NOT NULL, sink TEXT NOT NULL,"
              " lane TEXT NOT NULL, table_name TEXT NOT NULL, publish_id TEXT NOT NULL,"
              " counter INTEGER NOT NULL, PRIMARY KEY (pipeline, sink, lane, table_name))"));
  return execute(x_database,
                 "CREATE TABLE IF NOT EXISTS _leat_commits (publish_id TEXT NOT NULL PRIMARY KEY,"
                 " previous_publish_id TEXT NOT NULL, counter INTEGER NOT NULL,"
                 " pipeline TEXT NOT NULL, sink TEXT NOT NULL, lane TEXT NOT NULL,"
                 " table_name TEXT NOT NULL, made_table BOOLEAN NOT NULL, run_id TEXT NOT NULL,"
                 " strategy TEXT NOT NULL, rows_published INTEGER NOT NULL,"
                 " committed_at TEXT NOT NULL, receipt TEXT NOT NULL)");
}

Status LedgerTables::forget_heads() const {
  return execute(x_database, "DELETE FROM _leat_heads WHERE table_name = ?1", {to_lower(x_table)});
}

Status LedgerTables::move_head(const Receipt& receipt) const {
  auto start = of_lane(receipt.lane);
  start.push_back(Uuid{}.text());
  TRY(execute(x_database,
              "INSERT INTO _leat_heads VALUES (?1, ?2, ?3, ?4, ?5, 0) ON CONFLICT DO NOTHING",
              start));
  auto move = of_lane(receipt.lane);
  for (const std::string& value :
       {receipt.publish_id.text(), number(receipt.counter), receipt.previous_publish_id.text(),
        number(receipt.counter - 1)}) {
    move.push_back(value);
  }
  TRY(execute(x_database,
              std::string("UPDATE _leat_heads SET publish_id = ?5, counter = ?6 "
                          "WHERE ") +
                  kOfLane + " AND publish_id = ?7 AND counter = CAST(?8 AS INTEGER)",
              move));
  if (sqlite3_changes(x_database) == 1) return {};
  TRY(const auto last, last_receipt(receipt.lane));
  Error error(Fault::external, x_table + " has moved on since this run began");
  if (last) {
    error = std::move(error)
                .with("published", last->publish_id.text())
                .with("by_run", last->run_id.text())
                .with("at", format_instant(last->committed_at));
  }
  return std::move(error).refused().hint("nothing was published; run again");
}

Status LedgerTables::add(const Receipt& receipt, bool made_table) const {
  return execute(
      x_database,
      "INSERT INTO _leat_commits VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11,"
      " ?12, ?13)",
      {receipt.publish_id.text(), receipt.previous_publish_id.text(), number(receipt.counter),
       receipt.lane.pipeline, receipt.lane.sink, receipt.lane.lane, to_lower(x_table),
       made_table ? "1" : "0", receipt.run_id.text(), receipt.strategy,
       number(receipt.rows_published), format_instant(receipt.committed_at), to_json(receipt)});
}

}  // namespace leat::connectors::sqlite
