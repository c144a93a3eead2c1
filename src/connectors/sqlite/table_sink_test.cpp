#include "connectors/sqlite/table_sink.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "clients/sqlite/database.hpp"
#include "connectors/sqlite/describe.hpp"
#include "support/crash_sweep.hpp"
#include "support/faulty_files.hpp"
#include "support/publishing.hpp"

namespace leat::connectors::sqlite {
namespace {

namespace fs = std::filesystem;
using leat::sqlite::Access;
using testing::HasSubstr;

constexpr const char* kOptions = "{path: out/w.db, table: rows, wait: 50ms}";

/// What SQLite has no type of its own for.
constexpr const char* kHardTypes = R"(
  SELECT * FROM (VALUES
    (true, 255::UTINYINT, (-9223372036854775808)::BIGINT, 18446744073709551615::UBIGINT,
     170141183460469231731687303715884105727::HUGEINT, 0.1::DOUBLE, 1e300, 'inf'::DOUBLE,
     12345678.91::DECIMAL(12,2), 12345678901234567890.123456789::DECIMAL(38,9), DATE '2024-02-29',
     TIME '23:59:59.5', TIMESTAMP '1969-12-31 23:59:59.999999',
     TIMESTAMPTZ '2024-01-01 00:00:00+02', INTERVAL '1 month 5 days',
     UUID '00000000-0000-0000-0000-000000000001', 'é, "x"', '', '\x00\xFF'::BLOB, ''::BLOB,
     '{"a":  [1]}'::JSON, [1, NULL], {'k': 'v'}, '007'),
    (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
     NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL))
    AS t(b, u8, i, u64, huge, f, e, inf, d, dd, day, t, ts, tz, iv, u, s, empty, x, nox, j, l, st,
         code))";

/// All rows of a query in a file, with the type that SQLite has stored.
std::string look_in(const fs::path& file, const std::string& sql) {
  const auto database = leat::sqlite::open_database(file, Access::look);
  if (!database.ok()) return database.error().text();
  const auto rows = leat::sqlite::query(database->get(), sql);
  if (!rows.ok()) return rows.error().text();
  std::string text;
  for (const auto& row : *rows) {
    for (std::size_t i = 0; i < row.size(); ++i) text += (i > 0 ? "," : "") + row[i];
    text += " ";
  }
  return text;
}

class SqliteTables : public testing::Test {
 protected:
  static SinkEntry entry() {
    static Catalog catalog;
    if (catalog.sink("sqlite") == nullptr) describe(catalog);
    return *catalog.sink("sqlite");
  }
  std::unique_ptr<Sink> sink(const std::string& options = kOptions) {
    return x_run.sink(entry(), options);
  }
  std::string look(const std::string& sql) { return look_in(x_folder / "out/w.db", sql); }
  /// What somebody else does to the file.
  void change(const std::string& statement) {
    fs::create_directories(x_folder / "out");
    const auto database = leat::sqlite::open_database(x_folder / "out/w.db", Access::create);
    ASSERT_TRUE(database.ok());
    const Status done = leat::sqlite::execute(database->get(), statement);
    ASSERT_TRUE(done.ok()) << done.error().text();
  }
  Status publish(Sink& to, std::uint8_t number, Strategy strategy, const std::string& select) {
    return x_run.publish(to, number, strategy, select);
  }

