#include "connectors/postgres/ledger.hpp"

namespace leat::connectors::postgres {
namespace {

using leat::postgres::Connection;

/// A lock in the server by a number, until the transaction ends.
std::string lock_number(const Uuid& id) {
  std::int64_t number = 0;
  for (std::size_t i = 8; i < id.bytes.size(); ++i) {
    number = std::int64_t((std::uint64_t(number) << 8) | id.bytes[i]);
  }
  return std::to_string(number);
}

}  // namespace

std::string lock_by(const std::string& name) {
  return "SELECT pg_catalog.pg_advisory_xact_lock(7821, pg_catalog.hashtext(" +
         quote_literal(name) + "))";
}

std::string wait_for_publish(const Uuid& id) {
  return "SELECT pg_catalog.pg_advisory_xact_lock(" + lock_number(id) + ")";
}

sql_target::Ledger ledger_of(Connection& server, const TableName& table, const std::string& place) {
  sql_target::LedgerPlace ledger;
  ledger.commits = table.sql_of(sql_target::kCommits);
  ledger.heads = table.sql_of(sql_target::kHeads);
  ledger.is_there_sql =
      "SELECT 1 FROM pg_catalog.pg_tables WHERE schemaname = " + quote_literal(table.schema) +
      " AND tablename = " + quote_literal(sql_target::kCommits);
  ledger.text = "text";
  ledger.uuid = "uuid";
  ledger.count = "bigint";
  ledger.has_keys = true;
  ledger.order = "publish_no";
  ledger.order_column = "publish_no bigint GENERATED ALWAYS AS IDENTITY";
  ledger.keeps_case = true;
  ledger.executions = table.sql_of(sql_target::kExecutions);
  ledger.executions_from = table.sql_of(sql_target::kCommits);
  ledger.executions_taken_sql =
      "SELECT 1 FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = "
      "c.relnamespace WHERE n.nspname = " +
      quote_literal(table.schema) + " AND c.relname = " + quote_literal(sql_target::kExecutions);
  // As text: `->>` reads the whole, and refuses escapes of what the encoding has no character for.
  ledger.score =
      "CAST(pg_catalog.substring(receipt, '\"score\":(-?[0-9.eE+-]+)') AS double precision)";
  ledger.is_narrow = true;
  ledger.table = table.table;
  ledger.shown = table.shown();
  ledger.place = place;
  return {std::move(ledger), [&server](const std::string& sql) { return server.query(sql); }};
}

}  // namespace leat::connectors::postgres
