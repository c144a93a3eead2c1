#include "engine/pass_fixture.hpp"
#include "engine/pass_run.hpp"

namespace leat::engine {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

/// A source that the engine reads by itself, with checks that must see every row.
class BarrierTest : public PassTest {
 protected:
  std::string plan_of(Pass& pass) {
    PassRun run(pass, x_context);
    const auto prepared = run.prepare();
    EXPECT_TRUE(prepared.ok()) << prepared.error().text();
    auto plan = run.explain();
    EXPECT_TRUE(plan.ok());
    return plan.ok() ? *plan : "";
  }
  static std::size_t position(const std::string& plan, const std::string& what) {
    const auto at = plan.find(what);
    EXPECT_NE(at, std::string::npos) << what << " is not in\n" << plan;
    return at;
  }
};

TEST_F(BarrierTest, JudgesEveryRowOfAScanAndKnowsItsPlace) {
  auto pass = parquet_numbers(10000, "SELECT id, name FROM n", {sql_check("c", "id % 1000 <> 7")});
  write_to(pass, "out.parquet", "parquet");
  const auto report = run_ok(pass);
  EXPECT_EQ(report.inputs[0].read, 10000U);
  EXPECT_EQ(report.inputs[0].quarantined, 10U);
  EXPECT_EQ(report.inputs[0].passed_on, 9990U);
  EXPECT_EQ(report.output.passed_on, 9990U);
  const auto bad = x_bad.all();
  ASSERT_THAT(bad, SizeIs(10));
  EXPECT_EQ(bad[1].record, 1008U);
  EXPECT_EQ(bad[1].file, path("numbers.parquet"));
  EXPECT_EQ(bad[1].raw, R"({"id":1007,"name":"row number 1007","amount":503.5})");
}

TEST_F(BarrierTest, NoFilterLimitOrJoinHidesARowFromTheChecks) {
  for (const auto* select :
       {"SELECT id FROM n WHERE id < 5", "SELECT id FROM n WHERE id = 5 AND name LIKE 'row%'",
        "SELECT id FROM n WHERE id IN (1, 2)", "SELECT count(*) AS c FROM n WHERE amount > 1e9",
        "SELECT n.id FROM n JOIN range(3) r(i) ON n.id = r.i", "SELECT max(id) AS m FROM n",
        "SELECT id FROM n ORDER BY id DESC LIMIT 3", "SELECT count(*) AS c FROM n"}) {
    CollectedBadRows bad;
    x_context.bad_rows = &bad;
    auto pass = parquet_numbers(20000, select, {sql_check("c", "id % 1000 <> 7")});
    write_to(pass, "out.parquet", "parquet");
    const auto report = run_ok(pass);
    EXPECT_EQ(report.inputs[0].read, 20000U) << select;
    EXPECT_EQ(bad.size(), 20U) << select;
  }
}

TEST_F(BarrierTest, ThePlanHasEveryFilterAboveTheBarrier) {
  for (const auto* select : {"SELECT id FROM n WHERE id < 5 AND name LIKE 'row%'",
                             "SELECT id FROM (SELECT id + 1 AS id FROM n) WHERE id < 5",
                             "SELECT id FROM n WHERE id IN (1, 2, 3)"}) {
    auto pass = parquet_numbers(3000, select, {sql_check("c", "id >= 0")});
    const auto plan = plan_of(pass);
    const auto barrier = position(plan, "LEAT_BARRIER");
    const auto scan = position(plan, "READ_PARQUET");
    EXPECT_LT(position(plan, "FILTER"), barrier) << plan;
    EXPECT_LT(barrier, scan) << plan;
    EXPECT_THAT(plan.substr(barrier), Not(HasSubstr("Filters:"))) << plan;
    EXPECT_THAT(plan.substr(barrier), Not(HasSubstr("FILTER"))) << plan;
  }
}

TEST_F(BarrierTest, TheProofWouldSeeAFilterThatWasPushedDown) {
  auto pass = parquet_numbers(3000, "SELECT id FROM n WHERE id < 5");
  pass.inputs[0].is_source = false;  // without a barrier the optimizer does push it
  const auto plan = plan_of(pass);
  EXPECT_THAT(plan.substr(position(plan, "READ_PARQUET")), HasSubstr("Filters:")) << plan;
}

TEST_F(BarrierTest, OurOwnScanGetsNoFilterEither) {
  auto pass = numbers({.rows = 3000}, "SELECT id FROM n WHERE id < 5", {sql_check("c", "id >= 0")});
  const auto plan = plan_of(pass);
  EXPECT_LT(position(plan, "FILTER"), position(plan, "LEAT_SCAN")) << plan;
}

TEST_F(BarrierTest, ReadsAnEngineScanOnceHoweverOftenItIsNamed) {
  auto pass = parquet_numbers(5000, "SELECT a.id FROM n a JOIN n b ON a.id = b.id",
                              {sql_check("c", "id <> 3"), key_check("k", {"id"})});
  const auto report = run_ok(pass);
  EXPECT_EQ(report.inputs[0].read, 5000U);
  EXPECT_EQ(report.inputs[0].quarantined, 1U);
  EXPECT_EQ(report.output.passed_on, 4999U);
}

TEST_F(BarrierTest, JoinsSourcesOfBothKinds) {
  auto pass = parquet_numbers(4000, "SELECT 1 AS x FROM n", {sql_check("p", "id <> 5")});
  pass.inputs.push_back({"m",
                         NumberedRows::schema(),
                         std::make_unique<NumberedRows>(NumberedRows::Ways{.rows = 3000}),
                         {sql_check("q", "id <> 6")},
                         true});
  pass.select = "SELECT n.id, m.name FROM n JOIN m USING (id) WHERE m.amount IS NULL OR n.id > 0";
  describe(pass);
  write_to(pass, "out.parquet", "parquet");
  const auto report = run_ok(pass);
  EXPECT_EQ(report.inputs[0].passed_on, 3999U);
  EXPECT_EQ(report.inputs[1].passed_on, 2999U);
  EXPECT_EQ(report.output.passed_on, 2998U);
}

TEST_F(BarrierTest, RefusesAScanThatYieldsOtherTypesThanPlanned) {
  auto pass = parquet_numbers(10, "SELECT id FROM n");
  pass.inputs[0].schema.columns[0].type = {data::TypeId::int32, 0, 0, {}};
  describe(pass);
  const auto report = run(pass);
  ASSERT_FALSE(report.ok());
  EXPECT_EQ(report.error().fault(), Fault::internal);
  EXPECT_THAT(report.error().text(), HasSubstr("INTEGER"));
}

TEST_F(BarrierTest, NobodyElseCanUseItsFunctions) {
  EXPECT_FALSE(x_session->execute("FROM leat_scan(1::UBIGINT)").ok());
  EXPECT_FALSE(x_session->execute("FROM leat_barrier((SELECT 1), 1::UBIGINT)").ok());
  EXPECT_FALSE(x_session->execute("COPY (SELECT 1) TO '" + path("x") + "' (FORMAT leat)").ok());
  EXPECT_FALSE(
      x_session->execute("COPY (SELECT 1) TO '" + path("x") + "' (FORMAT leat, handle 1)").ok());
  EXPECT_FALSE(std::filesystem::exists(path("x")));
}

}  // namespace
}  // namespace leat::engine
