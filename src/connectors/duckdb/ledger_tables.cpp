#include "connectors/duckdb/ledger_tables.hpp"

namespace leat::connectors::duckdb {
namespace {

std::string literal(const Uuid& id) { return quote_literal(id.text()) + "::UUID"; }
std::string literal(std::uint64_t number) { return std::to_string(number); }
std::string literal(Instant instant) {
  return quote_literal(format_instant(instant)) + "::TIMESTAMPTZ";
}

}  // namespace

/// The engine does not tell tables by letter case, so the ledger must not either.
std::string LedgerTables::name() const { return quote_literal(to_lower(x_table.table)); }

std::string LedgerTables::of_lane(const Lane& lane) const {
  return "pipeline = " + quote_literal(lane.pipeline) + " AND sink = " + quote_literal(lane.sink) +
         " AND lane = " + quote_literal(lane.lane) +
         " AND table_name = " + name();
}

Result<bool> LedgerTables::is_there() const {
  TRY(const auto columns, columns_of(x_session, {x_table.schema, kCommits}));
  return !columns.empty();
}

Result<std::optional<Receipt>> LedgerTables::newest(const std::string& condition) const {
  TRY(const bool there, is_there());
  if (!there) return std::optional<Receipt>();
  TRY(const auto found, x_session.query("SELECT receipt FROM " + x_table.sql_of(kCommits) +
                                        " WHERE " + condition + " ORDER BY counter DESC LIMIT 1"));
  if (found.rows.empty()) return std::optional<Receipt>();
  auto receipt = receipt_from_json(found.rows[0][0].value_or(""));
  if (!receipt.ok()) return std::move(receipt).error().during("while reading _leat_commits");
  return std::optional<Receipt>(std::move(receipt).value());
}

Result<std::optional<Receipt>> LedgerTables::last_receipt(const Lane& lane) const {
  return newest("publish_id = (SELECT publish_id FROM " + x_table.sql_of(kHeads) + " WHERE " +
                of_lane(lane) + ")");
}

Result<std::optional<Receipt>> LedgerTables::find(const Uuid& publish_id) const {
  return newest("publish_id = " + literal(publish_id));
}

Result<bool> LedgerTables::made_table() const {
  TRY(const bool there, is_there());
  if (!there) return false;
  TRY(const auto found, x_session.query("SELECT 1 FROM " + x_table.sql_of(kCommits) +
                                        " WHERE made_table AND table_name = " +
                                        name() + " LIMIT 1"));
  return !found.rows.empty();
}

Status LedgerTables::create() const {
  TRY(x_session.execute("CREATE TABLE IF NOT EXISTS " + x_table.sql_of(kHeads) +
                        " (pipeline VARCHAR NOT NULL, sink VARCHAR NOT NULL,"
                        " lane VARCHAR NOT NULL, table_name VARCHAR NOT NULL,"
                        " publish_id UUID NOT NULL, counter UBIGINT NOT NULL)"));
  return x_session.execute("CREATE TABLE IF NOT EXISTS " + x_table.sql_of(kCommits) +
                           " (publish_id UUID NOT NULL, previous_publish_id UUID NOT NULL,"
                           " counter UBIGINT NOT NULL, pipeline VARCHAR NOT NULL,"
                           " sink VARCHAR NOT NULL, lane VARCHAR NOT NULL,"
                           " table_name VARCHAR NOT NULL, made_table BOOLEAN NOT NULL,"
                           " run_id UUID NOT NULL, strategy VARCHAR NOT NULL,"
                           " rows_published UBIGINT NOT NULL,"
                           " committed_at TIMESTAMP WITH TIME ZONE NOT NULL,"
                           " receipt VARCHAR NOT NULL)");
}

Status LedgerTables::forget_heads() const {
  return x_session.execute("DELETE FROM " + x_table.sql_of(kHeads) + " WHERE table_name = " +
                           name());
}

Status LedgerTables::move_head(const Receipt& receipt) const {
  const std::string heads = x_table.sql_of(kHeads);
  const std::string of_this_lane = of_lane(receipt.lane);
  TRY(x_session.execute("INSERT INTO " + heads + " SELECT " +
                        quote_literal(receipt.lane.pipeline) + ", " +
                        quote_literal(receipt.lane.sink) + ", " +
                        quote_literal(receipt.lane.lane) + ", " + name() +
                        ", " + literal(Uuid{}) + ", 0 WHERE NOT EXISTS (FROM " + heads +
                        " WHERE " + of_this_lane + ")"));
  TRY(const auto moved,
      change_rows(x_session, "UPDATE " + heads + " SET publish_id = " +
                                 literal(receipt.publish_id) + ", counter = " +
                                 literal(receipt.counter) + " WHERE " + of_this_lane +
                                 " AND publish_id = " + literal(receipt.previous_publish_id) +
                                 " AND counter = " + literal(receipt.counter - 1)));
  if (moved == 1) return {};
  TRY(const auto last, last_receipt(receipt.lane));
  Error error = Error(Fault::external, x_table.shown() + " has moved on since this run began");
  if (last) {
    error = std::move(error)
                .with("published", last->publish_id.text())
                .with("by_run", last->run_id.text())
                .with("at", format_instant(last->committed_at));
  }
  return std::move(error).refused().hint("nothing was published; run again");
}

Status LedgerTables::add(const Receipt& receipt, bool made_table) const {
  std::string values;
  for (const std::string& value :
       {literal(receipt.publish_id), literal(receipt.previous_publish_id),
        literal(receipt.counter), quote_literal(receipt.lane.pipeline),
        quote_literal(receipt.lane.sink), quote_literal(receipt.lane.lane),
        name(), std::string(made_table ? "true" : "false"),
        literal(receipt.run_id), quote_literal(receipt.strategy), literal(receipt.rows_published),
        literal(receipt.committed_at), quote_literal(to_json(receipt))}) {
    values += (values.empty() ? "" : ", ") + value;
  }
  return x_session.execute("INSERT INTO " + x_table.sql_of(kCommits) + " VALUES (" + values + ")");
}

}  // namespace leat::connectors::duckdb
