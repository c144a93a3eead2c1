#include <gmock/gmock.h>

#include "base/names.hpp"
#include "checks/rows/describe.hpp"
#include "checks/rows/named_formats.hpp"
#include "kernels/row_kernel.hpp"
#include "support/check_compiler.hpp"
#include "support/engine_rows.hpp"

namespace leat::checks::rows {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class RowChecksTest : public testing::Test {
 protected:
  RowChecksTest() { describe(x_catalog); }

  test::CompiledChecks compiled(const std::string& yaml) const {
    return test::compile_check(x_catalog, yaml, x_schema);
  }

  std::vector<std::string> complaints(const std::string& yaml) const {
    return compiled(yaml).complaints;
  }

  std::vector<Check> checks(const std::string& yaml) const {
    const auto out = compiled(yaml);
    EXPECT_THAT(out.complaints, IsEmpty()) << yaml;
    return out.checks;
  }

  Check one(const std::string& yaml) const {
    const auto all = checks(yaml);
    EXPECT_EQ(all.size(), 1u) << yaml;
    return all.empty() ? Check{} : all[0];
  }

  static const RowTest& test_of(const Check& check) { return std::get<RowTest>(check.test); }

  Catalog x_catalog;
  data::Schema x_schema = test::schema_of({{"a", "int"},
                                           {"b", "bigint"},
                                           {"name", "varchar"},
                                           {"day", "date"},
                                           {"Rate", "decimal(5,2)"},
                                           {"odd \"name\"", "varchar"},
                                           {"list", "int[]"}});
};

TEST_F(RowChecksTest, short_and_long_forms_say_the_same) {
  for (const auto* yaml : {"not_null: a", "not_null: [a]", "not_null: {column: a}",
                           "not_null: {columns: a}", "not_null: {columns: [a]}"}) {
    const auto check = one(yaml);
    EXPECT_EQ(check.id, "not_null(a)");
    EXPECT_EQ(check.name, "not_null(a)");
    EXPECT_EQ(check.kind, "not_null");
    EXPECT_EQ(check.on_fail, OnFail::quarantine);
    EXPECT_EQ(check.dimension, Dimension::completeness);
    EXPECT_EQ(check.check_class(), CheckClass::stateless);
    EXPECT_EQ(check.message, "a is null");
    EXPECT_EQ(test_of(check).kernel, "not_null");
    EXPECT_EQ(test_of(check).column, "a");
    EXPECT_EQ(test_of(check).sql, "\"a\" IS NOT NULL");
  }
}

TEST_F(RowChecksTest, several_columns_are_several_checks_but_one_key) {
  const auto nulls = checks("not_null: [a, b, A]");
  ASSERT_EQ(nulls.size(), 2u);
  EXPECT_EQ(nulls[1].id, "not_null(b)");
  const auto key = one("unique: [a, b]");
  EXPECT_EQ(key.id, "unique(a, b)");
  EXPECT_EQ(key.check_class(), CheckClass::keyed);
  EXPECT_THAT(std::get<KeyTest>(key.test).columns, ElementsAre("a", "b"));
  EXPECT_EQ(key.dimension, Dimension::consistency);
}

TEST_F(RowChecksTest, all_columns_are_those_that_the_check_has_a_meaning_for) {
  EXPECT_EQ(checks("not_null: '*'").size(), x_schema.size());
  EXPECT_EQ(checks("pattern: {columns: '*', regex: a}").size(), 2u);
  EXPECT_EQ(checks("range: {columns: '*', min: 0}").size(), 3u);
  EXPECT_EQ(checks("range: {columns: '*', min: 2024-01-01}").size(), 1u);
  EXPECT_EQ(checks("range: {columns: ['*', day], min: 2024-01-01}").size(), 1u);
  EXPECT_THAT(complaints("range: {columns: '*', min: zero}"),
              ElementsAre("1:18 `range`, as written here, fits none of the columns"));
}

TEST_F(RowChecksTest, the_long_form_says_more) {
  const auto check = one(
      "range: {column: rate, min: 0, max: 100, name: rates, on_fail: hold, dimension: accuracy, "
      "description: 'A share.', where: a > 0}");
  EXPECT_EQ(check.id, "range(Rate)");
  EXPECT_EQ(check.name, "rates");
  EXPECT_EQ(check.description, "A share.");
  EXPECT_EQ(check.on_fail, OnFail::hold);
  EXPECT_EQ(check.dimension, Dimension::accuracy);
  EXPECT_EQ(check.where_sql, "a > 0");
  EXPECT_EQ(check.message, "Rate is {value}, not within 0 to 100");
  EXPECT_EQ(test_of(check).sql,
            "\"Rate\" >= CAST('0.00' AS DECIMAL(5,2)) AND \"Rate\" <= "
            "CAST('100.00' AS DECIMAL(5,2))");
}

TEST_F(RowChecksTest, messages_say_what_is_wrong) {
  EXPECT_EQ(one("range: {column: a, min: 1}").message, "a is {value}, below 1");
  EXPECT_EQ(one("range: {column: a, max: 9, exclusive: true}").message,
            "a is {value}, above or at 9");
  EXPECT_EQ(one("accepted_values: {column: name, values: [x]}").message,
            "name is {value}, which is not one of the accepted values");
  EXPECT_EQ(one("pattern: {column: name, regex: '^x'}").message,
            "name is {value}, which does not match ^x");
  EXPECT_EQ(one("castable: {column: name, type: date, format: '%d/%m/%Y'}").message,
            "name is {value}, which is no DATE written as %d/%m/%Y");
  EXPECT_EQ(one("expression: a >= b").message, "not true: a >= b with {value}");
  EXPECT_EQ(one("unique: [a, b]").message, "a, b {value} was there before");
}

TEST_F(RowChecksTest, simple_checks_say_what_is_wrong) {
  EXPECT_EQ(one("not_empty: name").message, "name is empty");
  EXPECT_EQ(one("positive: a").message, "a is {value}, which is not above zero");
  EXPECT_EQ(one("non_negative: a").message, "a is {value}, which is below zero");
  EXPECT_EQ(one("not_accepted_values: {column: a, values: [1]}").message,
            "a is {value}, which is one of the values to refuse");
  EXPECT_EQ(one("not_pattern: {column: name, regex: x}").message,
            "name is {value}, which matches x");
  EXPECT_EQ(one("length: {column: name, equal: 5}").message,
            "name is {value}, which has not 5 characters");
  EXPECT_EQ(one("length: {column: name, min: 1, max: 5}").message,
            "name is {value}, which has not 1 to 5 characters");
  EXPECT_EQ(one("length: {column: name, max: 5}").message,
            "name is {value}, longer than 5 characters");
  EXPECT_EQ(one("type: {column: name, type: int}").message,
            "name is {value}, which is not a value of INTEGER");
  EXPECT_EQ(one("format: {column: name, format: uuid}").message,
            "name is {value}, which is not written as uuid");
}

TEST_F(RowChecksTest, a_share_and_a_severity_can_be_said) {
  const auto check = one("positive: {column: a, mostly: 99.5%, severity: high}");
  EXPECT_DOUBLE_EQ(check.mostly.value(), 0.995);
  EXPECT_EQ(check.severity, Severity::high);
  EXPECT_FALSE(one("positive: a").mostly.has_value());
  EXPECT_EQ(one("positive: a").severity, Severity::medium);
  EXPECT_EQ(complaints("positive: {column: a, mostly: 101%}").size(), 1u);
  EXPECT_EQ(complaints("positive: {column: a, severity: loud}").size(), 1u);
}

TEST_F(RowChecksTest, what_length_needs_is_said) {
  EXPECT_THAT(complaints("length: {column: name}"),
              ElementsAre("1:9 `length` needs `min`, `max` or `equal`"));
  EXPECT_THAT(complaints("length: {column: name, min: 5, max: 4}"),
              ElementsAre("1:37 `max` is below `min`: no value passes"));
  EXPECT_THAT(complaints("length: {column: name, min: 5, equal: 4}"),
              ElementsAre("1:9 `equal` leaves nothing to `min` and `max` [keep one of them]"));
}

struct FormatCase {
  std::string name;
  std::vector<std::string> good;
  std::vector<std::string> bad;
};

std::vector<FormatCase> format_cases() {
  return {
      {"email",
       {"a.b+c@ex-ample.org", "x@y.z"},
       {"a@b", "a b@c.de", "@c.de", "a@-b.de", "a@b.de "}},
      {"url",
       {"https://example.org", "ftp://h/p?q#f", "http://[::1]:80/"},
       {"example.org", "http://", "http:/x", "https://a b"}},
      {"uuid",
       {"123e4567-E89B-12d3-a456-426614174000"},
       {"123e4567e89b12d3a456426614174000", "123e4567-e89b-12d3-a456-42661417400g"}},
      {"ipv4", {"0.0.0.0", "255.249.199.9"}, {"256.1.1.1", "1.2.3", "01.2.3.4", "1.2.3.4.5"}},
      {"ipv6",
       {"::", "::1", "1::", "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7::", "::2:3:4:5:6:7:8", "1::8",
        "fe80::1:2", "::ffff:1.2.3.4", "64:ff9b::192.0.2.33", "1:2:3:4:5:6:1.2.3.4"},
       {"", ":", ":::", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3", "12345::", "::1.2.3.256",
        "1:2:3:4:5:6:7:8::", "1:2:3:4:5:6:7:1.2.3.4", "fe80::1%eth0"}},
      {"ip", {"1.2.3.4", "::1"}, {"x", ""}},
      {"hostname", {"a", "a-b.example"}, {"-a", "a..b", "a_b", std::string(64, 'a')}},
      {"mac", {"00:1A:2b:3c:4d:5e", "00-1a-2b-3c-4d-5e"}, {"00:1a:2b:3c:4d", "00:1a-2b:3c:4d:5e"}},
      {"date",
       {"2024-02-29", "2000-02-29", "1999-12-31", "0000-01-01"},
       {"2023-02-29", "1900-02-29", "2024-04-31", "2024-13-01", "2024-1-01", "24-01-01"}},
      {"time", {"00:00", "23:59:59.999"}, {"24:00", "12:60", "1:00", "12:00:60"}},
      {"timestamp",
       {"2024-02-29T10:00:00Z", "2024-01-31 10:00", "2024-01-31T10:00:00.25+05:30"},
       {"2024-01-31", "2023-02-29T10:00:00Z", "2024-01-31T25:00:00", "2024-01-31T10:00:00+15:00"}},
      {"month", {"2024-12"}, {"2024-13", "2024-1", "2024-00"}},
      {"fips_state", {"01", "25", "72"}, {"03", "1", "00", "001"}},
      {"fips_county", {"25001", "02063"}, {"25000", "03001", "2501", "250011"}},
      {"fips", {"25", "25001"}, {"2", "03"}},
      {"country", {"DE", "US", "AX"}, {"de", "XX", "DEU", "UK"}},
      {"country_alpha3", {"DEU", "USA"}, {"DE", "XYZ"}},
      {"currency", {"EUR", "USD", "JPY"}, {"eur", "XYZ", "EU"}},
      {"zip", {"02139", "02139-4307"}, {"2139", "02139-43", "02139 4307"}},
      {"phone",
       {"+14155552671", "+4930123456"},
       {"4930123456", "+0123", "+1 415", "+1234567890123456"}},
      {"semver",
       {"0.0.0", "1.2.3-alpha.1+build.5", "1.0.0--", "1.0.0+01"},
       {"1.2", "01.2.3", "1.2.3-01", "v1.2.3", "1.2.3-"}},
      {"json", {"{}", "[1, null]", "\"x\"", "1"}, {"", "{a: 1}", "[1", "nope"}},
  };
}

TEST_F(RowChecksTest, formats_tell_good_from_bad) {
  test::Engine engine;
  const auto passes = [&](const std::string& format, const std::string& text) {
    const auto check = one("format: {column: name, format: " + format + "}");
    return engine.texts("SELECT (" + test_of(check).sql + ")::VARCHAR FROM (SELECT " +
                        quote_literal(text) + " AS name)")[0][0] == "true";
  };
  for (const auto& [name, good, bad] : format_cases()) {
    for (const auto& text : good) EXPECT_TRUE(passes(name, text)) << name << " " << text;
    for (const auto& text : bad) EXPECT_FALSE(passes(name, text)) << name << " " << text;
  }
  EXPECT_EQ(format_cases().size(), named_formats().size());
}

const CompareTest& compare_of(const Check& check) { return std::get<CompareTest>(check.test); }

TEST_F(RowChecksTest, the_row_that_keeps_a_key_is_chosen_by_a_column_or_by_the_source) {
  const auto latest = one("unique: {columns: [a, b], keep: latest, by: day}");
  EXPECT_EQ(latest.id, "unique(a, b)");
  EXPECT_EQ(latest.check_class(), CheckClass::keyed);
  EXPECT_EQ(latest.message, "a, b {value} is there in a later row by day");
  EXPECT_FALSE(compare_of(latest).needs_order);
  EXPECT_THAT(compare_of(latest).columns, ElementsAre("a", "b"));
  EXPECT_TRUE(compare_of(one("unique: {column: a, keep: first}")).needs_order);
  EXPECT_EQ(one("unique: {column: a, on_fail: deduplicate}").on_fail, OnFail::deduplicate);
  EXPECT_THAT(complaints("unique: {column: a, by: day}"),
              ElementsAre("1:25 `by` says which row is first or latest, and any is kept [add keep: "
                          "latest]"));
  EXPECT_THAT(complaints("unique: {column: a, keep: latest, by: list}"),
              ElementsAre("1:39 `list` is int[], which has no order"));
  EXPECT_EQ(complaints("not_null: {column: a, on_fail: deduplicate}").size(), 1u);
}

TEST_F(RowChecksTest, a_combination_has_several_columns) {
  EXPECT_EQ(one("unique_combination: [a, b]").id, "unique_combination(a, b)");
  EXPECT_THAT(complaints("unique_combination: [a]"),
              ElementsAre("1:22 a combination has at least two columns [use `unique` for one]"));
}

TEST_F(RowChecksTest, sequences_judge_columns_one_by_one_or_as_one_key) {
  EXPECT_EQ(checks("increasing: {columns: [a, day], by: b}").size(), 2u);
  const auto ordered = one("ordered: {columns: [a, day], partition_by: name}");
  EXPECT_EQ(ordered.id, "ordered(a, day)");
  EXPECT_EQ(ordered.check_class(), CheckClass::ordered);
  EXPECT_TRUE(compare_of(ordered).needs_order);
  EXPECT_EQ(one("decreasing: {column: a, by: b, strict: true}").message,
            "a is {value}, not below all before it");
  EXPECT_THAT(complaints("increasing: {column: list, by: nam}"),
              ElementsAre("1:22 `list` is int[], which has no order",
                          "1:32 unknown column `nam` [did you mean `name`?]"));
}

TEST_F(RowChecksTest, keys_of_another_dataset_are_named_by_node_and_column) {
  const auto check = one("relationship: {columns: [a, name], to: {node: other, columns: [x, y]}}");
  EXPECT_EQ(check.id, "relationship(a, name)");
  EXPECT_EQ(check.check_class(), CheckClass::keyed);
  EXPECT_EQ(check.message, "a, name is {value}, which is not in other.x, y");
  EXPECT_EQ(compare_of(check).other->dataset, "other");
  EXPECT_THAT(compare_of(check).other->columns, ElementsAre("x", "y"));
  EXPECT_EQ(one("accepted_values: {column: a, from: other.x}").id, "accepted_values(a)");
  EXPECT_THAT(complaints("relationship: {column: a, to: other}"),
              ElementsAre("1:31 `other` names no column of a node [write node.column]"));
  EXPECT_THAT(complaints("relationship: {columns: [a, b], to: other.x}"),
              ElementsAre("1:37 a key of 2 columns cannot be among 1 of other"));
  EXPECT_THAT(complaints("accepted_values: {column: a}"),
              ElementsAre("1:18 `accepted_values` needs `values` or `from`, one of them"));
  EXPECT_EQ(complaints("accepted_values: {column: a, values: [1], from: b.c}").size(), 1u);
}

TEST_F(RowChecksTest, a_step_fits_the_column) {
  EXPECT_EQ(one("no_gaps: a").message, "a is {value}, and none lies 1 before it");
  EXPECT_EQ(one("no_gaps: {column: day, step: 2 weeks}").message,
            "day is {value}, and none lies 2 weeks before it");
  EXPECT_EQ(checks("no_gaps: {column: rate, step: 0.25}").size(), 1u);
  for (const auto* bad :
       {"{column: a, step: 0}", "{column: a, step: -1}", "{column: a, step: 0.5}",
        "{column: rate, step: 0.125}", "{column: day, step: 1}", "{column: day, step: 0 days}",
        "{column: day, step: day}", "{column: name}", "{column: a, step: 1 day}"}) {
    EXPECT_EQ(complaints("no_gaps: " + std::string(bad)).size(), 1u) << bad;
  }
}

TEST_F(RowChecksTest, a_step_of_months_reaches_to_the_end_of_a_month) {
  const auto sql_of = [&](const char* step) {
    return compare_of(one("no_gaps: {column: day, step: " + std::string(step) + "}")).sql;
  };
  EXPECT_THAT(sql_of("1 month"), HasSubstr("last_day("));
  EXPECT_THAT(sql_of("2 Years"), HasSubstr("last_day("));
  EXPECT_THAT(sql_of("30 days"), Not(HasSubstr("last_day(")));
}

TEST_F(RowChecksTest, an_expression_keeps_its_text_and_has_a_short_id) {
  EXPECT_EQ(one("expression: a >= b").id, "expression(a >= b)");
  const auto check = one("expression:\n  sql: |\n    a >= b\n      OR  name = 'x'\n");
  EXPECT_EQ(check.id, "expression(a >= b OR name = 'x')");
  EXPECT_EQ(test_of(check).sql, "a >= b\n  OR  name = 'x'\n");
  EXPECT_EQ(test_of(check).kernel, "");
  EXPECT_EQ(one("expression: " + std::string(50, 'a') + " = 'ääääääääääääääääää'").id,
            "expression(" + std::string(50, 'a') + " = 'ääääää…)");
}

TEST_F(RowChecksTest, names_are_quoted_in_SQL) {
  EXPECT_EQ(test_of(one("not_null: 'odd \"name\"'")).sql, "\"odd \"\"name\"\"\" IS NOT NULL");
  EXPECT_EQ(test_of(one("accepted_values: {column: name, values: [\"it's\"]}")).sql,
            "\"name\" IN (CAST('it''s' AS VARCHAR))");
}

TEST_F(RowChecksTest, an_unknown_column_is_named_where_it_stands) {
  EXPECT_THAT(complaints("not_null: [a, nam]"),
              ElementsAre("1:15 unknown column `nam` [did you mean `name`?]"));
  EXPECT_THAT(complaints("unique: [nam, bb]"),
              ElementsAre("1:10 unknown column `nam` [did you mean `name`?]",
                          "1:15 unknown column `bb` [did you mean `b`?]"));
  EXPECT_THAT(complaints("range: {column: rat, min: 0}"),
              ElementsAre("1:17 unknown column `rat` [did you mean `Rate`?]"));
}

TEST_F(RowChecksTest, a_type_that_does_not_fit_is_named_at_the_column) {
  EXPECT_THAT(complaints("range: {column: name, min: 0}"),
              ElementsAre("1:17 `range` judges numbers, dates and timestamps; `name` is VARCHAR"));
  EXPECT_THAT(complaints("pattern: {columns: [name, a], regex: x}"),
              ElementsAre("1:27 `pattern` judges text; `a` is INTEGER"));
}

TEST_F(RowChecksTest, a_bad_argument_is_named_where_it_stands) {
  EXPECT_THAT(complaints("range: {column: day, min: 2024-01-01, max: tomorrow}"),
              ElementsAre("1:44 `tomorrow` is no bound for a column of type DATE [write a date as "
                          "2024-01-31]"));
  EXPECT_THAT(complaints("accepted_values: {column: a, values: [1, two, 3.5]}"),
              ElementsAre("1:42 `two` is not a value of type INTEGER",
                          "1:47 `3.5` is not a value of type INTEGER"));
  EXPECT_THAT(complaints("pattern: {column: name, regex: '(a'}"),
              ElementsAre("1:32 `(a` is not a regular expression: missing ): (a [RE2 syntax: no "
                          "back-references, no look-around]"));
  EXPECT_THAT(complaints("castable: {column: name, type: dat}"),
              ElementsAre("1:32 unknown type `dat` [did you mean `date`?]"));
  EXPECT_THAT(complaints("castable: {column: name, type: int, format: '%d'}"),
              ElementsAre("1:45 a format is for date and timestamp, not for INTEGER"));
  EXPECT_THAT(complaints("unique: [a, list]"),
              ElementsAre("1:10 `list` is int[], which cannot be part of a key"));
}

TEST_F(RowChecksTest, bounds_that_nothing_passes_are_refused) {
  EXPECT_THAT(
      complaints("range: {column: a, min: 10, max: 9}"),
      ElementsAre("1:34 `max` is below `min`: no value passes [put the smaller one into `min`]"));
  EXPECT_THAT(complaints("range: {column: a}"),
              ElementsAre("1:8 `range` needs `min` or `max` [for example min: 0]"));
}

TEST_F(RowChecksTest, what_is_missing_or_too_much_is_refused) {
  EXPECT_THAT(complaints("not_null: {}"),
              ElementsAre("1:11 `not_null` needs `column` or `columns`"));
  EXPECT_THAT(complaints("not_null:"), ElementsAre("1:1 `not_null` needs `column` or `columns`"));
  EXPECT_THAT(complaints("not_null: {column: a, columns: [b]}"),
              ElementsAre("1:20 `column` and `columns` say the same [keep one of them]"));
  EXPECT_THAT(complaints("not_null: {column: a, on_fail: drop}").size(), 1u);
}

TEST_F(RowChecksTest, every_example_compiles) {
  for (const auto& [name, entry] : x_catalog.checks()) {
    EXPECT_FALSE(checks(entry.example).empty()) << entry.example;
    EXPECT_TRUE(entry.example.starts_with(name + ":"));
    EXPECT_FALSE(entry.null_rule.empty());
    EXPECT_EQ(
        one(entry.example.find('[') != std::string::npos && name == "not_null" ? "not_null: a"
                                                                               : entry.example)
            .dimension,
        entry.dimension);
  }
}

/// The SQL of every kind of check is SQL, and passes nulls where the entry says so.
TEST_F(RowChecksTest, their_SQL_runs) {
  test::Engine engine;
  engine.query(
      "CREATE TABLE t (a INT, b BIGINT, name VARCHAR, day DATE, Rate DECIMAL(5,2), "
      "\"odd \"\"name\"\"\" VARCHAR, list INT[])");
  engine.query("INSERT INTO t VALUES (1, 2, 'x', DATE '2024-01-31', 99.5, 'y', [1])");
  engine.query("INSERT INTO t (list) VALUES (NULL)");
  for (const auto* yaml :
       {"range: {column: day, min: 2024-01-31, max: 2024-02-01}",
        "accepted_values: {columns: [name], values: [x, y]}",
        "accepted_values: {column: day, values: [2024-01-31]}",
        "accepted_values: {column: rate, values: [99.50, 1]}",
        "pattern: {columns: [name, 'odd \"name\"'], regex: \"^[x-z'\\\"]$\"}",
        "castable: {columns: [a, b, day], type: varchar}",
        "castable: {column: a, type: 'decimal(3,1)'}", "expression: a < b AND Rate > 1"}) {
    for (const auto& check : checks(yaml)) {
      const auto rows = engine.texts("SELECT coalesce((" + test_of(check).sql +
                                     ")::VARCHAR, 'null') FROM t ORDER BY a");
      EXPECT_EQ(rows[0][0], "true") << test_of(check).sql;
      EXPECT_NE(rows[1][0], "false") << test_of(check).sql;
    }
  }
}

}  // namespace
}  // namespace leat::checks::rows
