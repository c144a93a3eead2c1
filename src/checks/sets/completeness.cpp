#include "base/clock.hpp"
#include "base/names.hpp"
#include "checks/sets/entries.hpp"
#include "checks/sets/set_check.hpp"
#include "core/compare_check.hpp"
#include "kernels/literal.hpp"

namespace leat::checks::sets {
namespace {

struct DateCoverage {
  Name column;
  std::string unit = "day";
  std::optional<Name> from;
  std::optional<Name> to;
};

struct KeyCoverage {
  Name of;
  std::vector<Name> key;
};

struct Options : SetOptions {
  Options() { dimension = Dimension::completeness; }
  config::Share min{1};
  std::vector<Name> columns;
  std::optional<std::uint64_t> expected_count;
  std::optional<DateCoverage> date_coverage;
  std::optional<KeyCoverage> key_coverage;
};

const config::OptionTable<DateCoverage>& date_options() {
  using config::option;
  static const auto table = config::option_table<DateCoverage>({
      option("column", &DateCoverage::column, "A date or a timestamp.").required(),
      option("unit", &DateCoverage::unit, "What has to occur at least once.")
          .choices({"day", "weekday", "week", "month", "year"}),
      option("from", &DateCoverage::from, "The first day. Default: the first that occurs."),
      option("to", &DateCoverage::to, "The last day. Default: the last that occurs.")
          .example("2024-12-31"),
  });
  return table;
}

const config::OptionTable<KeyCoverage>& key_options() {
  using config::option;
  static const auto table = config::option_table<KeyCoverage>({
      option("of", &KeyCoverage::of, "The node that has all keys.").required(),
      option("key", &KeyCoverage::key, "Columns of the key, named alike in both.")
          .required()
          .items(1),
  });
  return table;
}

const config::OptionTable<Options>& options() {
  using config::option;
  static const auto table = [] {
    std::vector<config::TableLine<Options>> lines;
    lines.push_back(option("min", &Options::min, "The least share that has to be there."));
    add_column_lines(lines);
    lines.push_back(option("expected_count", &Options::expected_count,
                           "So many rows are all of them: the share is that of the rows.")
                        .between(1, 9'007'199'254'740'992));
    lines.push_back(option("date_coverage", &Options::date_coverage,
                           "The share is that of the days, weeks or months that occur.",
                           date_options()));
    lines.push_back(option("key_coverage", &Options::key_coverage,
                           "The share is that of another node's keys that occur.", key_options()));
    lines.push_back(where_option<Options>());
    return config::option_table<Options>(set_options(std::move(lines)));
  }();
  return table;
}

bool is_time(const data::Column& column) {
  return column.type.id == data::TypeId::date || column.type.id == data::TypeId::timestamp ||
         column.type.id == data::TypeId::timestamp_tz;
}

std::vector<std::string> names_of(const std::vector<data::Column>& columns) {
  std::vector<std::string> names;
  for (const auto& column : columns) names.push_back(quote_identifier(column.name));
  return names;
}

/// The different keys without nulls. `values`: SQL of each column, null where it equals no key.
std::string keys_sql(const std::string& table, const std::vector<std::string>& names,
                     const std::vector<std::string>& values) {
  std::string present;
  for (const auto& name : names)
    present += (present.empty() ? "" : " AND ") + name + " IS NOT NULL";
  return "SELECT DISTINCT " + join_names(values, ", ") + " FROM " + table + " WHERE " + present;
}

/// The share of the keys of `other` that occur in `rows`; the columns of both bear one name.
std::string covered_sql(const std::vector<data::Column>& ours,
                        const std::vector<data::Column>& theirs, const std::string& rows,
                        const std::string& other) {
  const auto names = names_of(ours);
  auto here = names;
  auto there = names;
  for (std::size_t i = 0; i < ours.size(); ++i) {
    if (!meet_inexactly(ours[i].type, theirs[i].type)) continue;
    const bool is_here = ours[i].type.is_floating();
    auto& floating = is_here ? here[i] : there[i];
    floating = as_whole_sql(floating, is_here ? theirs[i].type : ours[i].type);
  }
  const auto wanted = "(SELECT count(*) FROM (" + keys_sql(other, names, names) + "))";
  return "SELECT CASE WHEN " + wanted + " = 0 THEN 1.0::DOUBLE ELSE (SELECT count(*) FROM (" +
         keys_sql(other, names, there) + " INTERSECT " + keys_sql(rows, names, here) + ")) / " +
         wanted + " END AS value";
}

class CompletenessSpec final : public CheckSpec {
 public:
  explicit CompletenessSpec(Options read) : x_read(std::move(read)) {}

  std::vector<Check> compile(const data::Schema& schema,
                             config::Findings& findings) const override {
    std::vector<Check> checks;
    const auto before = findings.size();
    if (judges_cells()) compile_cells(schema, checks, findings);
    if (x_read.expected_count) checks.push_back(compile_count());
    if (x_read.date_coverage) compile_dates(schema, checks, findings);
    if (x_read.key_coverage) compile_keys(schema, checks, findings);
    if (findings.size() != before) checks.clear();
    return checks;
  }

 private:
  /// Columns ask for it; else it is what the check means when nothing else is asked for.
  bool judges_cells() const {
    return !x_read.columns.empty() ||
           (!x_read.expected_count && !x_read.date_coverage && !x_read.key_coverage);
  }

  Check make(const std::string& about, SetTest test) const {
    auto check = make_check("completeness", about, x_read);
    test.min = double_literal(x_read.min.of_one);
    check.test = std::move(test);
    check.message = "completeness is {value}";
    return check;
  }

  void compile_cells(const data::Schema& schema, std::vector<Check>& checks,
                     config::Findings& findings) const {
    SetTest test;
    std::string about;
    std::string present;
    const auto all = x_read.columns.empty() ? std::vector<Name>{{"*", {}, 1}} : x_read.columns;
    for (const auto index : find_columns(all, schema, findings)) {
      const auto& name = schema.columns[index].name;
      test.columns.push_back(name);
      if (!x_read.columns.empty()) about += (about.empty() ? "" : ", ") + name;
      present += (present.empty() ? "count(" : " + count(") + quote_identifier(name) + ")";
    }
    if (x_read.where.empty()) {
      test.measure = "completeness";
    } else if (!present.empty()) {
      test.sql = "SELECT CASE WHEN count(*) = 0 THEN 1.0::DOUBLE ELSE (" + present +
                 ") / (count(*) * " + std::to_string(test.columns.size()) + ") END AS value FROM " +
                 judged_rows(x_read);
    }
    checks.push_back(make(about, std::move(test)));
  }

  Check compile_count() const {
    SetTest test;
    test.sql = "SELECT count(*) / " + std::to_string(*x_read.expected_count) + " AS value FROM " +
               judged_rows(x_read);
    return make("rows", std::move(test));
  }

  void compile_dates(const data::Schema& schema, std::vector<Check>& checks,
                     config::Findings& findings) const {
    const auto& dates = *x_read.date_coverage;
    const auto* column = find_column(dates.column, schema, findings);
    if (column == nullptr) return;
    if (!is_time(*column)) {
      return findings.add(dates.column.place,
                          "`date_coverage` needs a date or a timestamp, and `" + column->name +
                              "` is " + data::sql_of(column->type),
                          "", dates.column.length);
    }
    const auto from = border(dates.from, "min(day)", findings);
    const auto to = border(dates.to, "max(day)", findings);
    SetTest test;
    test.sql = covered_days(column->name, dates.unit, from, to);
    checks.push_back(make(dates.unit + "s of " + column->name, std::move(test)));
  }

  static std::string border(const std::optional<Name>& written, const char* otherwise,
                            config::Findings& findings) {
    if (!written) return otherwise;
    const auto literal = kernels::sql_literal(written->text, {data::TypeId::date, 0, 0, {}});
    if (literal.ok()) return *literal;
    findings.add(written->place, literal.error().message(), literal.error().hint_text(),
                 written->length);
    return otherwise;
  }

  /// The periods from border to border, and how many of them occur.
  std::string covered_days(const std::string& column, const std::string& unit,
                           const std::string& from, const std::string& to) const {
    const bool weekdays = unit == "weekday";
    const auto trunc = weekdays ? std::string("day") : unit;
    const std::string keep = weekdays ? " WHERE isodow(one) < 6" : "";
    return "WITH days AS (SELECT DISTINCT CAST(" + quote_identifier(column) +
           " AS DATE) AS day FROM " + judged_rows(x_read) + " WHERE " + quote_identifier(column) +
           " IS NOT NULL), ends AS (SELECT " + from + " AS first, " + to +
           " AS last FROM days), wanted AS (SELECT DISTINCT date_trunc('" + trunc +
           "', one) AS period FROM (SELECT CAST(unnest(generate_series(CAST(first AS TIMESTAMP), "
           "CAST(last AS TIMESTAMP), INTERVAL 1 DAY)) AS DATE) AS one FROM ends)" +
           keep + ") SELECT count(*) FILTER (WHERE period IN (SELECT date_trunc('" + trunc +
           "', day) FROM days)) / nullif(count(*), 0) AS value FROM wanted";
  }

  void compile_keys(const data::Schema& schema, std::vector<Check>& checks,
                    config::Findings& findings) const {
    const auto& keys = *x_read.key_coverage;
    std::vector<data::Column> ours;
    for (const auto index : find_columns(keys.key, schema, findings)) {
      ours.push_back(schema.columns[index]);
    }
    if (ours.empty()) return;
    const auto other = quote_identifier(keys.of.text);
    SetTest test;
    test.sql = covered_sql(ours, ours, judged_rows(x_read), other);
    test.other_sql = "SELECT " + join_names(names_of(ours), ", ") + " FROM " + other;
    test.meet = [ours, rows = judged_rows(x_read), other](SetTest& met, const data::Schema& bound) {
      met.sql = covered_sql(ours, bound.columns, rows, other);
    };
    checks.push_back(make("keys of " + keys.of.text, std::move(test)));
    checks.back().consults = {keys.of.text};
  }

  Options x_read;
};

/// Days that are none are told when they meet their column.
bool refuse_no_days(const DateCoverage& dates, config::Findings& findings) {
  if (!dates.from || !dates.to) return false;
  const auto from = parse_date(dates.from->text);
  const auto to = parse_date(dates.to->text);
  if (!from.ok() || !to.ok() || *from <= *to) return false;
  findings.add(dates.to->place, "`to` is before `from`: there is no day between them",
               "put the earlier one into `from`", dates.to->length);
  return true;
}

std::unique_ptr<CheckSpec> parse(const config::Node& value, config::Findings& findings) {
  Options read;
  if (!options().read(value, read, findings)) return nullptr;
  if (!check_column_keys(value, "completeness", false, findings)) return nullptr;
  if (read.date_coverage && refuse_no_days(*read.date_coverage, findings)) return nullptr;
  return std::make_unique<CompletenessSpec>(std::move(read));
}

}  // namespace

CheckEntry completeness() {
  return {.name = "completeness",
          .summary = "Enough of what should be there is there: values, rows, days or keys.",
          .example = "completeness: {min: 90%}",
          .null_rule =
              "a null is missing, NaN and empty texts are there; without rows no value is missing, "
              "but every expected row and day is; keys with a null are left out",
          .check_class = CheckClass::set,
          .dimension = Dimension::completeness,
          .options = &options(),
          .parse = parse};
}

}  // namespace leat::checks::sets
