#include "engine/sql.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "engine/session.hpp"

namespace leat::engine {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::vector<std::string> tables_of(const std::string& sql) {
  std::vector<std::string> names;
  for (const auto& use : parse_select(sql).value.tables) names.push_back(use.name);
  return names;
}

bool row_wise(const std::string& sql) {
  const auto outcome = parse_select(sql);
  EXPECT_THAT(outcome.complaints, IsEmpty()) << sql;
  return outcome.value.row_wise;
}

SqlComplaint complaint(const std::string& sql) {
  const auto outcome = parse_select(sql);
  EXPECT_EQ(outcome.complaints.size(), 1U) << sql;
  return outcome.complaints.empty() ? SqlComplaint{} : outcome.complaints.front();
}

TEST(ParseSelect, NamesEveryUseOfATableWithItsPlace) {
  const std::string sql = "SELECT a.x FROM County a JOIN fips ON a.id = fips.id, county b";
  const auto outcome = parse_select(sql);
  ASSERT_EQ(outcome.value.tables.size(), 3U);
  EXPECT_THAT(tables_of(sql), ElementsAre("County", "fips", "county"));
  EXPECT_EQ(outcome.value.tables[0].offset, sql.find("County"));
  EXPECT_EQ(outcome.value.tables[1].offset, sql.find("fips"));
  EXPECT_EQ(outcome.value.tables[2].offset, sql.find("county b"));
}

TEST(ParseSelect, LeavesOutTheNamesThatWithClausesGive) {
  EXPECT_THAT(tables_of("WITH m AS (FROM a) SELECT * FROM m, b"), ElementsAre("a", "b"));
  EXPECT_THAT(tables_of("WITH a AS (FROM a) SELECT * FROM a"), ElementsAre("a"));
  EXPECT_THAT(tables_of("SELECT * FROM (WITH m AS (FROM a) FROM m), m"), ElementsAre("a", "m"));
  EXPECT_THAT(tables_of("WITH RECURSIVE r AS (SELECT 1 i UNION ALL SELECT i + 1 FROM r, a) FROM r"),
              ElementsAre("a"));
}

TEST(ParseSelect, FindsTablesInSubqueriesSetOperationsAndPivots) {
  EXPECT_THAT(tables_of("SELECT (SELECT max(x) FROM a) FROM b WHERE EXISTS (FROM c)"),
              ElementsAre("b", "a", "c"));
  EXPECT_THAT(tables_of("FROM a UNION ALL (FROM b EXCEPT FROM c)"), ElementsAre("a", "b", "c"));
  EXPECT_THAT(tables_of("FROM a PIVOT (sum(x) FOR y IN ('p', 'q'))"), ElementsAre("a"));
  EXPECT_THAT(tables_of("SELECT * FROM a ORDER BY (SELECT min(x) FROM b)"), ElementsAre("a", "b"));
}

TEST(ParseSelect, CallsOnlyProjectionsAndFiltersRowWise) {
  EXPECT_TRUE(row_wise("SELECT x + 1 AS y FROM a WHERE x > 0"));
  EXPECT_TRUE(row_wise("FROM a"));
  EXPECT_TRUE(row_wise("SELECT * FROM (SELECT x FROM a WHERE x > 1) ORDER BY x"));
  EXPECT_TRUE(row_wise("WITH m AS (SELECT x FROM a) SELECT x FROM m WHERE x > 0"));
  EXPECT_TRUE(row_wise("SELECT list_sum([x, y]) FROM a"));
}

TEST(ParseSelect, CallsEverythingElseACut) {
  for (const auto* sql : {"SELECT count(*) FROM a",
                          "SELECT x FROM a GROUP BY x",
                          "SELECT DISTINCT x FROM a",
                          "SELECT x FROM a LIMIT 3",
                          "SELECT a.x FROM a JOIN b USING (x)",
                          "SELECT * FROM a, b",
                          "SELECT unnest(xs) FROM a",
                          "SELECT row_number() OVER () FROM a",
                          "SELECT x FROM a UNION ALL SELECT x FROM a",
                          "SELECT * FROM a USING SAMPLE 10%",
                          "SELECT x FROM a WHERE x IN (SELECT x FROM b)",
                          "SELECT 1",
                          "VALUES (1)",
                          "SELECT * FROM range(3)",
                          "SELECT x, sum(y) FROM a GROUP BY ALL",
                          "SELECT * FROM a QUALIFY x > 0",
                          "SELECT geomean(x) + 1 FROM a",
                          "WITH m AS (SELECT DISTINCT x FROM a) SELECT x FROM m",
                          "SELECT * FROM a TABLESAMPLE 5 ROWS",
                          "SELECT x FROM a HAVING max(x) > 1"}) {
    EXPECT_FALSE(row_wise(sql)) << sql;
  }
}

TEST(ParseSelect, RefusesWhatIsNotOneSelect) {
  EXPECT_THAT(complaint("CREATE TABLE t (i INT)").message, HasSubstr("only a SELECT"));
  EXPECT_THAT(complaint("COPY (SELECT 1) TO 'x'").message, HasSubstr("only a SELECT"));
  EXPECT_THAT(complaint("ATTACH 'x.db'").message, HasSubstr("only a SELECT"));
  EXPECT_THAT(complaint("SET threads = 1").message, HasSubstr("only a SELECT"));
  EXPECT_THAT(complaint("").message, HasSubstr("no SELECT"));
  EXPECT_THAT(complaint("-- nothing").message, HasSubstr("no SELECT"));
  EXPECT_THAT(complaint("SELECT ?").message, HasSubstr("parameter"));
  const auto second = complaint("SELECT 1; SELECT 2");
  EXPECT_THAT(second.message, HasSubstr("second statement"));
  EXPECT_TRUE(parse_select("SELECT 1;").complaints.empty());
}

TEST(ParseSelect, PointsAtTheMistake) {
  const auto found = complaint("SELECT x FROM a WHER y");
  EXPECT_TRUE(found.has_offset);
  EXPECT_EQ(found.offset, std::string("SELECT x FROM a WHER y").find("y"));
}

TEST(ParseSelect, RefusesEveryWayOutOfThePipeline) {
  for (const auto* sql :
       {"SELECT * FROM read_csv('/etc/passwd')", "FROM '/etc/passwd'", "FROM 'data/x.parquet'",
        "FROM read_text('/etc/passwd')", "FROM glob('*')", "FROM query('SELECT 1')",
        "FROM query_table('x')", "SELECT (SELECT content FROM read_blob('x')) FROM a",
        "FROM duckdb_settings()", "FROM other.a", "FROM information_schema.tables",
        "WITH m AS (FROM parquet_scan('x')) FROM m", "FROM a WHERE x IN (FROM read_json('x'))",
        "FROM (SHOW TABLES)", "FROM (DESCRIBE a)", "FROM json_execute_serialized_sql('x')",
        "FROM sniff_csv('x')"}) {
    EXPECT_FALSE(parse_select(sql).complaints.empty()) << sql;
  }
  const auto found = complaint("SELECT *\nFROM read_csv('x.csv')");
  EXPECT_THAT(found.message, HasSubstr("declare a source"));
  EXPECT_EQ(found.offset, std::string("SELECT *\nFROM ").size());
}

TEST(ParseSelect, AllowsTheTableFunctionsThatReachNothing) {
  EXPECT_TRUE(parse_select("SELECT * FROM range(3), generate_series(1, 2), unnest([1])")
                  .complaints.empty());
}

class Binding : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    auto made = Session::open({});
    ASSERT_TRUE(made.ok());
    x_session = std::move(made).value();
  }
  static void TearDownTestSuite() { x_session.reset(); }
  static Session& session() { return *x_session; }
  static data::Type type(const char* text) { return data::parse_type(text).value(); }
  static std::vector<NamedSchema> tables() {
    return {{"county",
             {{{"fips", type("varchar"), true},
               {"population", type("bigint"), true},
               {"rate", type("decimal(9,4)"), true},
               {"tags", type("VARCHAR[]"), true}}}},
            {"state", {{{"fips", type("varchar"), true}, {"name", type("varchar"), true}}}}};
  }
  static SqlOutcome<data::Schema> bind(const std::string& sql) {
    return bind_select(session(), sql, tables());
  }

 private:
  static inline std::unique_ptr<Session> x_session;
};

