#include "engine/pass_fixture.hpp"
#include "kernels/row_kernel.hpp"

namespace leat::engine {
namespace {

using ::testing::ElementsAre;

/// A kernel and a column that it judges: the same rows must fail by kernel and by SQL.
struct Case {
  std::string kernel;
  std::string type;
  std::string values;  ///< Of the column, a null always among them.
  data::KernelArgs args;
  std::uint64_t failing;  ///< Of the values.
};

data::KernelArgs between(const std::string& min, const std::string& max, bool exclusive = false) {
  data::KernelArgs args;
  if (!min.empty()) args.min = data::Bound{min, exclusive};
  if (!max.empty()) args.max = data::Bound{max, exclusive};
  return args;
}

data::KernelArgs one_of(std::vector<std::string> values) {
  data::KernelArgs args;
  args.values = std::move(values);
  return args;
}

data::KernelArgs matching(const std::string& pattern) {
  data::KernelArgs args;
  args.pattern = pattern;
  return args;
}

data::KernelArgs castable_to(const std::string& type) {
  data::KernelArgs args;
  args.type = data::parse_type(type).value();
  return args;
}

std::vector<Case> cases() {
  std::vector<Case> all{
      {"not_null", "INTEGER", "1, 2", {}, 1},
      {"not_null", "VARCHAR[]", "['a'], []", {}, 1},
      {"range", "FLOAT", "'nan', 'inf', '-inf', '0.1', '-0.0'", between("0", "0.1"), 3},
      {"range", "DOUBLE", "'nan', 'inf', '-inf', '0.1', '-0.0'", between("-0.0", ""), 1},
      {"range", "DECIMAL(18,3)", "0.001, -0.001, 999999999999999.999", between("0", "1"), 2},
      {"range", "DECIMAL(38,2)", "0.01, -0.01", between("0", "", true), 1},
      {"range", "DATE", "'2024-02-29', '1500-01-01', 'infinity'", between("2000-01-01", ""), 1},
      {"range", "TIMESTAMP", "'2024-01-01 00:00:00.000001', '1969-12-31'",
       between("2024-01-01", "", true), 1},
      {"accepted_values", "VARCHAR", "'a', 'A', ' a', '', 'longer than twelve bytes'",
       one_of({"a", "longer than twelve bytes"}), 3},
      {"accepted_values", "BIGINT", "1, -1, 9223372036854775807",
       one_of({"1", "9223372036854775807"}), 1},
      {"accepted_values", "DOUBLE", "'1', '2.5', 'nan'", one_of({"1", "2.5"}), 1},
      {"pattern", "VARCHAR", "'01234', '0123', 'x01234', ''", matching("^[0-9]{5}$"), 3},
      {"length", "VARCHAR", "'', 'é', 'éé', 'ééé'", between("1", "2"), 2},
      {"castable", "VARCHAR", "'1', ' 1 ', 'x', '1e3', '99999999999'", castable_to("INTEGER"), 2},
      {"castable", "VARCHAR", "'2024-02-29', '2023-02-29', ''", castable_to("DATE"), 2},
      {"castable", "VARCHAR", "'1.5', 'x'", castable_to("DECIMAL(4,1)"), 1},
  };
  for (const auto* type : {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT",
                           "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT"}) {
    all.push_back({"range", type, "0, 5, 100, 127", between("5", "100", true), 4});
    all.push_back({"range", type, "0, 5, 100, 127", between("-1e60", "126.5"), 1});
  }
  return all;
}

class KernelAndSql : public PassTest {
 protected:
  static Check twin(const std::string& id, std::string kernel, const std::string& sql,
                    const data::KernelArgs& args) {
    auto check = sql_check(id, "");
    check.test = RowTest{std::move(kernel), "x", args, sql};
    return check;
  }
};

TEST_F(KernelAndSql, SayTheSameOfEveryRow) {
  constexpr std::uint64_t kTimes = 1500;
  for (const auto& one : cases()) {
    const auto type = data::parse_type(one.type).value();
    const auto sql = kernels::sql_form(one.kernel, {"x", type, true}, one.args);
    ASSERT_TRUE(sql.ok()) << one.kernel << " " << one.type << ": " << sql.error().text();
    CollectedBadRows bad;
    x_context.bad_rows = &bad;
    Pass pass;
    pass.dataset = "out";
    pass.select = "SELECT x FROM n";
    pass.inputs.push_back(
        {"n",
         {{{"x", type, true}}},
         EngineScan{"(SELECT CAST(v AS " + one.type + ") AS x FROM (SELECT unnest([" + one.values +
                        ", NULL]) AS v), range(" + std::to_string(kTimes) + "))",
                    "", ""},
         {twin("kernel", one.kernel, *sql, one.args), twin("sql", "", *sql, one.args)},
         true});
    describe(pass);
    const auto report = run_ok(pass);
    const auto what = one.kernel + " of " + one.type + ": " + *sql;
    EXPECT_EQ(report.inputs[0].quarantined, one.failing * kTimes) << what;
    for (const auto& row : bad.all()) {
      ASSERT_THAT(row.failed_checks, ElementsAre("kernel", "sql")) << what << " of " << row.raw;
    }
  }
}

}  // namespace
}  // namespace leat::engine