  test::TemporaryFolder x_folder;
  test::Publishing x_run{x_folder.path()};
};

TEST_F(SqliteTables, are_replaced_and_appended_to_with_receipts) {
  auto table = sink();
  EXPECT_EQ(*table->head(x_run.lane), Head{});
  EXPECT_FALSE(table->find(x_run.id(1))->has_value());
  EXPECT_FALSE(fs::exists(x_folder / "out/w.db"));
  ASSERT_TRUE(publish(*table, 1, Strategy::append, "SELECT 1 AS a, 'x' AS b").ok());
  const char* none = "SELECT 2 AS a, NULL::VARCHAR AS b FROM range(0)";
  ASSERT_TRUE(publish(*table, 2, Strategy::append, none).ok());
  ASSERT_TRUE(publish(*table, 3, Strategy::append, "SELECT 3 AS a, '' AS b").ok());
  EXPECT_EQ(look("SELECT * FROM rows ORDER BY a"), "1,x 3, ");
  ASSERT_TRUE(publish(*table, 4, Strategy::replace, "SELECT 4.5 AS c").ok());
  EXPECT_EQ(look("SELECT * FROM rows"), "4.5 ");
  auto reopened = sink();
  EXPECT_EQ(*reopened->head(x_run.lane), (Head{x_run.id(4), 4}));
  EXPECT_EQ((*reopened->last_receipt(x_run.lane))->previous_publish_id, x_run.id(3));
  EXPECT_FALSE(reopened->find(x_run.id(9))->has_value());
  EXPECT_EQ(look("SELECT counter, made_table FROM _leat_commits ORDER BY counter"),
            "1,1 2,0 3,0 4,1 ");
  EXPECT_EQ(look("PRAGMA journal_mode"), "wal ");
  EXPECT_TRUE(fs::is_empty(x_folder / "scratch"));
}

TEST_F(SqliteTables, hold_every_value_of_every_type) {
  auto table = sink();
  const Status status = publish(*table, 1, Strategy::replace, kHardTypes);
  ASSERT_TRUE(status.ok()) << status.error().text();
  ASSERT_TRUE(publish(*table, 2, Strategy::append, kHardTypes).ok());
  EXPECT_EQ(look("SELECT b, u8, i, u64, huge, f, e, inf, d, dd FROM rows LIMIT 1"),
            "1,255,-9223372036854775808,18446744073709551615,"
            "170141183460469231731687303715884105727,0.1,1.0e+300,Inf,12345678.91,"
            "12345678901234567890.123456789 ");
  EXPECT_EQ(look("SELECT day, t, ts, tz, iv, u FROM rows LIMIT 1"),
            "2024-02-29,23:59:59.5,1969-12-31 23:59:59.999999,2023-12-31 22:00:00+00,"
            "1 month 5 days,00000000-0000-0000-0000-000000000001 ");
  EXPECT_EQ(look("SELECT s, empty, hex(x), typeof(nox), j, l, code FROM rows LIMIT 1"),
            "é, \"x\",,00FF,blob,{\"a\":  [1]},[1, NULL],007 ");
  EXPECT_EQ(look("SELECT typeof(code), typeof(dd), typeof(u64), typeof(i), typeof(d) FROM rows "
                 "LIMIT 1"),
            "text,text,text,integer,real ");
  EXPECT_EQ(look("SELECT count(*), count(b), count(nox), count(st) FROM rows"), "4,2,2,2 ");
}

TEST_F(SqliteTables, never_make_a_null_of_a_nan) {
  auto table = sink();
  const Status status = publish(*table, 1, Strategy::replace, "SELECT 'nan'::DOUBLE AS f");
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().fault(), Fault::data);
  EXPECT_THAT(status.error().text(), HasSubstr("column `f`"));
  EXPECT_FALSE(fs::exists(x_folder / "out/w.db"));
}

TEST_F(SqliteTables, leave_alone_what_others_made) {
  change("CREATE TABLE rows AS SELECT 1 AS a");
  change("CREATE TABLE other AS SELECT 7 AS seven");
  auto table = sink();
  const auto refused = table->stage(x_run.plan(1, Strategy::replace, "SELECT 2 AS a"));
  ASSERT_FALSE(refused.ok());
  EXPECT_TRUE(refused.error().is_refused());
  auto brave = sink("{path: out/w.db, table: rows, overwrite: true}");
  ASSERT_TRUE(publish(*brave, 1, Strategy::replace, "SELECT 2 AS a").ok());
  EXPECT_EQ(look("SELECT * FROM rows"), "2 ");
  EXPECT_EQ(look("SELECT * FROM other"), "7 ");
  EXPECT_EQ(look("PRAGMA journal_mode"), "delete ");
}

TEST_F(SqliteTables, keep_their_indexes_while_their_columns_are_the_same) {
  auto table = sink();
  ASSERT_TRUE(publish(*table, 1, Strategy::replace, "SELECT 1 AS a").ok());
  change("CREATE UNIQUE INDEX by_a ON rows(a)");
  ASSERT_TRUE(publish(*table, 2, Strategy::replace, "SELECT 2 AS a").ok());
  EXPECT_EQ(look("SELECT count(*) FROM sqlite_schema WHERE name = 'by_a'"), "1 ");
  const auto about = x_run.plan(3, Strategy::append, "SELECT 2 AS a");
  const auto twice = x_run.stage(*table, about, "SELECT 2 AS a");
  ASSERT_TRUE(twice.ok()) << twice.error().text();
  EXPECT_EQ(twice->rows, 0u);
  ASSERT_EQ(twice->refused.size(), 1u);
  EXPECT_THAT(twice->refused[0].message, HasSubstr("UNIQUE"));
  EXPECT_EQ(look("SELECT * FROM rows"), "2 ");
  EXPECT_EQ(*table->head(x_run.lane), (Head{x_run.id(2), 2}));
}

