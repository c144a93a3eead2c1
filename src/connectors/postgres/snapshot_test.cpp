#include "connectors/postgres/snapshot.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <thread>

#include "support/postgres_place.hpp"

namespace leat::connectors::postgres {
namespace {

TEST(Snapshot, that_its_holder_has_lost_is_to_be_tried_again_and_no_fault_of_the_rows) {
  test::PostgresPlace place;
  if (!place.open()) GTEST_SKIP() << "NO POSTGRESQL: " << place.reason;
  place.execute("CREATE TABLE " + place.name_of("rows") + "(id INTEGER)");
  TableRead read;
  read.server = place.server();
  read.shown = "the server of the tests";
  read.table = {place.schema, "rows"};
  const auto columns = look_at_columns(read);
  ASSERT_TRUE(columns.ok()) << columns.error().text();
  auto snapshot = Snapshot::take(read);
  ASSERT_TRUE(snapshot.ok()) << snapshot.error().text();
  EXPECT_TRUE(snapshot->join(read, *columns).ok());
  const auto holder = snapshot->holder().query("SELECT pg_backend_pid()");
  ASSERT_TRUE(holder.ok());
  // Until it is gone: what it has exported goes with it.
  place.execute("SELECT pg_terminate_backend(" + (*holder)[0][0].value_or("") + ", 10000)");
  const auto joined = snapshot->join(read, *columns);
  ASSERT_FALSE(joined.ok());
  EXPECT_EQ(joined.error().fault(), Fault::external) << joined.error().text();
}

/// A table of a row, and somebody who loads it anew in one transaction.
struct Loaded {
  test::PostgresPlace place;
  TableRead read;
  std::vector<ReadColumn> columns;
  std::optional<leat::postgres::Connection> loader;

  bool open() {
    if (!place.open()) return false;
    place.execute("CREATE TABLE " + place.name_of("rows") + " AS SELECT 1 AS id");
    read.server = place.server();
    read.shown = "the server of the tests";
    read.table = {place.schema, "rows"};
    auto looked = look_at_columns(read);
    auto opened = leat::postgres::Connection::open(read.server);
    if (!looked.ok() || !opened.ok()) return false;
    columns = std::move(looked).value();
    loader = std::move(opened).value();
    return loader->execute("BEGIN").ok();
  }
  Status load() {
    TRY(loader->execute("TRUNCATE " + place.name_of("rows")));
    return loader->execute("INSERT INTO " + place.name_of("rows") + " VALUES (2)");
  }
  std::string ids(leat::postgres::Connection& server) {
    const auto found =
        server.query("SELECT string_agg(id::text, ',') FROM " + place.name_of("rows"));
    return found.ok() ? (*found)[0][0].value_or("nothing") : found.error().text();
  }
  bool is_awaited(const std::string& who) {
    return place.rows("SELECT count(*) FROM pg_locks WHERE NOT granted AND " + who) != "(0)\n";
  }
  std::string of_table() { return "relation = CAST('" + place.name_of("rows") + "' AS regclass)"; }
};

TEST(Snapshot, of_a_table_that_is_emptied_and_loaded_when_it_is_taken_has_the_new_rows) {
  Loaded table;
  if (!table.open()) GTEST_SKIP() << "NO POSTGRESQL: " << table.place.reason;
  ASSERT_TRUE(table.load().ok());
  auto taken = std::async(std::launch::async, [&] { return Snapshot::take(table.read); });
  while (!table.is_awaited(table.of_table()) &&
         taken.wait_for(std::chrono::milliseconds(5)) == std::future_status::timeout) {
  }
  ASSERT_TRUE(table.loader->commit().ok());
  auto snapshot = taken.get();
  ASSERT_TRUE(snapshot.ok()) << snapshot.error().text();
  auto joined = snapshot->join(table.read, table.columns);
  ASSERT_TRUE(joined.ok()) << joined.error().text();
  EXPECT_EQ(table.ids(*joined), "2");
}

TEST(Snapshot, whose_holder_is_waited_for_is_exchanged_for_another_one) {
  Loaded table;
  if (!table.open()) GTEST_SKIP() << "NO POSTGRESQL: " << table.place.reason;
  auto taken = Snapshot::take(table.read);
  ASSERT_TRUE(taken.ok()) << taken.error().text();
  std::optional<Snapshot> snapshot = std::move(taken).value();
  auto loaded = std::async(std::launch::async, [&] {
    const auto done = table.load();
    return done.ok() ? table.loader->commit() : done;
  });
  while (!table.is_awaited(table.of_table() + " AND mode = 'AccessExclusiveLock'")) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  auto joined = join_all(snapshot, table.read, table.columns, 2);
  ASSERT_TRUE(joined.ok()) << joined.error().text();
  EXPECT_TRUE(loaded.get().ok());
  for (auto& server : *joined) EXPECT_EQ(table.ids(server), "2");
}

TEST(Snapshot, that_has_let_its_tables_go_is_no_snapshot_of_one_that_was_emptied_since) {
  Loaded table;
  if (!table.open()) GTEST_SKIP() << "NO POSTGRESQL: " << table.place.reason;
  auto snapshot = Snapshot::take(table.read);
  ASSERT_TRUE(snapshot.ok()) << snapshot.error().text();
  ASSERT_TRUE(snapshot->let_go().ok());
  ASSERT_TRUE(table.load().ok());
  ASSERT_TRUE(table.loader->commit().ok());
  const auto joined = snapshot->join(table.read, table.columns);
  ASSERT_FALSE(joined.ok());
  EXPECT_NE(joined.error().text().find("was emptied or made anew"), std::string::npos)
      << joined.error().text();
  EXPECT_TRUE(joined.error().is_busy());
}

}  // namespace
}  // namespace leat::connectors::postgres
