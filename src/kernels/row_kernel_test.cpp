#include "kernels/row_kernel.hpp"

#include <gmock/gmock.h>

#include "kernels/bits.hpp"
#include "support/engine_rows.hpp"

namespace leat::kernels {
namespace {

using data::Bound;
using data::KernelArgs;
using testing::HasSubstr;

/// Values that are null, extreme and close to every bound, many times a chunk.
std::string many(const std::string& values, const std::string& type) {
  return "SELECT CAST(v AS " + type + ") AS x FROM (SELECT unnest([" + values +
         "]) AS v), range(700)";
}

class RowKernelTest : public testing::Test {
 protected:
  /// Judges column x of `rows` by kernel and by SQL and counts the rows that both fail.
  std::uint64_t failing(const std::string& rows, const std::string& kernel,
                        const KernelArgs& args) {
    const auto schema = x_engine.query("SELECT * FROM (" + rows + ") LIMIT 0");
    const auto& column = schema.columns[0];
    const auto sql = sql_form(kernel, column, args);
    EXPECT_TRUE(sql.ok()) << sql.error().text();
    const auto made = make_kernel(kernel, column.type, args);
    EXPECT_TRUE(made.ok()) << made.error().text();
    const auto& judge = *made.value();
    EXPECT_NE(&judge, nullptr) << "no kernel for " << data::sql_of(column.type);
    std::uint64_t failed = 0;
    x_engine.query(
        "SELECT x, coalesce(" + sql.value() + ", true) AS passes, x::VARCHAR FROM (" + rows + ")",
        [&](const auto& columns, std::uint32_t count) {
          std::vector<std::uint64_t> fails(words_of(count) + 1, ~std::uint64_t{0});
          judge.judge(columns[0], count, fails.data());
          EXPECT_EQ(fails[words_of(count)], ~std::uint64_t{0}) << "wrote too far";
          EXPECT_EQ(fails[words_of(count) - 1] & ~row_mask(words_of(count) - 1, count), 0u);
          for (std::uint32_t row = 0; row < count; ++row) {
            const bool fail = ((fails[row / 64] >> (row % 64)) & 1) != 0;
            const bool passes = columns[1].template as<bool>()[row];
            const bool valid = columns[2].is_valid(row);
            ASSERT_EQ(fail, !passes) << kernel << " of " << (valid ? columns[2].text(row) : "NULL")
                                     << " as " << data::sql_of(column.type) << ": " << sql.value();
            failed += fail;
          }
        });
    return failed;
  }

  std::string refusal(const std::string& kernel, const std::string& type, const KernelArgs& args) {
    const auto parsed = data::parse_type(type);
    const auto sql = sql_form(kernel, {"x", parsed.value()}, args);
    return sql.ok() ? "nothing refused" : sql.error().text();
  }