TEST_F(SqliteTables, of_others_may_be_appended_to_where_the_columns_hold_the_rows) {
  change("CREATE TABLE rows (A INTEGER PRIMARY KEY, b NVARCHAR(20) NOT NULL)");
  auto table = sink();
  const auto refused = table->stage(x_run.plan(1, Strategy::append, "SELECT 2 AS a, 3 AS b"));
  ASSERT_FALSE(refused.ok());
  EXPECT_THAT(refused.error().text(), HasSubstr("column 2 is `b NVARCHAR(20)`, that of the new "
                                                "rows is `b INTEGER`"));
  ASSERT_TRUE(publish(*table, 1, Strategy::append, "SELECT 2 AS a, 'y' AS b").ok());
  EXPECT_EQ(look("SELECT * FROM rows"), "2,y ");
  const char* nothing = "SELECT 3 AS a, NULL::VARCHAR AS b";
  const auto null = x_run.stage(*table, x_run.plan(2, Strategy::append, nothing), nothing);
  ASSERT_TRUE(null.ok()) << null.error().text();
  EXPECT_THAT(null->refused.at(0).message, HasSubstr("NOT NULL"));
}

TEST_F(SqliteTables, that_somebody_else_published_to_refuse) {
  auto first = sink();
  auto second = sink();
  const auto about = x_run.plan(2, Strategy::append, "SELECT 2 AS a");
  ASSERT_TRUE(x_run.stage(*second, about, "SELECT 2 AS a").ok());
  ASSERT_TRUE(publish(*first, 1, Strategy::append, "SELECT 1 AS a").ok());
  const auto late = second->commit(x_run.receipt(about, Head{}));
  ASSERT_FALSE(late.ok());
  EXPECT_TRUE(late.error().is_refused());
  EXPECT_EQ(look("SELECT * FROM rows"), "1 ");
}

TEST_F(SqliteTables, that_were_dropped_start_their_lanes_afresh) {
  auto table = sink();
  ASSERT_TRUE(publish(*table, 1, Strategy::append, "SELECT 1 AS a").ok());
  change("DROP TABLE rows");
  EXPECT_EQ(*table->head(x_run.lane), Head{});
  ASSERT_TRUE(publish(*table, 2, Strategy::append, "SELECT 2 AS a").ok());
  EXPECT_EQ(*table->head(x_run.lane), (Head{x_run.id(2), 1}));
}

TEST_F(SqliteTables, that_another_writes_to_make_us_busy) {
  auto table = sink();
  ASSERT_TRUE(publish(*table, 1, Strategy::append, "SELECT 1 AS a").ok());
  const auto about = x_run.plan(2, Strategy::append, "SELECT 2 AS a");
  ASSERT_TRUE(x_run.stage(*table, about, "SELECT 2 AS a").ok());
  const auto other = leat::sqlite::open_database(x_folder / "out/w.db", Access::write);
  ASSERT_TRUE(leat::sqlite::execute(other->get(), "BEGIN IMMEDIATE").ok());
  const auto busy = table->commit(x_run.receipt(about, {x_run.id(1), 1}));
  ASSERT_FALSE(busy.ok());
  EXPECT_TRUE(busy.error().is_busy()) << busy.error().text();
  EXPECT_TRUE(table->head(x_run.lane).ok());
  ASSERT_TRUE(leat::sqlite::execute(other->get(), "ROLLBACK").ok());
  EXPECT_TRUE(table->commit(x_run.receipt(about, {x_run.id(1), 1})).ok());
  EXPECT_EQ(look("SELECT * FROM rows ORDER BY 1"), "1 2 ");
}

TEST_F(SqliteTables, that_are_held_wait_elsewhere_and_are_published_later) {
  auto table = sink();
  const auto about = x_run.plan(1, Strategy::replace, kHardTypes);
  ASSERT_TRUE(x_run.stage(*table, about, kHardTypes).ok());
  const auto held = table->hold(x_folder / "held/1");
  ASSERT_TRUE(held.ok());
  EXPECT_TRUE(fs::is_empty(x_folder / "scratch"));
  auto later = sink();
  const auto staged = later->adopt(about, *held);
  ASSERT_TRUE(staged.ok());
  EXPECT_EQ(staged->rows, 2u);
  ASSERT_TRUE(later->commit(x_run.receipt(about, Head{})).ok());
  EXPECT_TRUE(fs::exists(*held));
  EXPECT_EQ(look("SELECT count(*) FROM rows"), "2 ");
}

