#include "engine/session.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <thread>

namespace leat::engine {
namespace {

using ::testing::HasSubstr;

std::unique_ptr<Session> open(const SessionOptions& options = {}) {
  auto session = Session::open(options);
  EXPECT_TRUE(session.ok()) << (session.ok() ? "" : session.error().text());
  return std::move(session).value();
}

std::string only_cell(Session& session, const std::string& sql) {
  const auto table = session.query(sql);
  if (!table.ok()) return "error: " + table.error().text();
  return table->rows.at(0).at(0).value_or("(null)");
}

TEST(Session, RunsStatementsAndShowsRows) {
  const auto session = open();
  ASSERT_TRUE(session->execute("CREATE TABLE t (i INTEGER, s VARCHAR)").ok());
  ASSERT_TRUE(session->execute("INSERT INTO t VALUES (1, 'a'), (2, NULL)").ok());
  const auto table = session->query("SELECT i, s, [i] AS l FROM t ORDER BY i");
  ASSERT_TRUE(table.ok());
  EXPECT_EQ(table->schema.names(), (std::vector<std::string>{"i", "s", "l"}));
  EXPECT_EQ(data::sql_of(table->schema.columns[2].type), "INTEGER[]");
  ASSERT_EQ(table->rows.size(), 2U);
  EXPECT_EQ(table->rows[0], (TextRow{"1", "a", "[1]"}));
  EXPECT_EQ(table->rows[1], (TextRow{"2", std::nullopt, "[2]"}));
}

TEST(Session, SelectsAndNothingElseWhereOnlyOneSelectIsAskedFor) {
  const auto session = open();
  for (const char* sql : {"SELECT 1", "SELECT 1;", "FROM range(1)", "VALUES (1)", "SHOW TABLES",
                          "DESCRIBE SELECT 1", "SUMMARIZE SELECT 1", "WITH x AS (SELECT 1) FROM x",
                          "PIVOT (SELECT 1 AS a, 'x' AS b) ON b IN ('x') USING max(a)"}) {
    EXPECT_TRUE(session->select(sql).ok()) << sql;
  }
  for (const char* sql :
       {"", ";", "CREATE TABLE t AS SELECT 1", "ATTACH 'never.duckdb' AS never", "SET threads = 1",
        "COPY (SELECT 1) TO 'never.csv'", "SELECT 1; COPY (SELECT 1) TO 'never.csv'",
        "COPY (SELECT 1) TO 'never.csv'; SELECT 1",
        "EXPLAIN ANALYZE COPY (SELECT 1) TO 'never.csv'",
        "PREPARE p AS COPY (SELECT 1) TO 'never.csv'", "EXPORT DATABASE 'never'", "CHECKPOINT"}) {
    const auto table = session->select(sql);
    ASSERT_FALSE(table.ok()) << sql;
    EXPECT_EQ(table.error().fault(), Fault::config) << sql;
  }
  EXPECT_FALSE(std::filesystem::exists("never.csv"));
  EXPECT_FALSE(std::filesystem::exists("never.duckdb"));
  EXPECT_FALSE(session->query("FROM t").ok()) << "the table was created";
}

TEST(Session, KeepsNulBytesInText) {
  EXPECT_EQ(only_cell(*open(), "SELECT 'a' || chr(0) || 'b'"), std::string("a\0b", 3));
}

TEST(Session, RefusesMoreRowsThanAskedFor) {
  const auto session = open();
  const auto table = session->query("SELECT * FROM range(10)", 9);
  ASSERT_FALSE(table.ok());
  EXPECT_THAT(table.error().text(), HasSubstr("more than 9 rows"));
  EXPECT_TRUE(session->query("SELECT * FROM range(9)", 9).ok());
}

TEST(Session, DescribesWithoutRunning) {
  const auto session = open();
  const auto schema = session->describe("SELECT 1 AS a, error('never') AS b");
  ASSERT_TRUE(schema.ok()) << schema.error().text();
  EXPECT_EQ(schema->columns[0].name, "a");
}

TEST(Session, TellsWhoseFaultItIs) {
  const auto session = open();
  EXPECT_EQ(session->execute("SELECT nothing").error().fault(), Fault::config);
  EXPECT_EQ(session->execute("SELEC").error().fault(), Fault::config);
  EXPECT_EQ(session->query("SELECT 'x'::INTEGER").error().fault(), Fault::data);
  EXPECT_EQ(session->query("FROM read_csv('/nowhere/x.csv')").error().fault(), Fault::external);
}

TEST(Session, HasNoWayToTheNetworkAndLetsNobodyChangeThat) {
  const auto session = open();
  EXPECT_FALSE(session->execute("SET autoload_known_extensions = true").ok());
  EXPECT_FALSE(session->execute("SET memory_limit = '1GB'").ok());
  EXPECT_FALSE(session->execute("INSTALL httpfs").ok());
  EXPECT_FALSE(session->execute("LOAD httpfs").ok());
  EXPECT_FALSE(session->query("FROM read_csv('http://127.0.0.1:9/x.csv')").ok());
}

TEST(Session, TellsTheSameTimeEverywhere) {
  EXPECT_EQ(only_cell(*open(), "SELECT '2024-01-01 00:00:00+02'::TIMESTAMPTZ::VARCHAR"),
            "2023-12-31 22:00:00+00");
}

TEST(Session, SpillsIntoItsFolderAndRemovesIt) {
  const auto folder = std::filesystem::temp_directory_path() / "leat_session_spill_test";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  {
    const auto session = open({.threads = 1, .memory_bytes = 64 << 20, .temp_folder = folder});
    const auto done = session->execute(
        "CREATE TABLE t AS SELECT i, hash(i) AS h, i::VARCHAR AS s FROM range(8000000) r(i) "
        "ORDER BY h");
    EXPECT_TRUE(done.ok()) << done.error().text();
    EXPECT_FALSE(std::filesystem::is_empty(folder));
  }
  EXPECT_TRUE(std::filesystem::is_empty(folder));
  std::filesystem::remove_all(folder);
}

TEST(Session, SaysWhatToDoWhenMemoryIsShort) {
  const auto session = open({.threads = 1, .memory_bytes = 16 << 20, .temp_folder = {}});
  const auto done = session->execute("CREATE TABLE t AS SELECT hash(i) FROM range(9000000) r(i)");
  ASSERT_FALSE(done.ok());
  EXPECT_EQ(done.error().fault(), Fault::external);
  EXPECT_THAT(done.error().hint_text(), HasSubstr("resources.memory"));
}

TEST(Session, StopsWhenInterrupted) {
  const auto session = open();
  std::thread stopper([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    session->interrupt();
  });
  const auto done = session->execute("SELECT count(*) FROM range(1000000) a, range(1000000) b");
  stopper.join();
  ASSERT_FALSE(done.ok());
  EXPECT_TRUE(done.error().is_cancelled());
}

}  // namespace
}  // namespace leat::engine
