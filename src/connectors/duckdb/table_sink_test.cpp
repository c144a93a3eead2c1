#include "connectors/duckdb/table_sink.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <sstream>
#include <thread>

#include "connectors/duckdb/describe.hpp"
#include "support/crash_sweep.hpp"
#include "support/faulty_files.hpp"
#include "support/publishing.hpp"

namespace leat::connectors::duckdb {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

constexpr const char* kOptions = "{path: out/w.duckdb, table: rows}";

/// What a stage would round when it carried it as itself, and what nests.
constexpr const char* kHardTypes = R"(
  SELECT * FROM (VALUES
    (170141183460469231731687303715884105727::HUGEINT,
     340282366920938463463374607431768211455::UHUGEINT, INTERVAL '-1 month 5 days -1 microsecond',
     '12:00:00+05:30'::TIMETZ, '0101'::BIT, 'b'::ENUM('a', 'b'), '{"a":  [1]}'::JSON,
     TIMESTAMP_NS '2020-01-01 00:00:00.000000001', TIMESTAMP_S '2020-01-01', [1, NULL]::INT[2],
     {'a b': [DATE '2020-01-01'], 'c': MAP {'k': '\xAA'::BLOB}}, 0.1::FLOAT, 1e300,
     'nan'::DOUBLE, UUID '00000000-0000-0000-0000-000000000001', 1.10::DECIMAL(38,2), 'x''y'),
    (-170141183460469231731687303715884105727::HUGEINT, 0, INTERVAL '0 days', '00:00:00+00', '1',
     'a', 'null', NULL, TIMESTAMP_S '1969-12-31 23:59:59', [NULL, NULL], NULL, NULL, NULL, '-inf',
     NULL, -0.01, ''),
    (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
     NULL, NULL)) AS t(c1, "c 2", c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, c14, c15, c16,
     "c""17"))";

class Tables : public testing::Test {
 protected:
  static SinkEntry entry() {
    static Catalog catalog;
    if (catalog.sink("duckdb") == nullptr) describe(catalog);
    return *catalog.sink("duckdb");
  }
  std::unique_ptr<Sink> sink(const std::string& options = kOptions) {
    return x_run.sink(entry(), options);
  }
  /// All rows of a query in the target, as text.
  std::string look(const std::string& query) { return look_in(x_run, x_folder, query); }
  static std::string look_in(test::Publishing& run, const test::TemporaryFolder& folder,
                             const std::string& query) {
    engine::Session& session = run.session();
    const fs::path file = folder / "out/w.duckdb";
    EXPECT_TRUE(session.execute("ATTACH '" + file.string() + "' AS t (READ_ONLY)").ok());
    const auto rows = session.query(query);
    EXPECT_TRUE(session.execute("DETACH t").ok());
    if (!rows.ok()) return rows.error().text();
    std::string text;
    for (const auto& row : rows->rows) {
      for (const auto& cell : row) text += cell.value_or("NULL") + ",";
      text.back() = ' ';
    }
    return text;
  }
  /// What somebody else does to the file.
  void change(const std::string& statement) {
    fs::create_directories(x_folder / "out");
    engine::Session& session = x_run.session();
    ASSERT_TRUE(session.execute("ATTACH '" + (x_folder / "out/w.duckdb").string() + "' AS t").ok());
    const Status done = session.execute(statement);
    ASSERT_TRUE(done.ok()) << done.error().text();
    ASSERT_TRUE(session.execute("DETACH t").ok());
  }
  Status publish(Sink& to, std::uint8_t number, Strategy strategy, const std::string& select) {
    return x_run.publish(to, number, strategy, select);
  }

  test::TemporaryFolder x_folder;
  test::Publishing x_run{x_folder.path()};
};