TEST_F(Binding, GivesTheColumnsThatASelectYields) {
  const auto outcome = bind(
      "SELECT county.fips, population * 2 AS twice, rate, tags, {'a': 1} AS s "
      "FROM county JOIN state USING (fips)");
  ASSERT_TRUE(outcome.complaints.empty()) << outcome.complaints[0].message;
  const auto& columns = outcome.value.columns;
  ASSERT_EQ(columns.size(), 5U);
  EXPECT_EQ(columns[1].name, "twice");
  EXPECT_EQ(columns[1].type.id, data::TypeId::int64);
  EXPECT_EQ(data::sql_of(columns[2].type), "DECIMAL(9,4)");
  EXPECT_EQ(data::sql_of(columns[3].type), "VARCHAR[]");
  EXPECT_EQ(data::sql_of(columns[4].type), "STRUCT(a INTEGER)");
}

TEST_F(Binding, KeepsWithClausesAliasesAndShadows) {
  for (const auto* sql :
       {"WITH county AS (SELECT fips AS f FROM county) SELECT f FROM county",
        "SELECT c.fips FROM COUNTY AS c", "SELECT county.fips FROM county",
        "WITH RECURSIVE r AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM r WHERE i < 3) "
        "SELECT i FROM r, county",
        "SELECT fips FROM county UNION SELECT fips FROM state", "SELECT 1 AS one"}) {
    const auto outcome = bind(sql);
    EXPECT_TRUE(outcome.complaints.empty()) << sql << ": " << outcome.complaints[0].message;
    EXPECT_EQ(outcome.value.columns.size(), 1U) << sql;
  }
}

