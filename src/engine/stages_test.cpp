#include <fstream>
#include <sstream>

#include "engine/pass_fixture.hpp"

namespace leat::engine {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class StagesTest : public PassTest {
 protected:
  /// A pass over no source at all: only what the SELECT makes.
  Pass rows_of(const std::string& select) {
    Pass pass;
    pass.dataset = "made";
    pass.select = select;
    describe(pass);
    return pass;
  }
  std::string text_of(const std::string& file) const {
    std::ifstream in(path(file), std::ios::binary);
    std::ostringstream out;
    out << in.rdbuf();
    return out.str();
  }
};

TEST_F(StagesTest, EveryStageGetsTheSameGoodRows) {
  auto pass =
      numbers({.rows = 5000, .threads = 2}, "SELECT * FROM n", {sql_check("c", "id % 10 <> 3")});
  write_to(pass, "out.parquet", "parquet");
  write_to(pass, "out.csv", "csv");
  write_to(pass, "out.json", "json");
  write_to(pass, "again.parquet", "parquet");
  const auto report = run_ok(pass);
  EXPECT_EQ(report.rows_written, 4500U);
  const auto sums = [&](const std::string& from) {
    return cell(
        "SELECT count(*) || ' ' || sum(id) || ' ' || count(amount) || ' ' || sum(amount) || "
        "' ' || bit_xor(hash(name)) FROM " +
        from);
  };
  const auto expected = sums("'" + path("out.parquet") + "'");
  EXPECT_THAT(expected, HasSubstr("4500 "));
  EXPECT_EQ(sums("read_csv('" + path("out.csv") + "', types={'id': 'BIGINT', 'amount': 'DOUBLE'})"),
            expected);
  EXPECT_EQ(sums("read_json('" + path("out.json") + "', format='newline_delimited')"), expected);
  EXPECT_EQ(sums("'" + path("again.parquet") + "'"), expected);
}

TEST_F(StagesTest, WritesAFileWhenThereAreNoRows) {
  auto pass = numbers({.rows = 0}, "SELECT * FROM n");
  write_to(pass, "out.parquet", "parquet");
  write_to(pass, "out.csv", "csv");
  write_to(pass, "out.json", "json");
  EXPECT_EQ(run_ok(pass).rows_written, 0U);
  EXPECT_EQ(cell("SELECT count(*) FROM '" + path("out.parquet") + "'"), "0");
  EXPECT_EQ(text_of("out.csv"), "id,name,amount\n");
  EXPECT_EQ(text_of("out.json"), "");
}

TEST_F(StagesTest, PassesOptionsOnToTheWriter) {
  auto pass = numbers({.rows = 100}, "SELECT id FROM n");
  pass.stages.push_back(StageTarget{
      path("a.parquet"), "parquet", {{"COMPRESSION", "'zstd'"}, {"PARQUET_VERSION", "v2"}}, {}});
  pass.stages.push_back(
      StageTarget{path("b.csv"), "csv", {{"HEADER", "false"}, {"DELIMITER", "';'"}}, {}});
  pass.stages.push_back(StageTarget{path("c.json.gz"), "json", {{"COMPRESSION", "'gzip'"}}, {}});
  run_ok(pass);
  EXPECT_EQ(cell("SELECT compression FROM parquet_metadata('" + path("a.parquet") + "')"), "ZSTD");
  EXPECT_THAT(text_of("b.csv"), HasSubstr("\n17\n"));
  EXPECT_EQ(cell("SELECT sum(id) FROM read_json('" + path("c.json.gz") + "')"), "4950");
}

TEST_F(StagesTest, RefusesAnOptionThatTheWriterDoesNotKnow) {
  auto pass = numbers({.rows = 100}, "SELECT id FROM n");
  pass.stages.push_back(StageTarget{path("a.parquet"), "parquet", {{"NONSENSE", "1"}}, {}});
  const auto report = run(pass);
  ASSERT_FALSE(report.ok());
  EXPECT_THAT(report.error().text(), HasSubstr("NONSENSE"));
}

TEST_F(StagesTest, AColumnTravelsAsAnotherType) {
  auto pass = rows_of("SELECT 170141183460469231731687303715884105727::HUGEINT AS big, 1 AS one");
  pass.stages.push_back(
      StageTarget{path("a.parquet"), "parquet", {}, {{0, {data::TypeId::varchar, 0, 0, {}}}}});
  pass.stages.push_back(StageTarget{path("b.csv"), "csv", {}, {}});
  run_ok(pass);
  EXPECT_EQ(cell("SELECT typeof(big) || ' ' || big FROM '" + path("a.parquet") + "'"),
            "VARCHAR 170141183460469231731687303715884105727");
  EXPECT_EQ(text_of("b.csv"), "big,one\n170141183460469231731687303715884105727,1\n");
}

TEST_F(StagesTest, RefusesATypeThatTheWriterWouldSilentlyChange) {
  auto pass = rows_of("SELECT '101'::BIT AS b");
  write_to(pass, "a.parquet", "parquet");
  const auto report = run(pass);
  ASSERT_FALSE(report.ok());
  EXPECT_EQ(report.error().fault(), Fault::config);
  EXPECT_THAT(report.error().text(), HasSubstr("travel as text"));
}

TEST_F(StagesTest, WritesJsonExactly) {
  auto pass = rows_of(
      "SELECT 9223372036854775807::BIGINT AS i, 12345678901234567890.123456789::DECIMAL(38,9) AS "
      "d, "
      "0.1::DOUBLE AS f, 'q\"\\ \n \u00e9' AS s, NULL::INTEGER AS n, true AS b, "
      "DATE '2024-02-29' AS day, TIMESTAMPTZ '2024-01-01 00:00:00+02' AS t, "
      "{'x': 1, 'y': ['a', NULL]} AS o, '{\"k\": [1]}'::JSON AS j, 1.10::DECIMAL(4,2) AS e");
  write_to(pass, "a.json", "json");
  run_ok(pass);
  EXPECT_EQ(text_of("a.json"),
            "{\"i\":9223372036854775807,\"d\":12345678901234567890.123456789,\"f\":0.1,"
            "\"s\":\"q\\\"\\\\ \\n \u00e9\",\"n\":null,\"b\":true,\"day\":\"2024-02-29\","
            "\"t\":\"2023-12-31 22:00:00+00\",\"o\":{\"x\":1,\"y\":[\"a\",null]},\"j\":{\"k\":[1]},"
            "\"e\":1.1}\n");
}

TEST_F(StagesTest, WritesNumbersThatJsonDoesNotKnowAsText) {
  auto pass = rows_of(
      "SELECT unnest([1.5, 'nan'::DOUBLE, 'inf', '-inf', NULL]) AS f, "
      "'nan'::FLOAT AS g ORDER BY 1");
  write_to(pass, "a.json", "json");
  run_ok(pass);
  EXPECT_EQ(text_of("a.json"),
            "{\"f\":\"-Infinity\",\"g\":\"NaN\"}\n{\"f\":1.5,\"g\":\"NaN\"}\n"
            "{\"f\":\"Infinity\",\"g\":\"NaN\"}\n{\"f\":\"NaN\",\"g\":\"NaN\"}\n"
            "{\"f\":null,\"g\":\"NaN\"}\n");
}

TEST_F(StagesTest, RefusesSuchANumberInsideOfANestedValue) {
  auto pass = rows_of("SELECT ['nan'::DOUBLE] AS l, 'N\"I' AS s");
  write_to(pass, "a.json", "json");
  const auto report = run(pass);
  ASSERT_FALSE(report.ok());
  EXPECT_EQ(report.error().fault(), Fault::data);
  EXPECT_THAT(report.error().text(), HasSubstr("NaN"));
  auto good = rows_of("SELECT [1.5::DOUBLE] AS l, 'N\"I' AS \"N I\"");
  write_to(good, "b.json", "json");
  run_ok(good);
  EXPECT_EQ(text_of("b.json"), "{\"l\":[1.5],\"N I\":\"N\\\"I\"}\n");
}

TEST_F(StagesTest, KeepsTheOrderThatTheQueryAsksFor) {
  auto pass = numbers({.rows = 20000, .threads = 2}, "SELECT id FROM n ORDER BY hash(id)",
                      {sql_check("c", "id % 3 <> 0")});
  write_to(pass, "out.csv", "csv");
  run_ok(pass);
  EXPECT_EQ(
      cell("SELECT count(*) FROM (SELECT hash(id) < lag(hash(id)) OVER (ORDER BY line) AS back "
           "FROM (SELECT id, row_number() OVER () AS line FROM read_csv('" +
           path("out.csv") + "', parallel = false))) WHERE back"),
      "0");
}

TEST_F(StagesTest, SaysWhichFileCannotBeWritten) {
  auto pass = numbers({.rows = 10}, "SELECT id FROM n");
  write_to(pass, "no/such/folder/out.parquet", "parquet");
  const auto report = run(pass);
  ASSERT_FALSE(report.ok());
  EXPECT_EQ(report.error().fault(), Fault::external);
  EXPECT_THAT(report.error().text(), HasSubstr("no/such/folder/out.parquet"));
}

TEST_F(StagesTest, SaysThatTheDiskIsFull) {
  if (!std::filesystem::exists("/dev/full")) GTEST_SKIP() << "no /dev/full here";
  auto pass = numbers({.rows = 100000}, "SELECT id, name FROM n");
  pass.stages.push_back(StageTarget{"/dev/full", "csv", {}, {}});
  const auto report = run(pass);
  ASSERT_FALSE(report.ok());
  EXPECT_EQ(report.error().fault(), Fault::external);
  EXPECT_THAT(report.error().hint_text(), HasSubstr("disk is full")) << report.error().text();
  EXPECT_TRUE(std::filesystem::exists("/dev/full"));
}

TEST_F(StagesTest, SpillsRatherThanFail) {
  x_session.reset();
  auto session = Session::open({.threads = 2, .memory_bytes = 96 << 20, .temp_folder = x_folder});
  ASSERT_TRUE(session.ok());
  x_session = std::move(session).value();
  x_context.session = x_session.get();
  auto pass =
      numbers({.rows = 2'000'000, .threads = 2, .block = 20000},
              "SELECT id, name, amount FROM n ORDER BY hash(id)", {sql_check("c", "id <> 77")});
  write_to(pass, "out.parquet", "parquet");
  const auto report = run_ok(pass);
  EXPECT_EQ(report.output.passed_on, 1999999U);
  EXPECT_EQ(cell("SELECT count(DISTINCT id) FROM '" + path("out.parquet") + "'"), "1999999");
}

TEST_F(StagesTest, TwoPassesOneAfterTheOther) {
  auto first = numbers({.rows = 3000}, "SELECT id, amount FROM n", {sql_check("c", "id <> 8")});
  write_to(first, "spool.parquet", "parquet");
  run_ok(first);
  Pass second;
  second.dataset = "second";
  second.select = "SELECT sum(id) AS s FROM spool";
  second.inputs.push_back({"spool",
                           first.schema,
                           EngineScan{"read_parquet('" + path("spool.parquet") + "')", "", ""},
                           {},
                           false});
  describe(second);
  write_to(second, "out.csv", "csv");
  const auto report = run_ok(second);
  EXPECT_EQ(report.inputs[0].read, 0U);
  EXPECT_EQ(text_of("out.csv"), "s\n4498492\n");
}

}  // namespace
}  // namespace leat::engine