TEST_F(Tables, are_replaced_and_appended_to_with_receipts) {
  auto table = sink();
  EXPECT_EQ(*table->head(x_run.lane), Head{});
  EXPECT_FALSE(table->find(x_run.id(1))->has_value());
  EXPECT_FALSE(fs::exists(x_folder / "out/w.duckdb"));
  ASSERT_TRUE(publish(*table, 1, Strategy::append, "SELECT 1 AS a, 'x' AS b").ok());
  const char* none = "SELECT 2 AS a, NULL::VARCHAR AS b FROM range(0)";
  ASSERT_TRUE(publish(*table, 2, Strategy::append, none).ok());
  ASSERT_TRUE(publish(*table, 3, Strategy::append, "SELECT 3 AS a, '' AS b").ok());
  EXPECT_EQ(look("FROM t.rows ORDER BY a"), "1,x 3, ");
  ASSERT_TRUE(publish(*table, 4, Strategy::replace, "SELECT 4.5 AS c").ok());
  EXPECT_EQ(look("FROM t.rows"), "4.5 ");
  auto reopened = sink();
  EXPECT_EQ(*reopened->head(x_run.lane), (Head{x_run.id(4), 4}));
  EXPECT_EQ((*reopened->last_receipt(x_run.lane))->previous_publish_id, x_run.id(3));
  EXPECT_TRUE(reopened->find(x_run.id(1))->has_value());
  EXPECT_FALSE(reopened->find(x_run.id(9))->has_value());
  EXPECT_EQ(look("SELECT counter, made_table FROM t._leat_commits ORDER BY counter"),
            "1,true 2,false 3,false 4,true ");
  EXPECT_TRUE(fs::is_empty(x_folder / "scratch"));
}

TEST_F(Tables, hold_every_value_of_every_type) {
  auto table = sink();
  for (const Strategy strategy : {Strategy::replace, Strategy::append}) {
    const Status status =
        publish(*table, strategy == Strategy::replace ? 1 : 2, strategy, kHardTypes);
    ASSERT_TRUE(status.ok()) << status.error().text();
  }
  engine::Session& session = x_run.session();
  const std::string file = (x_folder / "out/w.duckdb").string();
  ASSERT_TRUE(session.execute("ATTACH '" + file + "' AS t (READ_ONLY)").ok());
  const std::string twice = std::string(kHardTypes) + " UNION ALL " + kHardTypes;
  EXPECT_EQ(x_run.difference(twice, "FROM t.rows"), "");
  EXPECT_EQ(*session.describe("FROM t.rows"), *session.describe(kHardTypes));
  ASSERT_TRUE(session.execute("DETACH t").ok());
}

TEST_F(Tables, show_nothing_before_the_commit) {
  auto table = sink();
  ASSERT_TRUE(publish(*table, 1, Strategy::replace, "SELECT 1 AS a").ok());
  const auto about = x_run.plan(2, Strategy::replace, "SELECT 2 AS a");
  ASSERT_TRUE(x_run.stage(*table, about, "SELECT 2 AS a").ok());
  EXPECT_EQ(look("FROM t.rows"), "1 ");
  ASSERT_TRUE(table->discard(x_run.id(2)).ok());
  ASSERT_TRUE(table->discard(x_run.id(2)).ok());
  EXPECT_TRUE(fs::is_empty(x_folder / "scratch"));
}

/// A kill half way through writing such a block leaves a file that nobody can open. Nor may the
/// file grow for it.
TEST_F(Tables, leave_the_blocks_as_they_are_that_the_file_is_read_by) {
  constexpr std::streamoff kFirstBlock = 12288;
  constexpr std::size_t kBlock = 262144;
  // Nothing where the file ends before it.
  const auto block = [&](std::uint64_t number) {
    std::ifstream file(x_folder / "out/w.duckdb", std::ios::binary);
    std::string bytes(kBlock, '\0');
    file.seekg(kFirstBlock + std::streamoff(number * kBlock));
    return file.read(bytes.data(), std::streamsize(kBlock)) ? bytes : "";
  };
  auto table = sink();
  std::map<std::uint64_t, std::string> read_by;
  std::vector<std::uintmax_t> sizes;
  for (std::uint8_t i = 1; i < 12; ++i) {
    ASSERT_TRUE(publish(*table, i, i % 3 == 0 ? Strategy::append : Strategy::replace,
                        "SELECT i AS a FROM range(5000 + " + std::to_string(i) + ") AS r(i)")
                    .ok());
    for (const auto& [number, bytes] : read_by) {
      const auto now = block(number);
      EXPECT_TRUE(now.empty() || now == bytes) << "block " << number << " at publish " << int(i);
    }
    read_by.clear();
    std::istringstream numbers(look("SELECT block_id FROM pragma_metadata_info('t')"));
    for (std::string number; numbers >> number;) {
      read_by[std::stoull(number)] = block(std::stoull(number));
    }
    ASSERT_FALSE(read_by.empty());
    sizes.push_back(fs::file_size(x_folder / "out/w.duckdb"));
  }
  EXPECT_LE(sizes.back(), *std::max_element(sizes.begin(), sizes.begin() + 6));
}