TEST_F(Binding, PointsIntoTheAuthorsSql) {
  const std::string sql = "SELECT fips,\n  popluation FROM county";
  const auto outcome = bind(sql);
  ASSERT_EQ(outcome.complaints.size(), 1U);
  EXPECT_THAT(outcome.complaints[0].message, HasSubstr("popluation"));
  EXPECT_THAT(outcome.complaints[0].hint, HasSubstr("did you mean `population`?"));
  ASSERT_TRUE(outcome.complaints[0].has_offset);
  EXPECT_EQ(outcome.complaints[0].offset, sql.find("popluation"));
}

TEST_F(Binding, SaysWhatIsNotThere) {
  const std::string sql = "SELECT * FROM nothing";
  const auto outcome = bind(sql);
  ASSERT_EQ(outcome.complaints.size(), 1U);
  EXPECT_THAT(outcome.complaints[0].message, HasSubstr("nothing"));
  EXPECT_EQ(outcome.complaints[0].offset, sql.find("nothing"));
}

TEST_F(Binding, LeavesTheSessionUsableAfterAnError) {
  EXPECT_FALSE(bind("SELECT x FROM county").complaints.empty());
  EXPECT_TRUE(bind("SELECT fips FROM county").complaints.empty());
  EXPECT_TRUE(session().execute("SELECT 1").ok());
}

TEST_F(Binding, AcceptsARowTest) {
  const auto schema = tables()[0].schema;
  for (const auto* sql :
       {"population > 0", "population > 0 AND rate < 1", "fips ~ '^[0-9]+$'",
        "population IS NULL OR population BETWEEN 1 AND 5",
        "length(fips) = 5 AND list_contains(tags, 'x')", "current_date > '2020-01-01'",
        "list_sum(list_transform(tags, t -> length(t))) < population"}) {
    const auto outcome = bind_row_test(session(), sql, schema);
    EXPECT_TRUE(outcome.value) << sql << ": "
                               << (outcome.complaints.empty() ? "" : outcome.complaints[0].message);
  }
}

TEST_F(Binding, RefusesATestThatIsMoreThanOneRowsBusiness) {
  const auto schema = tables()[0].schema;
  for (const auto* sql :
       {"population", "sum(population) > 0", "population > (SELECT 1)", "nothing > 1",
        "row_number() OVER () > 1", "random() > 0.5", "population > 0 FROM county",
        "population > 0 WHERE true", "population > 0, rate > 0", "population > 0; SELECT 1",
        "population > 0 AS x", "", "NULL", "unnest([true])", "population > ?",
        "population > 0 ORDER BY 1", "*"}) {
    const auto outcome = bind_row_test(session(), sql, schema);
    EXPECT_FALSE(outcome.value) << sql;
    EXPECT_EQ(outcome.complaints.size(), 1U) << sql;
  }
  const std::string wrong = "population > 0 AND raet < 1";
  const auto outcome = bind_row_test(session(), wrong, schema);
  EXPECT_EQ(outcome.complaints[0].offset, wrong.find("raet"));
}

TEST_F(Binding, KnowsEveryAggregateOfTheEngine) {
  const auto names = session().query(
      "SELECT DISTINCT function_name FROM duckdb_functions() WHERE function_type = 'aggregate' "
      "ORDER BY 1");
  ASSERT_TRUE(names.ok());
  ASSERT_GT(names->rows.size(), 80U);
  for (const auto& row : names->rows) {
    const auto sql = "SELECT \"" + row[0].value() + "\"(x) FROM a";
    EXPECT_FALSE(row_wise(sql)) << sql;
  }
}

}  // namespace
}  // namespace leat::engine