  test::Engine x_engine;
};

KernelArgs between(const std::string& min, const std::string& max, bool exclusive = false) {
  KernelArgs args;
  if (!min.empty()) args.min = Bound{min, exclusive};
  if (!max.empty()) args.max = Bound{max, exclusive};
  return args;
}

KernelArgs values(std::vector<std::string> accepted) {
  KernelArgs args;
  args.values = std::move(accepted);
  return args;
}

KernelArgs type_of(const std::string& type) {
  KernelArgs args;
  args.type = data::parse_type(type).value();
  return args;
}

KernelArgs regex(const std::string& pattern) {
  KernelArgs args;
  args.pattern = pattern;
  return args;
}

TEST_F(RowKernelTest, not_null_fails_nulls_alone) {
  EXPECT_EQ(failing(many("1, NULL, 3, NULL, NULL", "INTEGER"), "not_null", {}), 2100u);
  EXPECT_EQ(failing("SELECT 'a' AS x FROM range(5000)", "not_null", {}), 0u);
  EXPECT_EQ(failing("SELECT [1] AS x FROM range(3000)", "not_null", {}), 0u);
}

struct RangeCase {
  std::string type;
  std::string values;
  std::vector<std::string> bounds;
};

class RangeTest : public RowKernelTest, public testing::WithParamInterface<RangeCase> {};

TEST_P(RangeTest, agrees_with_the_engine_at_every_bound) {
  auto bounds = GetParam().bounds;
  bounds.emplace_back("");
  const auto rows = many(GetParam().values, GetParam().type);
  for (const auto& min : bounds) {
    for (const auto& max : bounds) {
      failing(rows, "range", between(min, max));
      failing(rows, "range", between(min, max, true));
    }
  }
}

const std::vector<std::string> kWholeBounds{
    "0", "-1", "100", "0.5", "-0.5", "127", "-128.0", "1e3", "99999999999999999999999", "-1e60"};
const std::vector<std::string> kFloatBounds{"0", "-0.0", "0.1", "-1e30", "1e30", "16777217"};

INSTANTIATE_TEST_SUITE_P(
    types, RangeTest,
    testing::Values(
        RangeCase{"TINYINT", "NULL, -128, -127, -1, 0, 1, 99, 100, 101, 127", kWholeBounds},
        RangeCase{"UTINYINT", "NULL, 0, 1, 99, 100, 101, 127, 128, 254, 255", kWholeBounds},
        RangeCase{"SMALLINT", "NULL, -32768, -129, -128, 0, 1, 100, 1000, 32767", kWholeBounds},
        RangeCase{"USMALLINT", "NULL, 0, 100, 1000, 1001, 65535", kWholeBounds},
        RangeCase{"INTEGER", "NULL, -2147483648, -1, 0, 1, 100, 2147483647", kWholeBounds},
        RangeCase{"UINTEGER", "NULL, 0, 1, 100, 4294967295", kWholeBounds},
        RangeCase{"BIGINT", "NULL, -9223372036854775808, -1, 0, 1, 100, 1000, 9223372036854775807",
                  kWholeBounds},
        RangeCase{"UBIGINT", "NULL, 0, 1, 100, 18446744073709551615", kWholeBounds},
        RangeCase{"HUGEINT",
                  "NULL, '-170141183460469231731687303715884105728', '-1', '0', '100', "
                  "'170141183460469231731687303715884105727', '99999999999999999999999'",
                  kWholeBounds},
        RangeCase{"UHUGEINT", "NULL, '0', '100', '340282366920938463463374607431768211455'",
                  kWholeBounds},
        RangeCase{"DECIMAL(4,1)",
                  "NULL, -999.9, -0.5, -0.6, 0, 0.4, 0.5, 100, 100.1, 999.9",
                  {"0.5", "0.55", "-0.55", "100", "1e5", "-1e5"}},
        RangeCase{"DECIMAL(9,2)",
                  "NULL, -0.01, 0, 0.01, 99.99, 100.00, 9999999.99",
                  {"0", "0.001", "-0.001", "99.99", "99.995", "1e9"}},
        RangeCase{"DECIMAL(18,4)",
                  "NULL, '-1.0001', '-1', '0', '12345678901234.5678'",
                  {"-1", "-1.00005", "12345678901234.5678", "1e14"}},
        RangeCase{"DECIMAL(38,10)",
                  "NULL, '-1', '0', '1234567890123456789012345678.0123456789'",
                  {"-1", "1234567890123456789012345678.0123456789", "1e28", "1e38"}},
        RangeCase{"DOUBLE",
                  "NULL, 'NaN', 'inf', '-inf', '0', '-0', '0.1', '1e30', '-1e30', '5e-324'",
                  kFloatBounds},
        RangeCase{"FLOAT", "NULL, 'NaN', 'inf', '-inf', '0', '-0', '0.1', '1e30', '16777216'",
                  kFloatBounds},
        RangeCase{"DATE",
                  "NULL, '2024-01-30', '2024-01-31', '2024-02-01', '1969-12-31', '0001-01-01', "
                  "'infinity', '-infinity', '9999-12-31'",
                  {"2024-01-31", "1969-12-31", "0001-01-01"}},
        RangeCase{"TIMESTAMP",
                  "NULL, '2024-01-31', '2024-01-31 00:00:00.000001', '1969-12-31 23:59:59.999999', "
                  "'infinity', '-infinity'",
                  {"2024-01-31", "2024-01-31 00:00:00.000001", "1969-12-31T23:59:59.999999",
                   "1969-12-31 23:59"}},
        RangeCase{"TIMESTAMPTZ",
                  "NULL, '2024-01-31 00:00:00+00', '2024-01-30 23:00:00-01', "
                  "'1960-01-01 00:00:00+00'",
                  {"2024-01-31", "2024-01-31 01:00:00+01:00", "2024-01-30T22:00:00-02",
                   "2024-01-31 00:00:00Z"}}),
    [](const auto& given) {
      std::string name = given.param.type;
      std::replace_if(name.begin(), name.end(), [](char c) { return !isalnum(c); }, '_');
      return name;
    });

TEST_F(RowKernelTest, range_counts_what_lies_outside) {
  const auto rows = many("NULL, -1, 0, 50, 100, 101", "INTEGER");
  EXPECT_EQ(failing(rows, "range", between("0", "100")), 1400u);
  EXPECT_EQ(failing(rows, "range", between("0", "100", true)), 2800u);
  EXPECT_EQ(failing(rows, "range", between("0.2", "")), 1400u);
  EXPECT_EQ(failing(rows, "range", between("200", "100")), 3500u);
  EXPECT_EQ(failing(rows, "range", between("", "")), 0u);
}

TEST_F(RowKernelTest, NaN_is_above_every_maximum_and_no_minimum) {
  EXPECT_EQ(failing(many("'NaN'", "DOUBLE"), "range", between("0", "")), 0u);
  EXPECT_EQ(failing(many("'NaN'", "DOUBLE"), "range", between("", "1e300")), 700u);
}

TEST_F(RowKernelTest, a_bound_that_is_no_value_is_refused_with_what_to_write) {
  EXPECT_THAT(refusal("range", "int", between("ten", "")), HasSubstr("`ten` is no bound"));
  EXPECT_THAT(refusal("range", "date", between("31.01.2024", "")), HasSubstr("no bound"));
  EXPECT_THAT(refusal("range", "date", between("2024-02-30", "")), HasSubstr("no bound"));
  EXPECT_THAT(refusal("range", "float", between("1e39", "")), HasSubstr("no bound"));
  EXPECT_THAT(refusal("range", "double", between("nan", "")), HasSubstr("no bound"));
  EXPECT_THAT(refusal("range", "varchar", between("0", "1")), HasSubstr("`x` is VARCHAR"));
  EXPECT_FALSE(make_kernel("range", {data::TypeId::int32, 0, 0, {}}, between("x", "")).ok());
  EXPECT_EQ(make_kernel("range", {data::TypeId::varchar, 0, 0, {}}, between("0", "")).value(),
            nullptr);
}

TEST_F(RowKernelTest, accepted_values_agree_with_IN) {
  const auto ints = many("NULL, -128, -1, 0, 1, 2, 3, 127", "TINYINT");
  EXPECT_EQ(failing(ints, "accepted_values", values({"0", "1"})), 3500u);
  EXPECT_EQ(failing(ints, "accepted_values",
                    values({"0", "1", "2", "3", "4", "5", "6", "7", "8", "-128"})),
            1400u);
  EXPECT_EQ(failing(many("NULL, '1', '-1'", "HUGEINT"), "accepted_values", values({"1.0", "1e0"})),
            700u);
  const auto texts = many(
      "NULL, '', 'A', 'AB', 'a', 'A longer text than 12', 'tätigkeit', "
      "'twelve bytes', 'twelve byteß'",
      "VARCHAR");
  EXPECT_EQ(failing(texts, "accepted_values", values({"A", "AB"})), 4200u);
  EXPECT_EQ(failing(texts, "accepted_values", values({""})), 4900u);
  EXPECT_EQ(failing(texts, "accepted_values", values({"twelve bytes", "tätigkeit"})), 4200u);
  EXPECT_EQ(failing(texts, "accepted_values", values({"A longer text than 12", "A"})), 4200u);
  EXPECT_EQ(
      failing(texts, "accepted_values", values({"1", "2", "3", "4", "5", "6", "7", "8", "A"})),
      4900u);
}

TEST_F(RowKernelTest, a_value_that_the_column_can_never_hold_is_refused) {
  EXPECT_THAT(refusal("accepted_values", "int", values({"1", "two"})), HasSubstr("`two`"));
  EXPECT_THAT(refusal("accepted_values", "tinyint", values({"128"})), HasSubstr("TINYINT"));
  EXPECT_THAT(refusal("accepted_values", "int", values({"1.5"})), HasSubstr("INTEGER"));
  EXPECT_THAT(refusal("accepted_values", "decimal(4,1)", values({"0.25"})), HasSubstr("0.25"));
  EXPECT_THAT(refusal("accepted_values", "decimal(4,1)", values({"1000"})), HasSubstr("1000"));
  EXPECT_THAT(refusal("accepted_values", "boolean", values({"maybe"})), HasSubstr("BOOLEAN"));
  EXPECT_THAT(refusal("accepted_values", "uuid", values({"x"})), HasSubstr("UUID"));
}

TEST_F(RowKernelTest, values_of_types_without_a_kernel_are_judged_by_SQL) {
  for (const auto& [type, literal, value] :
       std::vector<std::tuple<std::string, std::string, std::string>>{
           {"decimal(4,1)", "1.5", "1.5"},
           {"date", "2024-01-31", "DATE '2024-01-31'"},
           {"timestamp", "2024-01-31T10:00", "TIMESTAMP '2024-01-31 10:00:00'"},
           {"timestamptz", "2024-01-31 10:00+02:00", "TIMESTAMPTZ '2024-01-31 08:00:00+00'"},
           {"boolean", "TRUE", "true"},
           {"double", "+1e3", "1000::DOUBLE"}}) {
    const auto parsed = data::parse_type(type).value();
    EXPECT_EQ(make_kernel("accepted_values", parsed, values({literal})).value(), nullptr);
    const auto sql = sql_form("accepted_values", {"x", parsed}, values({literal})).value();
    const auto rows =
        x_engine.texts("SELECT (" + sql + ")::VARCHAR FROM (SELECT " + value + " AS x)");
    EXPECT_EQ(rows[0][0], "true") << sql;
  }
}

TEST_F(RowKernelTest, patterns_agree_with_the_engine) {
  const auto texts = many(
      "NULL, '', 'a', 'AB-12', E'AB-12\\n', E'x\\nAB-12', 'ab-12', 'ÄÖ-12', "
      "repeat('a', 1000)",
      "VARCHAR");
  EXPECT_EQ(failing(texts, "pattern", regex("^[A-Z]{2}-[0-9]+$")), 4900u);
  for (const auto* pattern : {"", "a", "^a", "a$", "^a.*$", "(?i)AB", "(?s)x.AB", "\\pL\\pL-",
                              "^(a|b)*$", "\\bAB\\b", ".", "^$", "\\d+", "(a*)*b"}) {
    failing(texts, "pattern", regex(pattern));
  }
  EXPECT_THAT(refusal("pattern", "varchar", regex("(a")), HasSubstr("missing )"));
  EXPECT_THAT(refusal("pattern", "varchar", regex("(?=a)")), HasSubstr("not a regular expression"));
  EXPECT_THAT(refusal("pattern", "int", regex("a")), HasSubstr("`x` is INTEGER"));
  EXPECT_THAT(refusal("pattern", "varchar", regex(std::string(5000, 'a'))), HasSubstr("4,096"));
  EXPECT_FALSE(make_kernel("pattern", {}, regex("((a{100}){100}){100}")).ok());
}

TEST_F(RowKernelTest, length_counts_characters) {
  const auto texts =
      many("NULL, '', 'a', 'äöü', '日本語です', '👩‍👩‍👧'", "VARCHAR");
  EXPECT_EQ(failing(texts, "length", between("3", "5")), 1400u);
  failing(texts, "length", between("", "0"));
  failing(texts, "length", between("1", "", true));
  EXPECT_THAT(refusal("length", "varchar", between("-1", "")), HasSubstr("no length"));
}

TEST_F(RowKernelTest, negations_fail_what_their_twins_pass_but_no_null) {
  const auto ints = many("NULL, 0, 1, 2", "INTEGER");
  EXPECT_EQ(failing(ints, "not_accepted_values", values({"0", "1"})), 1400u);
  const auto texts = many("NULL, '', 'a', 'b'", "VARCHAR");
  EXPECT_EQ(failing(texts, "not_accepted_values", values({"a", ""})), 1400u);
  EXPECT_EQ(failing(texts, "not_pattern", regex("^[a-z]$")), 1400u);
  EXPECT_THAT(refusal("not_pattern", "int", regex("a")), HasSubstr("`not_pattern` judges text"));
}

TEST_F(RowKernelTest, empty_is_null_nothing_and_blanks) {
  const auto texts =
      many("NULL, '', ' ', E' \\t\\n\\f\\r' || chr(11), 'a', ' a ', chr(160), '.'", "VARCHAR");
  EXPECT_EQ(failing(texts, "not_empty", {}), 2800u);
  EXPECT_THAT(refusal("not_empty", "int", {}), HasSubstr("judges text, blobs and lists"));
}

TEST_F(RowKernelTest, NaN_is_neither_positive_nor_non_negative) {
  for (const auto* type : {"DOUBLE", "FLOAT"}) {
    const auto rows = many("NULL, 'NaN', 'inf', '-inf', '0', '-0', '5e-40', '-5e-40'", type);
    EXPECT_EQ(failing(rows, "positive", {}), 3500u) << type;
    EXPECT_EQ(failing(rows, "non_negative", {}), 2100u) << type;
  }
  for (const auto* type : {"TINYINT", "BIGINT", "HUGEINT", "DECIMAL(9,2)", "DECIMAL(38,10)"}) {
    const auto rows = many("NULL, '0', '1', '-1'", type);
    EXPECT_EQ(failing(rows, "positive", {}), 1400u) << type;
    EXPECT_EQ(failing(rows, "non_negative", {}), 700u) << type;
  }
  EXPECT_EQ(failing(many("NULL, 0, 1, 255", "UTINYINT"), "non_negative", {}), 0u);
  EXPECT_THAT(refusal("positive", "varchar", {}), HasSubstr("`positive` judges numbers"));
}

/// What `SELECT value` gives is held by the type without loss, or is not.
TEST_F(RowKernelTest, a_value_of_a_type_loses_nothing) {
  const auto passes = [&](const std::string& value, const std::string& type) {
    const auto schema = x_engine.query("SELECT " + value + " AS x");
    const auto sql = sql_form("type", {"x", schema.columns[0].type}, type_of(type)).value();
    return x_engine.texts("SELECT (" + sql + ")::VARCHAR FROM (SELECT " + value + " AS x)")[0][0];
  };
  for (const auto* good : {"'12'", "' -7 '", "'2.0'", "'5.'", "1.0::DOUBLE", "NULL::VARCHAR",
                           "100::BIGINT", "3.00::DECIMAL(9,2)", "true"}) {
    EXPECT_EQ(passes(good, "int"), "true") << good;
  }
  for (const auto* bad : {"'1.5'", "'1e2'", "''", "'3000000000'", "1.5::DOUBLE", "'NaN'::DOUBLE",
                          "3000000000::BIGINT", "0.5::DECIMAL(9,2)", "DATE '2024-01-31'"}) {
    EXPECT_EQ(passes(bad, "int"), "false") << bad;
  }
  EXPECT_EQ(passes("'1.250'", "decimal(4,2)"), "true");
  EXPECT_EQ(passes("'1.255'", "decimal(4,2)"), "false");
  EXPECT_EQ(passes("16777217::BIGINT", "float"), "false");
  EXPECT_EQ(passes("'2024-01-31'", "date"), "true");
  EXPECT_EQ(passes("'2024-01-31 10:00:00'", "date"), "false");
  EXPECT_EQ(passes("TIMESTAMP '2024-01-31 10:00:00'", "date"), "false");
  EXPECT_EQ(passes("TIMESTAMP '2024-01-31'", "date"), "true");
}

const std::string kCastTexts =
    "NULL, '', ' ', '0', '-0', '+1', '1', ' 7 ', '007', '1.5', '1.', '.5', '.', '-', '1e2', "
    "'1E-2', '1e', '1_000', '_1', '1__0', '0x1F', '0b11', '127', '128', '-128', '-129', '127.4', "
    "'127.5', '-128.4', '-128.5', '-1.28e2', '32767', '32768', '-32768', '2147483647', "
    "'2147483648', "
    "'-2147483648', '9223372036854775807', '9223372036854775808', '-9223372036854775808', "
    "'-9223372036854775809', '-9223372036854775808.4', '999999999999999999', '1e400', '-1e400', "
    "'1e38', '1e39', 'nan', 'NaN', '-nan', '+nan', ' nan ', 'nan(x)', 'nan(', 'nano', 'banana', "
    "'inf', '-Infinity', 'infinit', 'true', 'TRUE', 't', 'f', 'False', 'yes', 'no', 'y', 'n', "
    "'on', 'off', 'tru', ' true', '2', '2024-01-31', '2024-02-30', '2023-02-29', '2024-02-29', "
    "'2024-1-1', '2024/01/31', '31/01/2024', '2024-01-31 ', ' 2024-01-31', '2024-01-31x', "
    "'20240131', '0000-01-01', '0001-01-01', '9999-12-31', '10000-01-01', '-1-01-01', "
    "'2024-01-31 (BC)', '0044-03-15 (BC)', 'infinity', '-infinity', 'epoch', '2024-13-01', "
    "' Epoch ', 'epochs', '1970-01-01', '1970-1-1', '1970-1-1x', '1970', '01970-1-1', "
    "'1970-01-01T00:00Z', '1969-12-31 23:00:00-01', '1969-12-31 23:00:00-1x', "
    "'2024-01-31 10:00:00', '2024-01-31T10:00:00', '2024-01-31 10:00', '2024-01-31 10', "
    "'2024-01-31 25:00:00', '2024-01-31 24:00:00', '2024-01-31 23:59:60', "
    "'2024-01-31 10:00:00.123456', '2024-01-31 10:00:00.1234567', '2024-01-31 10:00:00.', "
    "'2024-01-31 10:00:00Z', '2024-01-31 10:00:00+02', '2024-01-31 10:00:00+02:00', "
    "'2024-01-31 10:00:00 UTC', '2024-01-31 10:00:00 Europe/Berlin', '2024-01-31 10:00:00abc', "
    "E'1\\n', E'\\t5', '５', 'ä', '1' || chr(0), '1 2', '--1', '1-', repeat('9', 40), "
    "repeat('0', 40) || '1', '123456789012345678.5', '12345678901234567890.123'";

class CastableTest : public RowKernelTest, public testing::WithParamInterface<const char*> {};

TEST_P(CastableTest, agrees_with_the_engine_on_good_bad_and_odd_texts) {
  EXPECT_GT(failing("SELECT unnest([" + kCastTexts + "]) AS x", "castable", type_of(GetParam())),
            10u);
}

INSTANTIATE_TEST_SUITE_P(types, CastableTest,
                         testing::Values("boolean", "tinyint", "smallint", "int", "bigint", "float",
                                         "double", "date", "timestamp"));

/// Texts made of the characters that numbers and dates are made of.
TEST_P(CastableTest, agrees_with_the_engine_on_random_texts) {
  const auto rows =
      "SELECT CASE (hash(i, 5) % 3)::INT WHEN 0 THEN a WHEN 1 THEN '2024-0' || a ELSE "
      "'2024-01-31 1' || a END AS x FROM (SELECT i, string_agg(substr('0123456789-.: e+T', "
      "(hash(i, j) % 17)::INT + 1, 1), '') AS a FROM range(20000) t(i), range(7) u(j) "
      "WHERE hash(i, j, 3) % 5 > 0 GROUP BY i)";
  failing(rows, "castable", type_of(GetParam()));
}

TEST_F(RowKernelTest, castable_leaves_to_SQL_what_only_the_engine_can_tell) {
  const data::Type text;
  for (const auto* type : {"decimal(10,2)", "timestamptz", "time", "uuid", "hugeint", "uint8"}) {
    if (const auto parsed = data::parse_type(type); !parsed.ok()) continue;
    EXPECT_EQ(make_kernel("castable", text, type_of(type)).value(), nullptr) << type;
  }
  auto args = type_of("date");
  args.format = "%d/%m/%Y";
  EXPECT_EQ(make_kernel("castable", text, args).value(), nullptr);
  const auto sql = sql_form("castable", {"x", text}, args).value();
  const auto rows =
      x_engine.texts("SELECT (" + sql +
                     ")::VARCHAR FROM (SELECT unnest(['31/01/2024', '2024-01-31', NULL]) AS x)");
  EXPECT_EQ(rows[0][0], "true");
  EXPECT_EQ(rows[1][0], "false");
  EXPECT_EQ(rows[2][0], "true");
  args.type = data::parse_type("int").value();
  EXPECT_THAT(sql_form("castable", {"x", text}, args).error().text(), HasSubstr("format"));
}

}  // namespace
}  // namespace leat::kernels