TEST_F(Tables, refuse_the_second_of_two_runners_and_change_nothing) {
  auto first = sink();
  auto second = sink();
  const Head head = *second->head(x_run.lane);
  const auto about = x_run.plan(2, Strategy::append, "SELECT 2 AS a");
  ASSERT_TRUE(x_run.stage(*second, about, "SELECT 2 AS a").ok());
  ASSERT_TRUE(publish(*first, 1, Strategy::append, "SELECT 1 AS a").ok());
  const auto lost = second->commit(x_run.receipt(about, head));
  ASSERT_FALSE(lost.ok());
  EXPECT_TRUE(lost.error().is_refused());
  EXPECT_THAT(lost.error().text(), HasSubstr("published=" + x_run.id(1).text()));
  EXPECT_EQ(look("FROM t.rows"), "1 ");
  EXPECT_EQ(look("SELECT count(*) FROM t._leat_commits"), "1 ");
  ASSERT_TRUE(second->discard(x_run.id(2)).ok());
}

TEST_F(Tables, commit_the_same_publish_once) {
  auto table = sink();
  ASSERT_TRUE(publish(*table, 1, Strategy::append, "SELECT 1 AS a").ok());
  const auto about = x_run.plan(1, Strategy::append, "SELECT 1 AS a");
  ASSERT_TRUE(x_run.stage(*table, about, "SELECT 1 AS a").ok());
  EXPECT_TRUE(table->commit(x_run.receipt(about, Head{})).error().is_refused());
  EXPECT_EQ(look("FROM t.rows"), "1 ");
}

TEST_F(Tables, of_one_file_keep_their_own_heads) {
  auto one = sink();
  auto two = sink("{path: out/w.duckdb, table: two, schema: mart}");
  ASSERT_TRUE(publish(*one, 1, Strategy::append, "SELECT 1 AS a").ok());
  ASSERT_TRUE(publish(*two, 2, Strategy::append, "SELECT 2 AS a").ok());
  EXPECT_EQ(one->head(x_run.lane)->publish_id, x_run.id(1));
  EXPECT_EQ(*two->head(x_run.lane), (Head{x_run.id(2), 1}));
  EXPECT_EQ(look("SELECT a FROM t.mart.two"), "2 ");
  EXPECT_EQ(two->place(), "out/w.duckdb, table mart.two");
  EXPECT_EQ(two->how_to_look(), "leat query --db out/w.duckdb \"FROM mart.two\"");
}

TEST_F(Tables, are_the_same_whatever_the_letter_case) {
  auto small = sink();
  auto large = sink("{path: out/w.duckdb, table: ROWS, schema: MAIN}");
  ASSERT_TRUE(publish(*small, 1, Strategy::append, "SELECT 1 AS a").ok());
  EXPECT_EQ(*large->head(x_run.lane), (Head{x_run.id(1), 1}));
  ASSERT_TRUE(publish(*large, 2, Strategy::replace, "SELECT 2 AS a").ok());
  EXPECT_EQ(look("FROM t.rows"), "2 ");
  EXPECT_EQ(*small->head(x_run.lane), (Head{x_run.id(2), 2}));
}

TEST_F(Tables, that_were_dropped_start_their_lanes_afresh) {
  auto table = sink();
  ASSERT_TRUE(publish(*table, 1, Strategy::append, "SELECT 1 AS a").ok());
  change("DROP TABLE t.rows");
  EXPECT_EQ(*table->head(x_run.lane), Head{});
  ASSERT_TRUE(publish(*table, 2, Strategy::append, "SELECT 2 AS a").ok());
  EXPECT_EQ(*table->head(x_run.lane), (Head{x_run.id(2), 1}));
  EXPECT_EQ(look("FROM t.rows"), "2 ");
}

