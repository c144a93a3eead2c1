#include "kernels/statistics.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <numeric>
#include <random>
#include <set>

#include "support/engine_rows.hpp"

namespace leat::kernels {
namespace {

class StatisticsTest : public testing::Test {
 protected:
  Summary summary_of(const std::string& sql) {
    Statistics statistics(x_engine.query("SELECT * FROM (" + sql + ") LIMIT 0"));
    x_engine.query(sql, [&](const auto& columns, std::uint32_t rows) {
      statistics.update(columns, rows, nullptr);
    });
    return statistics.summary();
  }

  std::string checksum_of(const std::string& sql) { return summary_of(sql).checksum; }

  test::Engine x_engine;
};

/// One random column of every type, a tenth null, with the extremes of the type.
std::string random_rows(std::uint64_t seed, std::uint64_t rows) {
  const auto hash = "hash(i, " + std::to_string(seed) + ")";
  const auto column = [&](const std::string& name, const std::string& value) {
    return "CASE WHEN hash(i, '" + name + std::to_string(seed) + "') % 10 = 0 THEN NULL ELSE " +
           value + " END AS " + name + ", ";
  };
  return "SELECT " + column("b", "(" + hash + " % 2 = 0)") +
         column("i8", "((" + hash + " % 256)::INT - 128)::TINYINT") +
         column("u16", "(" + hash + " % 65536)::USMALLINT") +
         column("i32", "((" + hash + " % 4294967296)::BIGINT - 2147483648)::INTEGER") +
         column("i64", "(" + hash + "::HUGEINT - 9223372036854775808)::BIGINT") +
         column("u64", hash) + column("i128", "(" + hash + "::HUGEINT * -3037000499)") +
         column("u128", "(" + hash + "::UHUGEINT * 18446744073709551615::UHUGEINT)") +
         column("d4", "((" + hash + " % 9999)::INT / 10.0)::DECIMAL(4,1)") +
         column("d18", "((" + hash + " % 1000000)::INT / 100.0)::DECIMAL(18,2)") +
         column("d38", "(" + hash + "::HUGEINT)::DECIMAL(38,5)") +
         column("f32", "(" + hash + " % 1000)::FLOAT / 7") +
         column("f64", "CASE " + hash + " % 50 WHEN 0 THEN 'NaN'::DOUBLE WHEN 1 THEN -0.0 ELSE (" +
                           hash + " % 1000)::DOUBLE / 7 - 60 END") +
         column("t", "repeat('x', (" + hash + " % 20)::INT) || " + hash + "::VARCHAR") +
         column("same", "'same prefix ' || (" + hash + " % 7)::VARCHAR") +
         column("bl", "(" + hash + "::VARCHAR)::BLOB") +
         column("da", "DATE '1900-01-01' + (" + hash + " % 90000)::INT") +
         column("ti", "TIME '00:00:00' + to_microseconds((" + hash + " % 86400000000)::BIGINT)") +
         column("ts",
                "make_timestamp((" + hash + " % 4000000000000000)::BIGINT - 2000000000000000)") +
         column("tz", "make_timestamptz((" + hash + " % 4000000000000000)::BIGINT)") +
         column("iv", "to_days((" + hash + " % 100)::INT) + to_hours((" + hash + " % 90)::INT)") +
         column("uu", "('00000000-0000-0000-' || printf('%04x', (" + hash +
                          " % 65536)::INT) || "
                          "'-000000000000')::UUID") +
         column("js", "('{\"a\": ' || (" + hash + " % 30)::VARCHAR || '}')::JSON") +
         column("li", "[" + hash + " % 3]") + "NULL::INTEGER AS never FROM range(" +
         std::to_string(rows) + ") t(i)";
}

TEST_F(StatisticsTest, are_what_the_engine_says_of_every_type) {
  x_engine.query("SET TimeZone = 'UTC'");
  for (const std::uint64_t rows : {0, 1, 63, 64, 65, 2048, 2049, 30'000}) {
    x_engine.query("CREATE OR REPLACE TABLE t AS " + random_rows(rows, rows));
    const auto summary = summary_of("SELECT * FROM t");
    EXPECT_EQ(summary.rows, rows);
    for (const auto& column : summary.columns) {
      if (column.name == "li") continue;
      const auto expected =
          x_engine.texts("SELECT (count(*) - count(" + column.name + "))::VARCHAR, min(" +
                         column.name + ")::VARCHAR, max(" + column.name +
                         ")::VARCHAR, count(DISTINCT " + column.name + ")::VARCHAR FROM t")[0];
      EXPECT_EQ(std::to_string(column.nulls), expected[0]) << column.name;
      // -0.0 is 0.0 here, and equal intervals may be printed in two ways.
      if (column.name != "iv") {
        EXPECT_EQ(column.min.value_or("NULL"), expected[1]) << column.name << " of " << rows;
        EXPECT_EQ(column.max.value_or("NULL"), expected[2]) << column.name << " of " << rows;
      }
      const double distinct = std::stod(expected[3]);
      EXPECT_NEAR(double(column.distinct), distinct, std::max(2.0, distinct * 0.065))
          << column.name << " of " << rows;
    }
  }
}

TEST_F(StatisticsTest, name_types_and_count_only_nulls_of_nested_ones) {
  const auto summary = summary_of(
      "SELECT 1::DECIMAL(10,2) AS d, CASE WHEN i % 4 = 0 THEN [i] END AS l FROM range(100) t(i)");
  EXPECT_EQ(summary.columns[0].type, "DECIMAL(10,2)");
  EXPECT_EQ(summary.columns[1].nulls, 75u);
  EXPECT_EQ(summary.columns[1].distinct, 0u);
  EXPECT_FALSE(summary.columns[1].min.has_value());
}

TEST_F(StatisticsTest, checksum_is_of_the_multiset_of_rows) {
  const auto rows = random_rows(1, 5000);
  const auto checksum = checksum_of(rows);
  EXPECT_EQ(checksum.size(), 16u);
  EXPECT_EQ(checksum_of("SELECT * FROM (" + rows + ") ORDER BY t, i64"), checksum);
  EXPECT_NE(checksum_of("(" + rows + ") UNION ALL (SELECT * FROM (" + rows + ") LIMIT 1)"),
            checksum);
  EXPECT_NE(checksum_of("SELECT * FROM (" + rows + ") LIMIT 4999"), checksum);
}

TEST_F(StatisticsTest, checksum_tells_columns_nulls_and_values_apart) {
  const auto base = checksum_of("SELECT 1 AS a, 2 AS b");
  EXPECT_NE(base, checksum_of("SELECT 2 AS a, 1 AS b"));
  EXPECT_NE(base, checksum_of("SELECT 1 AS a, NULL::INT AS b"));
  EXPECT_NE(checksum_of("SELECT NULL::INT AS a, 1 AS b"),
            checksum_of("SELECT 1 AS a, NULL::INT AS b"));
  EXPECT_NE(checksum_of("SELECT '' AS a"), checksum_of("SELECT NULL::VARCHAR AS a"));
  EXPECT_NE(checksum_of("SELECT 'a' AS a, 'bc' AS b"), checksum_of("SELECT 'ab' AS a, 'c' AS b"));
  EXPECT_NE(checksum_of("SELECT 0 AS a"), checksum_of("SELECT NULL::INT AS a"));
  EXPECT_NE(checksum_of("SELECT [1] AS a"), checksum_of("SELECT NULL::INT[] AS a"));
  EXPECT_EQ(checksum_of("SELECT 0.0::DOUBLE AS a"), checksum_of("SELECT '-0.0'::DOUBLE AS a"));
  // Rows that trade their values: sums of plain column hashes would be the same.
  EXPECT_NE(checksum_of("SELECT * FROM (VALUES (1, 10), (2, 20))"),
            checksum_of("SELECT * FROM (VALUES (1, 20), (2, 10))"));
}

TEST_F(StatisticsTest, checksum_of_small_numbers_never_repeats) {
  std::set<std::string> seen;
  for (int a = -20; a < 20; ++a) {
    for (int b = -20; b < 20; ++b) {
      seen.insert(
          checksum_of("SELECT " + std::to_string(a) + " AS a, " + std::to_string(b) + " AS b"));
    }
  }
  EXPECT_EQ(seen.size(), 1600u);
}

/// Splits chunks at random, selects rows by number, merges parts in any order.
TEST_F(StatisticsTest, do_not_depend_on_how_rows_are_dealt) {
  const auto rows = random_rows(7, 20'000);
  const auto whole = summary_of(rows);
  std::mt19937 random(5);
  for (int round = 0; round < 4; ++round) {
    const auto schema = x_engine.query("SELECT * FROM (" + rows + ") LIMIT 0");
    std::vector<Statistics> parts;
    for (int i = 0; i < 5; ++i) parts.emplace_back(schema);
    x_engine.query(rows, [&](const auto& columns, std::uint32_t count) {
      std::vector<std::vector<std::uint32_t>> dealt(parts.size());
      for (std::uint32_t row = 0; row < count; ++row) dealt[random() % 5].push_back(row);
      for (std::size_t i = 0; i < parts.size(); ++i) {
        parts[i].update(columns, std::uint32_t(dealt[i].size()), dealt[i].data());
      }
    });
    for (std::size_t i = 1; i < parts.size(); ++i) parts[0].merge(parts[i]);
    const auto merged = parts[0].summary();
    EXPECT_EQ(merged.rows, whole.rows);
    EXPECT_EQ(merged.checksum, whole.checksum);
    for (std::size_t i = 0; i < whole.columns.size(); ++i) {
      EXPECT_EQ(merged.columns[i].nulls, whole.columns[i].nulls);
      EXPECT_EQ(merged.columns[i].distinct, whole.columns[i].distinct);
      EXPECT_EQ(merged.columns[i].min, whole.columns[i].min) << whole.columns[i].name;
      EXPECT_EQ(merged.columns[i].max, whole.columns[i].max) << whole.columns[i].name;
      EXPECT_EQ(merged.columns[i].quantiles.size(), whole.columns[i].quantiles.size());
    }
  }
}

TEST_F(StatisticsTest, quantiles_of_a_few_values_are_exact) {
  const auto summary = summary_of(
      "SELECT i::DECIMAL(10,2) / 2 AS half, DATE '1970-01-01' + i::INT "
      "AS day, 'x' AS t FROM range(1, 101) t(i)");
  EXPECT_THAT(summary.columns[0].quantiles,
              testing::ElementsAre(0.5, 2.5, 12.5, 25.0, 37.5, 47.5, 49.5));
  EXPECT_THAT(summary.columns[1].quantiles, testing::ElementsAre(1, 5, 25, 50, 75, 95, 99));
  EXPECT_TRUE(summary.columns[2].quantiles.empty());
}

TEST_F(StatisticsTest, a_histogram_spreads_between_the_first_and_the_last_percent) {
  const auto summary = summary_of(
      "SELECT i AS a, CASE WHEN i <= 3 THEN 1e9 ELSE 7 END AS b "
      "FROM range(1, 201) t(i)");
  const auto& even = summary.columns[0].histogram;
  ASSERT_TRUE(even);
  EXPECT_EQ(even->from, 2);
  EXPECT_EQ(even->to, 198);
  EXPECT_EQ(even->below, 0.005);
  EXPECT_EQ(even->above, 0.01);
  EXPECT_EQ(even->outside, 0);
  ASSERT_EQ(even->shares.size(), 20u);
  EXPECT_NEAR(std::accumulate(even->shares.begin(), even->shares.end(), 0.0), 0.985, 1e-9);
  for (const double share : even->shares) EXPECT_NEAR(share, 0.05, 0.0051);
  const auto& spike = summary.columns[1].histogram;
  ASSERT_TRUE(spike);
  EXPECT_EQ(spike->outside, 0.015);
}

TEST_F(StatisticsTest, infinities_have_quantiles_and_no_histogram) {
  const auto summary = summary_of("SELECT x FROM (VALUES ('inf'::DOUBLE), (1), (2)) t(x)");
  EXPECT_EQ(summary.columns[0].quantiles.size(), 7u);
  EXPECT_FALSE(summary.columns[0].histogram);
}

TEST_F(StatisticsTest, are_the_same_when_run_twice) {
  const auto rows = random_rows(3, 100'000);
  EXPECT_EQ(to_json(summary_of(rows)), to_json(summary_of(rows)));
}

TEST_F(StatisticsTest, survive_the_way_through_JSON) {
  auto summary = summary_of(random_rows(4, 1000));
  summary.columns[0].quantiles = {-INFINITY, 0.1, INFINITY};
  summary.columns[0].min = "quote \" and \n line, ü";
  const auto text = to_json(summary);
  const auto read = summary_from_json(text);
  ASSERT_TRUE(read.ok()) << read.error().text();
  EXPECT_EQ(to_json(*read), text);
  EXPECT_EQ(read->columns[0].quantiles, summary.columns[0].quantiles);
  EXPECT_EQ(read->columns[0].min, summary.columns[0].min);
}

TEST_F(StatisticsTest, have_one_spelling_in_JSON) {
  EXPECT_EQ(to_json(summary_of("SELECT 1::BIGINT AS a, NULL::VARCHAR AS b")),
            R"({"schema":"leat.statistics/1","rows":1,"checksum":")" +
                checksum_of("SELECT 1::BIGINT AS a, NULL::VARCHAR AS b") +
                R"(","columns":[{"name":"a","type":"BIGINT","nulls":0,"distinct":1,"min":"1",)"
                R"("max":"1","quantiles":[1.0,1.0,1.0,1.0,1.0,1.0,1.0],)"
                R"("histogram":{"from":1.0,"to":1.0,"below":0.0,"shares":[1.0],"above":0.0,)"
                R"("outside":0.0},"mean":1.0},{"name":"b",)"
                R"("type":"VARCHAR","nulls":1,"distinct":0,"min":null,"max":null,)"
                R"("quantiles":[]}]})");
}

TEST_F(StatisticsTest, broken_JSON_is_a_data_error) {
  for (const auto* text : {"", "{", "[]", "{}", R"({"schema":"leat.statistics/2"})",
                           R"({"schema":"leat.statistics/1","rows":-1})",
                           R"({"schema":"leat.statistics/1","rows":1,"checksum":"x"})"}) {
    const auto read = summary_from_json(text);
    ASSERT_FALSE(read.ok()) << text;
    EXPECT_EQ(read.error().fault(), Fault::data);
  }
}

}  // namespace
}  // namespace leat::kernels
