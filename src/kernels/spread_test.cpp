#include <gmock/gmock.h>

#include <cmath>
#include <map>

#include "kernels/statistics.hpp"
#include "support/engine_rows.hpp"

namespace leat::kernels {
namespace {

using ::testing::DoubleNear;
using ::testing::IsEmpty;

/// Mean, deviation and frequent values of what a query yields, by one hand or by three.
class SpreadTest : public testing::Test {
 protected:
  ColumnSummary column(const std::string& sql, std::size_t hands = 1) {
    const auto schema = x_engine.query("SELECT * FROM (" + sql + ") LIMIT 0");
    std::vector<Statistics> parts;
    for (std::size_t i = 0; i < hands; ++i) parts.emplace_back(schema);
    std::size_t chunk = 0;
    x_engine.query(sql, [&](const auto& columns, std::uint32_t rows) {
      parts[chunk++ % hands].update(columns, rows, nullptr);
    });
    for (std::size_t i = 1; i < hands; ++i) parts[0].merge(parts[i]);
    return parts[0].summary().columns[0];
  }

  double asked(const std::string& sql) { return std::stod(x_engine.texts(sql)[0][0]); }

  std::map<std::string, double> shares(const ColumnSummary& column) {
    std::map<std::string, double> out;
    for (const auto& top : column.top) out[top.value] = top.share;
    return out;
  }

  test::Engine x_engine;
};

TEST_F(SpreadTest, moments_are_those_of_the_engine) {
  for (const std::string value :
       {"(hash(i) % 1000)::SMALLINT", "i::HUGEINT - 20000", "(hash(i) % 100000)::INT / 7.0",
        "((hash(i) % 99999)::INT / 100.0)::DECIMAL(15,2)", "(hash(i) % 1000)::FLOAT / 3",
        "CASE WHEN i % 3 = 0 THEN NULL ELSE 1e15 + i % 2 END",
        "CASE WHEN i = 0 THEN 1e9 ELSE (i % 10)::DOUBLE END"}) {
    const auto sql = "SELECT " + value + " AS v FROM range(30000) t(i)";
    const auto from = " FROM (" + sql + ")";
    const double mean = asked("SELECT favg(v)::VARCHAR" + from);
    const double deviation = asked("SELECT stddev(v)::VARCHAR" + from);
    for (const std::size_t hands : {1, 3}) {
      const auto found = column(sql, hands);
      EXPECT_THAT(found.mean.value(), DoubleNear(mean, std::abs(mean) * 1e-12)) << value;
      EXPECT_THAT(found.deviation.value(), DoubleNear(deviation, deviation * 1e-6)) << value;
    }
  }
}

TEST_F(SpreadTest, moments_leave_out_what_is_no_number) {
  const auto found = column("SELECT unnest(['1', 'NaN', NULL, '3']::DOUBLE[]) AS v");
  EXPECT_EQ(found.mean, 2.0);
  EXPECT_EQ(found.deviation, std::sqrt(2.0));
  EXPECT_FALSE(column("SELECT unnest(['1', 'inf']::DOUBLE[]) AS v").mean);
  EXPECT_FALSE(column("SELECT unnest(['1', 'inf']::DOUBLE[]) AS v").deviation);
  EXPECT_EQ(column("SELECT 7 AS v").mean, 7.0);
  EXPECT_FALSE(column("SELECT 7 AS v").deviation);
  EXPECT_FALSE(column("SELECT NULL::INT AS v").mean);
  EXPECT_FALSE(column("SELECT DATE '2024-01-01' AS v").mean);
}

TEST_F(SpreadTest, few_values_are_counted) {
  const auto found = column("SELECT unnest(['b', 'a', 'b', NULL, 'c', 'b', 'a']) AS v");
  ASSERT_EQ(found.top.size(), 2U);
  EXPECT_EQ(found.top[0].value, "b");
  EXPECT_EQ(found.top[0].share, 0.5);
  EXPECT_EQ(found.top[1].value, "a");
  EXPECT_DOUBLE_EQ(found.top[1].share, 1.0 / 3);
}

TEST_F(SpreadTest, frequent_values_are_found_among_a_million) {
  const auto sql =
      "SELECT CASE WHEN hash(i) % 100 < 30 THEN 'thirty' WHEN hash(i) % 100 < 40 THEN 'ten' "
      "WHEN hash(i) % 100 < 42 THEN repeat('two ', 30) ELSE 'other ' || i END AS v "
      "FROM range(1000000) t(i)";
  for (const std::size_t hands : {1, 3}) {
    const auto found = shares(column(sql, hands));
    for (const auto& [value, share] : found) EXPECT_FALSE(value.starts_with("other")) << share;
    ASSERT_TRUE(found.contains("thirty") && found.contains("ten")) << hands;
    EXPECT_THAT(found.at("thirty"), DoubleNear(0.3, 6 * Statistics::kShareStandardError));
    EXPECT_THAT(found.at("ten"), DoubleNear(0.1, 0.03));
  }
}

TEST_F(SpreadTest, a_pattern_in_the_rows_does_not_fool_the_sample) {
  const auto found = column("SELECT i % 4 AS v FROM range(500000) t(i)");
  ASSERT_EQ(found.top.size(), 4U);
  for (const auto& top : found.top) {
    EXPECT_THAT(top.share, DoubleNear(0.25, 5 * Statistics::kShareStandardError)) << top.value;
  }
}

TEST_F(SpreadTest, what_never_repeats_has_no_frequent_values) {
  EXPECT_THAT(column("SELECT i AS v FROM range(300000) t(i)").top, IsEmpty());
  EXPECT_THAT(column("SELECT md5(i::VARCHAR) AS v FROM range(5000) t(i)").top, IsEmpty());
}

TEST_F(SpreadTest, values_are_written_as_the_engine_writes_them) {
  const std::pair<const char*, const char*> cases[] = {
      {"1.50::DECIMAL(5,2)", "1.50"},
      {"-0.0::DOUBLE", "0.0"},
      {"true", "true"},
      {"DATE '2024-02-29'", "2024-02-29"},
      {"'\\xAA'::BLOB", "\\xAA"},
      {"''", ""},
      {"'thirteen bytes'", "thirteen bytes"},
      {"repeat('é', 40)", "éééééééééééééééééééééééééééééééé…"},
      {"INTERVAL 3 DAY", "3 days"}};
  for (const auto& [value, text] : cases) {
    const auto found = column("SELECT " + std::string(value) + " AS v FROM range(3)");
    ASSERT_EQ(found.top.size(), 1U) << value;
    EXPECT_EQ(found.top[0].value, text);
    EXPECT_EQ(found.top[0].share, 1.0);
  }
}

TEST_F(SpreadTest, stands_in_the_document) {
  Summary summary;
  summary.rows = 3;
  summary.checksum = "0";
  summary.columns = {column("SELECT unnest([1.5, 1.5, 3]) AS v")};
  const auto text = to_json(summary);
  EXPECT_THAT(text, testing::HasSubstr(R"("mean":2.0,"stddev":0.86)"));
  EXPECT_THAT(text, testing::HasSubstr(R"("top":[{"value":"1.5","share":0.6667}])"));
  const auto read = summary_from_json(text);
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(to_json(*read), text);
}

}  // namespace
}  // namespace leat::kernels