TEST_F(Tables, of_others_are_left_alone) {
  change("CREATE TABLE t.rows AS SELECT 1 AS a");
  auto table = sink();
  const auto refused = table->stage(x_run.plan(1, Strategy::replace, "SELECT 2 AS a"));
  ASSERT_FALSE(refused.ok());
  EXPECT_TRUE(refused.error().is_refused());
  EXPECT_THAT(refused.error().text(), HasSubstr("table rows exists and was not made by Leat"));
  auto brave = sink("{path: out/w.duckdb, table: rows, overwrite: true}");
  ASSERT_TRUE(publish(*brave, 1, Strategy::replace, "SELECT 2 AS a").ok());
  EXPECT_EQ(look("FROM t.rows"), "2 ");
}

TEST_F(Tables, of_others_may_be_appended_to_where_the_columns_are_the_same) {
  change("CREATE TABLE t.rows AS SELECT 1 AS A, 'x' AS b");
  auto table = sink();
  const auto refused = table->stage(x_run.plan(1, Strategy::append, "SELECT 2 AS a, 3 AS b"));
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().fault(), Fault::config);
  EXPECT_THAT(refused.error().text(), HasSubstr("column 2 is `b VARCHAR`, that of the new rows is "
                                                "`b INTEGER`"));
  ASSERT_TRUE(publish(*table, 1, Strategy::append, "SELECT 2 AS a, 'y' AS b").ok());
  EXPECT_EQ(look("FROM t.rows ORDER BY 1"), "1,x 2,y ");
  EXPECT_TRUE(table->stage(x_run.plan(2, Strategy::replace, "SELECT 1 AS a")).error().is_refused());
}

TEST_F(Tables, are_judged_again_at_the_last_moment) {
  auto table = sink();
  const auto about = x_run.plan(1, Strategy::append, "SELECT 1 AS a");
  ASSERT_TRUE(x_run.stage(*table, about, "SELECT 1 AS a").ok());
  change("CREATE TABLE t.rows AS SELECT 'other' AS b");
  const auto status = table->commit(x_run.receipt(about, Head{}));
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().fault(), Fault::config);
  EXPECT_EQ(look("FROM t.rows"), "other ");
  EXPECT_EQ(look("SELECT count(*) FROM duckdb_tables() WHERE database_name = 't'"), "1 ");
}

TEST_F(Tables, in_a_file_that_is_no_database_are_the_authors_fault) {
  x_folder.write("out/w.duckdb", "a,b\n1,2\n3,4\n");
  const auto refused = sink()->stage(x_run.plan(1, Strategy::replace, "SELECT 1 AS a"));
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().fault(), Fault::config);
  EXPECT_THAT(refused.error().text(), HasSubstr("is not a DuckDB database"));
  EXPECT_EQ(x_folder.read("out/w.duckdb"), "a,b\n1,2\n3,4\n");
  fs::remove(x_folder / "out/w.duckdb");
  fs::create_directories(x_folder / "out/w.duckdb");
  EXPECT_EQ(sink()->head(x_run.lane).error().fault(), Fault::config);
}

TEST_F(Tables, DISABLED_hold_open_in_child) {
  const fs::path folder = test::variable("LEAT_TEST_FOLDER");
  test::Publishing run(folder);
  const std::string file = (folder / "out/w.duckdb").string();
  ASSERT_TRUE(run.session().execute("ATTACH '" + file + "' AS t").ok());
  std::ofstream(folder / "ready") << "yes";
  while (!fs::exists(folder / "done")) std::this_thread::sleep_for(std::chrono::milliseconds(5));
}

