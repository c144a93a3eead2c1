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
  const auto before = snapshot->join(read, *columns);
  EXPECT_TRUE(before.ok() && before->has_value());
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
    const auto found = server.query("SELECT string_agg(id::text, ',') FROM " + read.table.sql());
    return found.ok() ? (*found)[0][0].value_or("nothing") : found.error().text();
  }
  /// The name means another table, which somebody has filled.
  Status exchange() {
    const auto rows = place.name_of("rows");
    TRY(loader->execute("CREATE TABLE " + place.name_of("stage") + " AS SELECT 2 AS id"));
    TRY(loader->execute("ALTER TABLE " + rows + " RENAME TO gone"));
    return loader->execute("ALTER TABLE " + place.name_of("stage") + " RENAME TO \"rows\"");
  }
  std::string ids_of(Snapshot& snapshot) {
    auto joined = snapshot.join(read, columns);
    if (!joined.ok()) return joined.error().text();
    if (!*joined) return "of no use";
    const auto text = ids(**joined);
    return (*joined)->execute("ROLLBACK").ok() ? text : "it does not end";
  }
  bool is_awaited(const std::string& who) {
    return place.rows("SELECT count(*) FROM pg_locks WHERE NOT granted AND " + who) != "(0) ";
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
  EXPECT_EQ(table.ids_of(*snapshot), "2");
}

TEST(Snapshot, of_a_name_that_changes_hands_when_it_is_taken_has_the_rows_of_the_new_table) {
  Loaded table;
  if (!table.open()) GTEST_SKIP() << "NO POSTGRESQL: " << table.place.reason;
  ASSERT_TRUE(table.exchange().ok());
  auto taken = std::async(std::launch::async, [&] { return Snapshot::take(table.read); });
  while (!table.is_awaited("true") &&
         taken.wait_for(std::chrono::milliseconds(5)) == std::future_status::timeout) {
  }
  ASSERT_TRUE(table.loader->commit().ok());
  auto snapshot = taken.get();
  ASSERT_TRUE(snapshot.ok()) << snapshot.error().text();
  EXPECT_EQ(table.ids_of(*snapshot), "2");
}

TEST(Snapshot, keeps_nobody_from_the_table_and_is_of_no_use_once_that_was_emptied) {
  Loaded table;
  if (!table.open()) GTEST_SKIP() << "NO POSTGRESQL: " << table.place.reason;
  auto snapshot = Snapshot::take(table.read);
  ASSERT_TRUE(snapshot.ok()) << snapshot.error().text();
  EXPECT_FALSE(snapshot->holder().query("SELECT * FROM " + table.place.name_of("rows"))->empty());
  EXPECT_EQ(table.ids_of(*snapshot), "1");
  ASSERT_TRUE(table.load().ok());
  ASSERT_TRUE(table.loader->commit().ok());
  EXPECT_EQ(table.ids_of(*snapshot), "of no use");
}

TEST(Snapshot, is_of_no_use_once_its_name_has_changed_hands) {
  Loaded table;
  if (!table.open()) GTEST_SKIP() << "NO POSTGRESQL: " << table.place.reason;
  auto snapshot = Snapshot::take(table.read);
  ASSERT_TRUE(snapshot.ok()) << snapshot.error().text();
  ASSERT_TRUE(table.exchange().ok());
  ASSERT_TRUE(table.loader->commit().ok());
  EXPECT_EQ(table.ids_of(*snapshot), "of no use");
}

TEST(Snapshot, of_a_view_is_of_no_use_once_that_shows_another_table) {
  Loaded table;
  if (!table.open()) GTEST_SKIP() << "NO POSTGRESQL: " << table.place.reason;
  const auto view = table.place.name_of("seen");
  table.place.execute("CREATE VIEW " + view + " AS SELECT * FROM " + table.place.name_of("rows"));
  table.read.table.table = "seen";
  auto snapshot = Snapshot::take(table.read);
  ASSERT_TRUE(snapshot.ok()) << snapshot.error().text();
  EXPECT_EQ(table.ids_of(*snapshot), "1");
  table.place.execute("CREATE TABLE " + table.place.name_of("more") + " AS SELECT 2 AS id");
  table.place.execute("CREATE OR REPLACE VIEW " + view + " AS SELECT * FROM " +
                      table.place.name_of("more"));
  EXPECT_EQ(table.ids_of(*snapshot), "of no use");
}

TEST(Snapshot, is_read_by_fewer_where_somebody_waits_for_the_first_that_reads_it) {
  Loaded table;
  if (!table.open()) GTEST_SKIP() << "NO POSTGRESQL: " << table.place.reason;
  auto snapshot = Snapshot::take(table.read);
  ASSERT_TRUE(snapshot.ok()) << snapshot.error().text();
  auto first = snapshot->join(table.read, table.columns);
  ASSERT_TRUE(first.ok() && first->has_value());
  auto loaded = std::async(std::launch::async, [&] { return table.load(); });
  while (!table.is_awaited(table.of_table())) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  auto beside = table.read;
  beside.server.lock_timeout = std::chrono::milliseconds(200);
  const auto another = snapshot->join(beside, table.columns);
  EXPECT_TRUE(!another.ok() && another.error().is_busy());
  EXPECT_TRUE((*first)->execute("ROLLBACK").ok());
  EXPECT_TRUE(loaded.get().ok());
}

TEST(Snapshot, whose_holder_looks_on_keeps_nobody_waiting_for_whom_it_would_wait) {
  Loaded table;
  if (!table.open()) GTEST_SKIP() << "NO POSTGRESQL: " << table.place.reason;
  auto snapshot = Snapshot::take(table.read);
  ASSERT_TRUE(snapshot.ok()) << snapshot.error().text();
  auto joined = snapshot->join_all_and_look(table.read, table.columns, 2);
  ASSERT_TRUE(joined.ok()) << joined.error().text();
  ASSERT_EQ(joined->size(), 2U);
  auto loaded = std::async(std::launch::async, [&] { return table.load(); });
  while (!table.is_awaited(table.of_table())) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  const auto looked = snapshot->holder().query("SELECT id FROM " + table.read.table.sql());
  ASSERT_TRUE(looked.ok()) << looked.error().text();
  EXPECT_EQ(looked->size(), 1U);
  joined->clear();
  snapshot = Error(Fault::external, "let go");
  EXPECT_TRUE(loaded.get().ok());
}

TEST(TableSource, names_the_snapshot_that_it_has_read_where_the_announced_one_was_of_no_use) {
  Loaded table;
  if (!table.open()) GTEST_SKIP() << "NO POSTGRESQL: " << table.place.reason;
  const auto source = open_table_source(table.read);
  const auto slice = source->next_slice({}, {});
  ASSERT_TRUE(slice.ok() && slice->has_value());
  ASSERT_TRUE(table.load().ok());
  ASSERT_TRUE(table.loader->commit().ok());
  const auto rows = source->read(**slice, {});
  ASSERT_TRUE(rows.ok()) << rows.error().text();
  const auto after = source->position_after(**slice);
  ASSERT_TRUE(after.ok());
  EXPECT_NE(*after, (*slice)->after);
}

}  // namespace
}  // namespace leat::connectors::postgres
