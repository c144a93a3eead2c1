#include "engine/pass.hpp"

#include <chrono>
#include <thread>

#include "engine/pass_fixture.hpp"

namespace leat::engine {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST_F(PassTest, CarriesEveryRowFromASourceToAFile) {
  auto pass = numbers({.rows = 10000, .threads = 2}, "SELECT id, name, amount FROM n");
  write_to(pass, "out.parquet", "parquet");
  const auto report = run_ok(pass);
  ASSERT_THAT(report.inputs, SizeIs(1));
  EXPECT_EQ(report.inputs[0].read, 10000U);
  EXPECT_EQ(report.inputs[0].passed_on, 10000U);
  EXPECT_EQ(report.inputs[0].quarantined, 0U);
  EXPECT_EQ(report.output.read, 10000U);
  EXPECT_EQ(report.output.passed_on, 10000U);
  EXPECT_EQ(report.rows_written, 10000U);
  EXPECT_EQ(report.statistics.rows, 10000U);
  EXPECT_EQ(cell("SELECT count(DISTINCT id) FROM '" + path("out.parquet") + "'"), "10000");
  EXPECT_EQ(cell("SELECT sum(id) FROM '" + path("out.parquet") + "'"), "49995000");
  EXPECT_EQ(cell("SELECT count(amount) FROM '" + path("out.parquet") + "'"), "8000");
  EXPECT_EQ(
      cell("SELECT count(*) FROM '" + path("out.parquet") + "' WHERE name <> 'row number ' || id"),
      "0");
}

TEST_F(PassTest, SetsBadRowsAsideWithPlaceReasonsAndText) {
  auto pass =
      numbers({.rows = 1000}, "SELECT id FROM n",
              {sql_check("small", "id < 998"), sql_check("even", "id % 2 = 0 OR id < 990")});
  write_to(pass, "out.parquet", "parquet");
  const auto report = run_ok(pass);
  const auto bad = x_bad.all();
  ASSERT_THAT(bad, SizeIs(6));
  EXPECT_EQ(bad[0].record, 992U);
  EXPECT_EQ(bad[0].line, 993U);
  EXPECT_EQ(bad[0].byte_offset, 9910U);
  EXPECT_EQ(bad[0].dataset, "n");
  EXPECT_EQ(bad[0].file, "numbers.txt");
  EXPECT_EQ(bad[0].raw, "raw 991");
  EXPECT_THAT(bad[0].failed_checks, ElementsAre("even"));
  EXPECT_EQ(bad[0].message, "even says no to 991");
  EXPECT_THAT(bad[5].failed_checks, ElementsAre("small", "even"));
  EXPECT_EQ(bad[5].message, "small says no to 999; even says no to 999");
  EXPECT_EQ(report.inputs[0].quarantined, 6U);
  EXPECT_EQ(report.inputs[0].passed_on, 994U);
  ASSERT_THAT(report.inputs[0].checks, SizeIs(2));
  EXPECT_EQ(report.inputs[0].checks[0].judged, 1000U);
  EXPECT_EQ(report.inputs[0].checks[0].failed, 2U);
  EXPECT_EQ(report.inputs[0].checks[1].failed, 5U);
  EXPECT_THAT(report.inputs[0].checks[1].examples,
              ElementsAre(R"({"id":991})", R"({"id":993})", R"({"id":995})"));
  EXPECT_EQ(cell("SELECT count(*) FROM '" + path("out.parquet") + "'"), "994");
}

TEST_F(PassTest, JudgesSourceChecksBeforeAnyFilterOfTheQuery) {
  auto pass =
      numbers({.rows = 1000}, "SELECT id FROM n WHERE id < 100", {sql_check("small", "id < 990")});
  write_to(pass, "out.parquet", "parquet");
  const auto report = run_ok(pass);
  EXPECT_EQ(report.inputs[0].quarantined, 10U);
  EXPECT_EQ(report.inputs[0].passed_on, 990U);
  EXPECT_EQ(report.output.passed_on, 100U);
}

TEST_F(PassTest, ReadsColumnsForChecksThatTheQueryDoesNotAskFor) {
  for (const auto* select : {"SELECT count(*) AS c FROM n", "SELECT id FROM n",
                             "SELECT 1 AS x FROM n", "SELECT name FROM n WHERE id > 10"}) {
    CollectedBadRows bad;
    x_context.bad_rows = &bad;
    auto pass = numbers({.rows = 500}, select, {sql_check("has_amount", "amount IS NOT NULL")});
    write_to(pass, "out.parquet", "parquet");
    EXPECT_EQ(run_ok(pass).inputs[0].quarantined, 100U) << select;
    EXPECT_EQ(bad.size(), 100U) << select;
  }
}

TEST_F(PassTest, AsksTheReaderOnlyForWhatIsNeeded) {
  auto source = std::make_unique<NumberedRows>(NumberedRows::Ways{.rows = 10});
  const auto* rows = source.get();
  auto pass = numbers({}, "SELECT name FROM n", {sql_check("c", "amount IS NULL OR amount >= 0")});
  pass.inputs[0].read = std::move(source);
  write_to(pass, "out.parquet", "parquet");
  run_ok(pass);
  for (const auto& wanted : rows->asked()) EXPECT_THAT(wanted, ElementsAre(false, true, true));
}

TEST_F(PassTest, ReadsTheWholeSliceWhateverTheQueryTakes) {
  for (const auto* select :
       {"SELECT id FROM n LIMIT 3", "SELECT id FROM n WHERE false", "SELECT id FROM n LIMIT 0",
        "SELECT a.id FROM n a JOIN (SELECT 1 AS id WHERE random() > 2) b ON a.id = b.id",
        "SELECT 1 AS one"}) {
    CollectedBadRows bad;
    x_context.bad_rows = &bad;
    auto pass = numbers({.rows = 50000, .threads = 2}, select, {sql_check("c", "id % 100 <> 0")});
    write_to(pass, "out.parquet", "parquet");
    const auto report = run_ok(pass);
    EXPECT_EQ(report.inputs[0].read, 50000U) << select;
    EXPECT_EQ(report.inputs[0].quarantined, 500U) << select;
    EXPECT_EQ(report.inputs[0].passed_on, 49500U) << select;
  }
}

Check first_of_id() {
  Check check;
  check.id = check.name = "first";
  CompareTest test;
  test.sql = "row_number() OVER (PARTITION BY id ORDER BY " + std::string(kOwnOrder) + ") = 1";
  test.columns = {"id"};
  test.needs_order = true;
  check.test = test;
  return check;
}

TEST_F(PassTest, ComparesEveryRowWhateverTheQueryTakes) {
  for (const auto* select :
       {"SELECT id FROM n LIMIT 3", "SELECT id FROM n WHERE false", "SELECT id FROM n LIMIT 0",
        "SELECT a.id FROM n a JOIN (SELECT 1 AS id WHERE random() > 2) b ON a.id = b.id",
        "SELECT 1 AS one", "SELECT a.id FROM n a JOIN n b ON a.id = b.id"}) {
    auto pass = numbers({.rows = 9000,
                         .threads = 2,
                         .id_of = [](std::uint64_t row) { return std::int64_t(row % 4000); }},
                        select, {first_of_id(), sql_check("c", "id <> 7")});
    write_to(pass, "out.parquet", "parquet");
    const auto report = run_ok(pass);
    EXPECT_EQ(report.inputs[0].checks[1].judged, 8997U) << select;
    EXPECT_EQ(report.inputs[0].passed_on, 3999U) << select;
    EXPECT_EQ(report.inputs[0].quarantined, 5001U) << select;
  }
}

TEST_F(PassTest, RefusesToHaveComparedSomeRowsOnly) {
  auto pass = numbers({.rows = 50000}, "SELECT id FROM n LIMIT 3", {first_of_id()});
  pass.takes_all = true;  // which it does not
  write_to(pass, "out.parquet", "parquet");
  const auto report = run(pass);
  ASSERT_FALSE(report.ok());
  EXPECT_EQ(report.error().fault(), Fault::internal);
  EXPECT_THAT(report.error().text(), HasSubstr("the books of n do not close"));
  EXPECT_THAT(report.error().text(), HasSubstr("left_to_compare=50000"));
}

TEST_F(PassTest, ReadsASourceOnceHoweverOftenItIsNamed) {
  for (const auto* select :
       {"SELECT a.id FROM n a JOIN n b ON a.id = b.id",
        "WITH m AS (SELECT id FROM n) SELECT a.id FROM m a JOIN m b ON a.id = b.id",
        "WITH m AS (SELECT id FROM n LIMIT 5000) (SELECT id FROM m LIMIT 2500) UNION ALL "
        "(SELECT id FROM m LIMIT 2500)",
        "SELECT id FROM n WHERE id <= (SELECT max(id) FROM n)",
        "WITH RECURSIVE r AS (SELECT 0::BIGINT AS id UNION ALL SELECT n.id FROM r JOIN n ON "
        "n.id = r.id + 1) SELECT id FROM r"}) {
    auto pass = numbers({.rows = 5000, .threads = 2}, select, {sql_check("c", "id >= 0")});
    write_to(pass, "out.parquet", "parquet");
    const auto report = run_ok(pass);
    EXPECT_EQ(report.inputs[0].read, 5000U) << select;
    EXPECT_EQ(report.output.passed_on, 5000U) << select;
  }
}

TEST_F(PassTest, JudgesModelRowsAfterTheQuery) {
  auto pass = numbers({.rows = 1000}, "SELECT id, amount * 2 AS twice FROM n WHERE id < 100",
                      {sql_check("source", "id <> 5")});
  pass.checks = {sql_check("whole", "twice IS NULL OR twice < 50", OnFail::quarantine),
                 sql_check("odd", "id % 2 = 1", OnFail::warn)};
  write_to(pass, "out.parquet", "parquet");
  const auto report = run_ok(pass);
  EXPECT_EQ(report.output.read, 99U);
  EXPECT_EQ(report.output.quarantined, 40U);
  EXPECT_EQ(report.output.passed_on, 59U);
  EXPECT_EQ(report.output.checks[1].failed, 50U);
  EXPECT_EQ(report.statistics.rows, 59U);
  const auto bad = x_bad.all();
  ASSERT_THAT(bad, SizeIs(41));
  EXPECT_EQ(bad[0].dataset, "out");
  EXPECT_THAT(bad[0].raw, HasSubstr(R"({"id":)"));
  EXPECT_EQ(cell("SELECT count(*) FROM '" + path("out.parquet") + "'"), "59");
}

TEST_F(PassTest, OnlyCountsWhatIsToWarnHoldOrFail) {
  auto pass =
      numbers({.rows = 100}, "SELECT id FROM n",
              {sql_check("w", "id < 90", OnFail::warn), sql_check("h", "id < 80", OnFail::hold),
               sql_check("f", "id < 70", OnFail::fail)});
  const auto report = run_ok(pass);
  EXPECT_EQ(report.inputs[0].passed_on, 100U);
  EXPECT_EQ(report.inputs[0].checks[0].failed, 10U);
  EXPECT_EQ(report.inputs[0].checks[1].failed, 20U);
  EXPECT_EQ(report.inputs[0].checks[2].failed, 30U);
  EXPECT_EQ(x_bad.size(), 0U);
  EXPECT_EQ(report.output.passed_on, 100U);
}

TEST_F(PassTest, SetsUndecodableRowsAsideAndSaysNothingAboutTheirLostCells) {
  auto pass = numbers({.rows = 100,
                       .faults = {{10, "id", "`x` is not a BIGINT"},
                                  {10, "name", "bad UTF-8"},
                                  {20, "", "3 fields instead of 4"},
                                  {30, "id", "`y` is not a BIGINT"}}},
                      "SELECT name FROM n",
                      {sql_check("has_id", "id IS NOT NULL"), sql_check("amount", "amount > 5"),
                       key_check("unique(id)", {"id"})});
  const auto report = run_ok(pass);
  const auto bad = x_bad.all();
  EXPECT_EQ(report.inputs[0].undecodable, 3U);
  EXPECT_EQ(report.inputs[0].read, 100U);
  EXPECT_EQ(report.inputs[0].checks[0].judged, 97U);
  EXPECT_EQ(report.inputs[0].checks[0].failed, 0U);
  const auto with = [&](std::uint64_t record) {
    for (const auto& row : bad)
      if (row.record == record) return row;
    return BadRow{};
  };
  EXPECT_THAT(with(11).failed_checks, ElementsAre("decode"));
  EXPECT_EQ(with(11).message, "id: `x` is not a BIGINT; name: bad UTF-8");
  EXPECT_EQ(with(21).message, "3 fields instead of 4");
  EXPECT_EQ(with(21).raw, "raw 20");
  EXPECT_THAT(with(31).failed_checks, ElementsAre("decode"));
  EXPECT_EQ(report.inputs[0].checks.back().id, "decode");
  EXPECT_EQ(report.inputs[0].checks.back().failed, 3U);
}

TEST_F(PassTest, CountsWhatStandsAboveTheRecordsAsNothingUndecodable) {
  const RowFault title{0, "", "it stands above the records", true};
  auto pass = numbers({.rows = 100, .faults = {title, {20, "", "3 fields instead of 4"}}},
                      "SELECT id FROM n", {sql_check("has_id", "id IS NOT NULL")});
  const auto report = run_ok(pass);
  EXPECT_EQ(x_bad.size(), 2U);
  EXPECT_EQ(report.inputs[0].read, 100U);
  EXPECT_EQ(report.inputs[0].quarantined, 2U);
  EXPECT_EQ(report.inputs[0].undecodable, 1U);
  EXPECT_EQ(report.inputs[0].above_records, 1U);
  EXPECT_EQ(report.inputs[0].checks[0].judged, 98U);
  EXPECT_EQ(report.inputs[0].checks.back().id, "decode");
  EXPECT_EQ(report.inputs[0].checks.back().failed, 1U);
}

TEST_F(PassTest, ListsTheFailedChecksOfAnUndecodableRowToo) {
  auto pass = numbers({.rows = 10, .faults = {{3, "name", "bad UTF-8"}}}, "SELECT id FROM n",
                      {sql_check("not_three", "id <> 3")});
  run_ok(pass);
  EXPECT_THAT(x_bad.all().at(0).failed_checks, ElementsAre("decode", "not_three"));
}

TEST_F(PassTest, AppliesACheckOnlyWhereItsConditionIsTrue) {
  auto check = sql_check("c", "amount < 10");
  check.where_sql = "id % 2 = 0 AND amount IS NOT NULL";
  auto pass = numbers({.rows = 100}, "SELECT id FROM n", {check});
  const auto report = run_ok(pass);
  EXPECT_EQ(report.inputs[0].checks[0].judged, 40U);
  EXPECT_EQ(report.inputs[0].checks[0].failed, 32U);
}

TEST_F(PassTest, SetsAsideTheOneRowThatBreaksACheck) {
  auto pass = numbers({.rows = 100}, "SELECT id FROM n",
                      {sql_check("c", "CAST(CASE WHEN id = 42 THEN 'x' ELSE '1' END AS INT) = 1")});
  const auto report = run_ok(pass);
  EXPECT_EQ(report.inputs[0].checks[0].failed, 1U);
  EXPECT_EQ(report.inputs[0].passed_on, 99U);
  const auto bad = x_bad.all();
  ASSERT_THAT(bad, SizeIs(1));
  EXPECT_EQ(bad[0].record, 43U);
  EXPECT_THAT(bad[0].message, HasSubstr("c cannot be judged"));
}

TEST_F(PassTest, AsksNothingOfARowThatTheConditionLeavesOut) {
  auto check = sql_check("c", "CAST(CASE WHEN id = 42 THEN 'x' ELSE '1' END AS INT) = 1");
  check.where_sql = "id <> 42";
  auto pass = numbers({.rows = 100}, "SELECT id FROM n", {check});
  EXPECT_EQ(run_ok(pass).inputs[0].passed_on, 100U);
}

TEST_F(PassTest, KeepsOneRowOfEachKeyAndSetsTheOthersAside) {
  auto pass = numbers({.rows = 10000,
                       .threads = 2,
                       .id_of = [](std::uint64_t row) { return std::int64_t(row % 4000); }},
                      "SELECT id FROM n", {key_check("unique(id)", {"id"})});
  write_to(pass, "out.parquet", "parquet");
  const auto report = run_ok(pass);
  EXPECT_EQ(report.inputs[0].passed_on, 4000U);
  EXPECT_EQ(report.inputs[0].quarantined, 6000U);
  EXPECT_EQ(report.inputs[0].checks[0].judged, 10000U);
  EXPECT_EQ(cell("SELECT count(DISTINCT id) FROM '" + path("out.parquet") + "'"), "4000");
}

TEST_F(PassTest, DoesNotJudgeKeysOfRowsThatLeaveAnyway) {
  auto pass =
      numbers({.rows = 100, .id_of = [](std::uint64_t row) { return std::int64_t(row / 2); }},
              "SELECT id FROM n",
              {key_check("unique(id)", {"id"}), sql_check("has_amount", "amount IS NOT NULL")});
  const auto report = run_ok(pass);
  EXPECT_EQ(report.inputs[0].checks[0].id, "has_amount");
  EXPECT_EQ(report.inputs[0].checks[1].judged, 80U);
  EXPECT_EQ(report.inputs[0].checks[1].failed, 30U);
}

TEST_F(PassTest, GivesTheSameWhateverTheSizesAndThreads) {
  for (const std::size_t batch : {1, 2, 63, 64, 65, 2048}) {
    for (const std::size_t threads : {1, 2, 4}) {
      CollectedBadRows bad;
      x_context.bad_rows = &bad;
      x_context.batch_rows = batch;
      auto pass =
          numbers({.rows = 3001, .threads = threads, .block = 97}, "SELECT * FROM n WHERE id > 50",
                  {sql_check("c", "id % 7 <> 0"), key_check("k", {"name"})});
      write_to(pass, "out.parquet", "parquet");
      const auto report = run_ok(pass);
      EXPECT_EQ(report.inputs[0].quarantined, 429U) << batch << " " << threads;
      EXPECT_EQ(
          cell("SELECT sum(id) || ' ' || count(amount) FROM '" + path("out.parquet") + "'"),
          cell("SELECT sum(i) || ' ' || count(*) FILTER (i % 5 <> 0) FROM range(51, 3001) r(i) "
               "WHERE i % 7 <> 0"));
      EXPECT_EQ(report.output.passed_on, report.statistics.rows);
    }
  }
}

TEST_F(PassTest, HandsBackTheVeryErrorOfTheSource) {
  auto pass = numbers({.rows = 1000, .threads = 2, .error_at = 700}, "SELECT id FROM n");
  write_to(pass, "out.parquet", "parquet");
  const auto report = run(pass);
  ASSERT_FALSE(report.ok());
  EXPECT_EQ(report.error().fault(), Fault::external);
  EXPECT_TRUE(report.error().is_busy());
  EXPECT_THAT(report.error().text(), HasSubstr("the disk is on fire [id="));
  EXPECT_TRUE(x_session->execute("SELECT 1").ok());
}

TEST_F(PassTest, HandsBackTheErrorOfTheQuarantine) {
  x_bad.fail_at(1);
  auto pass = numbers({.rows = 5000}, "SELECT id FROM n", {sql_check("c", "id < 10")});
  const auto report = run(pass);
  ASSERT_FALSE(report.ok());
  EXPECT_THAT(report.error().text(), HasSubstr("no room for bad rows"));
}

TEST_F(PassTest, NamesTheModelWhoseSqlFails) {
  auto pass = numbers({.rows = 100}, "SELECT CAST(name AS INTEGER) AS x FROM n");
  write_to(pass, "out.parquet", "parquet");
  const auto report = run(pass);
  ASSERT_FALSE(report.ok());
  EXPECT_EQ(report.error().fault(), Fault::data);
  EXPECT_THAT(report.error().text(), HasSubstr("while computing out"));
}

TEST_F(PassTest, RefusesBooksThatDoNotClose) {
  auto pass = numbers({.rows = 100, .claims_too_many = true}, "SELECT id FROM n");
  const auto report = run(pass);
  ASSERT_FALSE(report.ok());
  EXPECT_EQ(report.error().fault(), Fault::internal);
  EXPECT_THAT(report.error().text(), HasSubstr("the books of n do not close"));
}

TEST_F(PassTest, AsksWhetherTheSourceChangedMeanwhile) {
  auto pass = numbers({.rows = 100, .changed = true}, "SELECT id FROM n");
  const auto report = run(pass);
  ASSERT_FALSE(report.ok());
  EXPECT_THAT(report.error().text(), HasSubstr("changed while it was read"));
}

TEST_F(PassTest, StopsWhenItIsCancelled) {
  CancelToken cancel;
  x_context.cancel = &cancel;
  auto pass =
      numbers({.rows = 1'000'000'000, .threads = 2, .block = 10000}, "SELECT sum(id) AS s FROM n");
  std::thread stopper([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(150));
    cancel.request();
  });
  const auto report = run(pass);
  stopper.join();
  ASSERT_FALSE(report.ok());
  EXPECT_TRUE(report.error().is_cancelled());
}

TEST_F(PassTest, IsUsableAfterItWasStopped) {
  CancelToken cancel;
  cancel.request();
  x_context.cancel = &cancel;
  auto stopped = numbers({.rows = 100000}, "SELECT id FROM n");
  EXPECT_FALSE(run(stopped).ok());
  x_context.cancel = nullptr;
  auto pass = numbers({.rows = 100}, "SELECT id FROM n");
  EXPECT_EQ(run_ok(pass).output.passed_on, 100U);
}

TEST_F(PassTest, RefusesARowWisePassThatMakesRows) {
  auto pass = numbers({.rows = 10}, "SELECT unnest([id, id]) AS id FROM n");
  EXPECT_FALSE(pass.row_wise);
  EXPECT_EQ(run_ok(pass).output.passed_on, 20U);
  auto wrong = numbers({.rows = 10}, "SELECT unnest([id, id]) AS id FROM n");
  wrong.row_wise = true;
  const auto report = run(wrong);
  ASSERT_FALSE(report.ok());
  EXPECT_EQ(report.error().fault(), Fault::internal);
}

TEST_F(PassTest, StopsTheEnginesOwnWorkToo) {
  CancelToken cancel;
  x_context.cancel = &cancel;
  auto pass = numbers({.rows = 1000}, "SELECT count(*) AS c FROM n a, range(100000000) b");
  std::thread stopper([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(150));
    cancel.request();
  });
  const auto report = run(pass);
  stopper.join();
  ASSERT_FALSE(report.ok());
  EXPECT_TRUE(report.error().is_cancelled());
}

TEST_F(PassTest, TellsProgress) {
  std::mutex mutex;
  std::vector<PassProgress> last;
  x_context.on_progress = [&](const std::vector<PassProgress>& progress) {
    const std::lock_guard lock(mutex);
    last = progress;
  };
  auto pass = numbers({.rows = 1000},
                      "SELECT sum(sleep) AS s FROM (SELECT CASE WHEN id % 500 = 0 THEN "
                      "sleep_ms(200) END IS NULL AS sleep FROM n)");
  run_ok(pass);
  ASSERT_THAT(last, SizeIs(1));
  EXPECT_EQ(last[0].dataset, "n");
  EXPECT_GT(last[0].records, 0U);
  EXPECT_EQ(last[0].bytes_total, 10000U);
}

TEST_F(PassTest, NowIsOneMomentInThePass) {
  auto pass = numbers({.rows = 10000}, "SELECT id, now() AS t FROM n",
                      {sql_check("c", "now() > TIMESTAMPTZ '2020-01-01'")});
  pass.checks = {sql_check("same", "t = now()")};
  const auto report = run_ok(pass);
  EXPECT_EQ(report.output.passed_on, 10000U);
}

}  // namespace
}  // namespace leat::engine