TEST_F(Tables, that_another_process_has_open_make_us_busy) {
  auto table = sink();
  ASSERT_TRUE(publish(*table, 1, Strategy::append, "SELECT 1 AS a").ok());
  const auto about = x_run.plan(2, Strategy::append, "SELECT 2 AS a");
  ASSERT_TRUE(x_run.stage(*table, about, "SELECT 2 AS a").ok());
  std::thread child([&] {
    test::run_in_child("Tables.DISABLED_hold_open_in_child",
                       {{"LEAT_TEST_FOLDER", x_folder.path().string()}});
  });
  while (!fs::exists(x_folder / "ready")) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  const auto busy = table->commit(x_run.receipt(about, {x_run.id(1), 1}));
  const auto head = table->head(x_run.lane);
  x_folder.write("done", "");
  child.join();
  ASSERT_FALSE(busy.ok());
  EXPECT_TRUE(busy.error().is_busy()) << busy.error().text();
  EXPECT_THAT(busy.error().text(), HasSubstr("holder="));
  ASSERT_FALSE(head.ok());
  EXPECT_TRUE(head.error().is_busy());
  EXPECT_TRUE(table->commit(x_run.receipt(about, {x_run.id(1), 1})).ok());
  EXPECT_EQ(look("FROM t.rows ORDER BY 1"), "1 2 ");
}

TEST_F(Tables, that_are_held_wait_elsewhere_and_are_published_later) {
  auto table = sink();
  const auto about = x_run.plan(1, Strategy::replace, kHardTypes);
  ASSERT_TRUE(x_run.stage(*table, about, kHardTypes).ok());
  const auto held = table->hold(x_folder / "held/1");
  ASSERT_TRUE(held.ok());
  EXPECT_TRUE(fs::is_empty(x_folder / "scratch"));
  auto later = sink();
  const auto staged = later->adopt(about, *held);
  ASSERT_TRUE(staged.ok());
  EXPECT_EQ(staged->rows, 3u);
  ASSERT_TRUE(later->commit(x_run.receipt(about, Head{})).ok());
  EXPECT_TRUE(fs::exists(*held));
  EXPECT_EQ(look("SELECT count(*) FROM t.rows"), "3 ");
}

TEST_F(Tables, refuse_wrong_options_and_types_before_a_run) {
  EXPECT_EQ(x_run.spec(entry(), "{path: a.duckdb, table: _LEAT_commits}"), nullptr);
  EXPECT_THAT(x_run.complaints, HasSubstr("receipts are kept"));
  EXPECT_EQ(x_run.spec(entry(), "{path: a.duckdb, tabel: x}"), nullptr);
  EXPECT_THAT(x_run.complaints, HasSubstr("`table`"));
  const auto spec = x_run.spec(entry(), kOptions);
  const auto schema = x_run.session().describe("SELECT union_value(a := 1) AS u").value();
  EXPECT_EQ(spec->accepts(schema).error().fault(), Fault::config);
  EXPECT_NE(spec->target_key(x_run.context()),
            x_run.spec(entry(), "{path: out/w.duckdb, table: b}")->target_key(x_run.context()));
}

TEST_F(Tables, DISABLED_publish_in_child) {
  test::Publishing run(test::variable("LEAT_TEST_FOLDER"));
  auto table = run.sink(entry(), kOptions);
  ASSERT_TRUE(run.publish(*table, 2, Strategy::append, "SELECT 2 AS a FROM range(3000)").ok());
}

TEST_F(Tables, killed_anywhere_lose_and_double_nothing) {
  const auto prepare = [&](const test::TemporaryFolder& folder) {
    test::Publishing run(folder.path());
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
      EXPECT_EQ(look_in(run, folder, "SELECT count(*) FROM t.rows"), "1 ");
      const Status again =
          run.publish(*table, 3, Strategy::append, "SELECT 2 AS a FROM range(3000)");
      ASSERT_TRUE(again.ok()) << again.error().text();
    }
    EXPECT_EQ(look_in(run, folder, "SELECT a, count(*) FROM t.rows GROUP BY a ORDER BY a"),
              "1,1 2,3000 ");
    EXPECT_EQ(table->head(run.lane)->counter, 2u);
    EXPECT_TRUE(fs::is_empty(folder / "scratch"));
  };
  const auto points = test::CrashSweep{"Tables.DISABLED_publish_in_child", prepare, judge}.run();
  EXPECT_THAT(points, testing::IsSupersetOf({"duckdb.commit.before", "duckdb.commit.after",
                                             "duckdb.ledger.after", "duckdb.stage.fsync.before"}));
}

TEST_F(Tables, survive_any_failing_call_of_the_disk) {
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
    EXPECT_EQ(look_in(run, folder, "FROM t.rows ORDER BY a"), "1 2 ");
  }
}

}  // namespace
}  // namespace leat::connectors::duckdb