TEST_F(SqliteTables, in_a_file_that_is_no_database_are_the_authors_fault) {
  x_folder.write("out/w.db", std::string(200, 'a'));
  const auto refused = sink()->stage(x_run.plan(1, Strategy::replace, "SELECT 1 AS a"));
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().fault(), Fault::config);
  EXPECT_EQ(x_folder.read("out/w.db"), std::string(200, 'a'));
}

TEST_F(SqliteTables, refuse_wrong_options_before_a_run) {
  EXPECT_EQ(x_run.spec(entry(), "{path: a.db, table: _LEAT_commits}"), nullptr);
  EXPECT_THAT(x_run.complaints, HasSubstr("receipts are kept"));
  EXPECT_EQ(x_run.spec(entry(), "{path: a.db, table: sqlite_schema}"), nullptr);
  EXPECT_EQ(x_run.spec(entry(), "{path: a.db, tabel: x}"), nullptr);
  EXPECT_THAT(x_run.complaints, HasSubstr("`table`"));
}

TEST_F(SqliteTables, DISABLED_publish_in_child) {
  test::Publishing run(test::variable("LEAT_TEST_FOLDER"));
  auto table = run.sink(entry(), kOptions);
  ASSERT_TRUE(run.publish(*table, 2, Strategy::append, "SELECT 2 AS a FROM range(3000)").ok());
}

TEST_F(SqliteTables, killed_anywhere_lose_and_double_nothing) {
  for (const bool is_new : {false, true}) {
    const auto prepare = [&](const test::TemporaryFolder& folder) {
      test::Publishing run(folder.path());
      if (is_new) return;
      auto table = run.sink(entry(), kOptions);
      ASSERT_TRUE(run.publish(*table, 1, Strategy::append, "SELECT 1 AS a").ok());
    };
    const auto judge = [&](const test::TemporaryFolder& folder) {
      test::Publishing run(folder.path());
      auto table = run.sink(entry(), kOptions);
      const auto found = table->find(run.id(2));
      ASSERT_TRUE(found.ok()) << found.error().text();
      ASSERT_TRUE(table->discard(run.id(2)).ok());
      if (!found->has_value()) {
        const Status again =
            run.publish(*table, 3, Strategy::append, "SELECT 2 AS a FROM range(3000)");
        ASSERT_TRUE(again.ok()) << again.error().text();
      }
      EXPECT_EQ(look_in(folder / "out/w.db", "SELECT a, count(*) FROM rows GROUP BY a ORDER BY a"),
                is_new ? "2,3000 " : "1,1 2,3000 ");
      EXPECT_EQ(table->head(run.lane)->counter, is_new ? 1u : 2u);
      EXPECT_TRUE(fs::is_empty(folder / "scratch"));
    };
    const auto points =
        test::CrashSweep{"SqliteTables.DISABLED_publish_in_child", prepare, judge}.run();
    EXPECT_THAT(points,
                testing::IsSupersetOf({"sqlite.commit.before", "sqlite.commit.after",
                                       "sqlite.ledger.after", "sqlite.stage.fsync.before"}));
  }
}

TEST_F(SqliteTables, survive_any_failing_call_of_the_disk) {
  for (std::size_t nth = 1;; ++nth) {
    SCOPED_TRACE("call " + std::to_string(nth));
    test::TemporaryFolder folder;
    test::Publishing run(folder.path());
    auto first = run.sink(entry(), kOptions);
    ASSERT_TRUE(run.publish(*first, 1, Strategy::append, "SELECT 1 AS a").ok());
    test::FaultyFiles disk(io::local_files());
    run.use(disk);
    disk.fail(test::Call::any, nth, ENOSPC);
    auto table = run.sink(entry(), kOptions);
    const Status status = run.publish(*table, 2, Strategy::append, "SELECT 2 AS a");
    if (!disk.failed()) {
      EXPECT_TRUE(status.ok());
      break;
    }
    disk.heal();
    const auto found = table->find(run.id(2));
    ASSERT_TRUE(found.ok());
    ASSERT_EQ(found->has_value(), status.ok());
    ASSERT_TRUE(table->discard(run.id(2)).ok());
    if (!found->has_value()) {
      ASSERT_TRUE(run.publish(*table, 3, Strategy::append, "SELECT 2 AS a").ok());
    }
    EXPECT_EQ(look_in(folder / "out/w.db", "SELECT * FROM rows ORDER BY a"), "1 2 ");
  }
}

}  // namespace
}  // namespace leat::connectors::sqlite
