#pragma once

#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/names.hpp"
#include "base/uuid.hpp"
#include "clients/postgres/connection.hpp"
#include "support/postgres_server.hpp"

namespace leat::test {

/// A schema of its own in the server of the tests, and what it was to go back to.
class PostgresPlace {
 public:
  /// False: there is no server, and the test is skipped, loudly.
  bool open() {
    std::string why;
    x_server.url = postgres_url(why);
    if (x_server.url.empty()) {
      reason = why;
      return false;
    }
    x_server.parameters = {{"sslmode", "disable"}};
    const auto id = make_uuid7(system_clock()).text();
    schema = "place_" + id;
    x_kept = "kept_" + id;
    auto opened = postgres::Connection::open(x_server);
    if (!opened.ok()) {
      reason = opened.error().text();
      return false;
    }
    x_look = std::move(opened).value();
    execute("SET synchronous_commit = off");
    execute("CREATE SCHEMA " + quote_identifier(schema));
    return true;
  }
  ~PostgresPlace() {
    if (!x_look) return;
    execute("DROP SCHEMA IF EXISTS " + quote_identifier(schema) + " CASCADE");
    execute("DROP SCHEMA IF EXISTS " + quote_identifier(x_kept) + " CASCADE");
  }

  const postgres::Server& server() const { return x_server; }
  std::string name_of(const std::string& table) const {
    return quote_identifier(schema) + "." + quote_identifier(table);
  }
  void execute(const std::string& sql) {
    const auto done = x_look->execute(sql);
    EXPECT_TRUE(done.ok()) << done.error().text() << "\n" << sql;
  }
  /// All rows, as texts in their order.
  std::string rows(const std::string& sql) {
    const auto found = x_look->query("SELECT CAST(r AS text) FROM (" + sql + ") AS r ORDER BY 1");
    if (!found.ok()) return found.error().text();
    std::string text;
    for (const auto& row : *found) text += row[0].value_or("NULL") + " ";
    return text;
  }
  bool has(const std::string& table) {
    return rows("SELECT pg_catalog.to_regclass(" + quote_literal(name_of(table)) +
                ") IS NOT NULL") == "(t) ";
  }

  /// What it is now is what `restore` makes of it again.
  void keep() { copy(schema, x_kept); }
  void restore() { copy(x_kept, schema); }

 private:
  /// Tables are emptied and filled again: to make them anew waits for the disk each time.
  void copy(const std::string& from, const std::string& to) {
    const auto wanted = tables_of(from);
    const auto there = tables_of(to);
    std::string sql = "CREATE SCHEMA IF NOT EXISTS " + quote_identifier(to) + ";";
    const auto name_in = [](const std::string& place, const std::string& table) {
      return quote_identifier(place) + "." + quote_identifier(table);
    };
    for (const auto& [table, columns] : there) {
      const auto same = wanted.find(table);
      if (same != wanted.end() && same->second == columns) continue;
      sql += "DROP TABLE " + name_in(to, table) + " CASCADE;";
    }
    for (const auto& [table, columns] : wanted) {
      const auto same = there.find(table);
      const bool is_there = same != there.end() && same->second == columns;
      sql += is_there ? "DELETE FROM " + name_in(to, table) + ";"
                      : "CREATE TABLE " + name_in(to, table) + " (LIKE " + name_in(from, table) +
                            " INCLUDING ALL);";
      sql += "INSERT INTO " + name_in(to, table) + " OVERRIDING SYSTEM VALUE SELECT * FROM " +
             name_in(from, table) + ";";
    }
    execute(sql);
  }
  /// With their columns.
  std::map<std::string, std::string> tables_of(const std::string& place) {
    std::map<std::string, std::string> all;
    const auto found = x_look->query(
        "SELECT c.relname, string_agg(a.attname || ' ' || a.atttypid, ',' ORDER BY a.attnum) FROM "
        "pg_catalog.pg_class AS c JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND "
        "a.attnum > 0 AND NOT a.attisdropped WHERE c.relkind = 'r' AND c.relnamespace = "
        "pg_catalog.to_regnamespace(" +
        quote_literal(quote_identifier(place)) + ") GROUP BY 1");
    EXPECT_TRUE(found.ok()) << found.error().text();
    if (!found.ok()) return all;
    for (const auto& row : *found) all[row[0].value_or("")] = row[1].value_or("");
    return all;
  }

 public:
  std::string schema;
  std::string reason;

 private:
  postgres::Server x_server;
  std::string x_kept;
  std::optional<postgres::Connection> x_look;
};

}  // namespace leat::test
