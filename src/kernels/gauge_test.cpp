#include "kernels/gauge.hpp"

#include <gmock/gmock.h>

#include <cmath>

#include "support/engine_rows.hpp"

namespace leat::kernels {
namespace {

const std::vector<std::string> kGaugedTypes{
    "TINYINT",  "SMALLINT", "INTEGER",      "BIGINT",       "UTINYINT",     "USMALLINT",
    "UINTEGER", "UBIGINT",  "DECIMAL(4,1)", "DECIMAL(9,3)", "DECIMAL(18,2)"};

class GaugeTest : public testing::Test {
 protected:
  /// The rows dealt out to two gauges, which are merged.
  Gauge gauge(const std::string& sql, const std::string& type, std::vector<Split> splits) {
    const GaugeWish wish{"v", std::move(splits)};
    const auto parsed = data::parse_type(type).value();
    auto one = make_gauge(wish, parsed);
    auto other = make_gauge(wish, parsed);
    bool first = true;
    x_engine.query(sql, [&](const auto& columns, std::uint32_t rows) {
      (first ? one : other)->update(columns[0], rows, nullptr);
      first = !first;
    });
    one->merge(*other);
    return one->read();
  }

  std::string told(const std::string& select, const std::string& rows) {
    return x_engine.texts("SELECT (" + select + ")::VARCHAR FROM (" + rows + ")")[0][0];
  }

  test::Engine x_engine;
};

std::string values_of(const std::string& type, int rows) {
  return "SELECT CASE WHEN hash(i) % 7 = 0 THEN NULL ELSE (hash(i * 3) % 97)::" + type +
         " END AS v FROM range(" + std::to_string(rows) + ") t(i)";
}

TEST_F(GaugeTest, AddsUpAsTheEngineDoes) {
  for (const auto& type : kGaugedTypes) {
    for (const int rows : {0, 1, 100, 30000}) {
      const auto sql = values_of(type, rows);
      const auto read = gauge(sql, type, {});
      EXPECT_EQ(std::to_string(read.values), told("count(v)", sql)) << type;
      if (read.values == 0) continue;
      EXPECT_EQ(read.sum, told("sum(v)", sql)) << type << " x " << rows;
    }
  }
}

TEST_F(GaugeTest, AddsUpTheGreatestAndTheLeastWithoutOverflow) {
  const std::string sql =
      "SELECT CASE i % 3 WHEN 0 THEN -9223372036854775808 ELSE 9223372036854775807 END::BIGINT AS "
      "v FROM range(9000) t(i)";
  EXPECT_EQ(gauge(sql, "BIGINT", {}).sum, told("sum(v)", sql));
  const std::string great = "SELECT 18446744073709551615::UBIGINT AS v FROM range(9000)";
  EXPECT_EQ(gauge(great, "UBIGINT", {}).sum, told("sum(v::HUGEINT)", great));
}

TEST_F(GaugeTest, PartsValuesWhereTheEngineComparesThemSo) {
  for (const auto& type : kGaugedTypes) {
    for (const int rows : {1, 5000, 30000}) {
      const auto sql = values_of(type, rows);
      for (const char* at : {"-1", "0", "12", "12.5", "96", "1e30", "-1e50"}) {
        const auto read = gauge(sql, type, {{at, false}, {at, true}});
        for (const auto& [split, sides] : read.splits) {
          const auto low = std::string("v ") + (split.takes_at ? "<= " : "< ") + at;
          EXPECT_EQ(std::to_string(sides.low), told("count(*) FILTER (" + low + ")", sql))
              << type << at;
          const auto shown = [&](WholeDigits digits) {
            const ExactDecimal number{digits, read.scale.value_or(0)};
            return std::stod(number.text());
          };
          if (sides.low > 0) {
            const auto most = told("max(v) FILTER (" + low + ")", sql);
            EXPECT_EQ(shown(sides.greatest_low), std::stod(most)) << type << at;
          }
          if (sides.low < read.values) {
            const auto least = told("min(v) FILTER (NOT " + low + ")", sql);
            EXPECT_EQ(shown(sides.least_high), std::stod(least)) << type << at;
          }
        }
      }
    }
  }
}

TEST_F(GaugeTest, PartsValuesThatADoubleCannotTellApart) {
  const std::string sql = "SELECT 9007199254740990 + i AS v FROM range(5) t(i)";
  const auto read = gauge(sql, "BIGINT", {{"9007199254740993", false}, {"9007199254740993", true}});
  EXPECT_EQ(read.splits[0].second.low, 3);
  EXPECT_EQ(read.splits[1].second.low, 4);
  EXPECT_EQ(quantile_spot(read, 0.75)->value->text(), "9007199254740993");
  EXPECT_EQ(quantile_spot(read, 0.625)->value->text(), "9007199254740992.5");
}

TEST_F(GaugeTest, SaysOnWhichSideOfABoundAQuantileLies) {
  for (const int rows : {1, 2, 3, 4000, 4097, 9000}) {
    const auto sql =
        "SELECT ((hash(i) % 50) * 2)::BIGINT AS v FROM range(" + std::to_string(rows) + ") t(i)";
    for (const double share : {0.0, 0.25, 0.5, 0.9, 0.95, 1.0}) {
      const double exact =
          std::stod(told("quantile_cont(v::DOUBLE, " + std::to_string(share) + "::DOUBLE)", sql));
      for (const double bound : {0.0, 1.0, 24.0, 49.0, 50.0, 90.0, 98.0, 99.0}) {
        const auto at = std::to_string(bound);
        const auto spot =
            quantile_spot(gauge(sql, "BIGINT", {{at, false}, {at, true}}), share).value();
        if (spot.value) {
          EXPECT_NEAR(std::stod(spot.value->text()), exact, 1e-9);
          continue;
        }
        const double low = spot.low ? std::stod(spot.low->text()) : -HUGE_VAL;
        const double high = spot.high ? std::stod(spot.high->text()) : HUGE_VAL;
        EXPECT_LE(low, exact);
        EXPECT_GE(high, exact);
        EXPECT_EQ(low >= bound, exact >= bound) << rows << ' ' << share << ' ' << bound;
        EXPECT_EQ(high >= bound, exact >= bound) << rows << ' ' << share << ' ' << bound;
        EXPECT_EQ(low > bound, exact > bound) << rows << ' ' << share << ' ' << bound;
        EXPECT_EQ(high > bound, exact > bound) << rows << ' ' << share << ' ' << bound;
      }
    }
  }
}

TEST_F(GaugeTest, HasNoQuantileOfNoValues) {
  EXPECT_FALSE(quantile_spot(gauge("SELECT NULL::INTEGER AS v", "INTEGER", {}), 0.5).has_value());
}

TEST(GaugedTypes, AreWholeNumbersAndDecimalsThatFitAWord) {
  for (const auto& type : kGaugedTypes) EXPECT_TRUE(has_gauge(data::parse_type(type).value()));
  for (const char* type : {"HUGEINT", "UHUGEINT", "DECIMAL(19,2)", "DOUBLE", "FLOAT", "DATE",
                           "VARCHAR", "BOOLEAN", "TIMESTAMP"}) {
    EXPECT_FALSE(has_gauge(data::parse_type(type).value())) << type;
  }
}

}  // namespace
}  // namespace leat::kernels
