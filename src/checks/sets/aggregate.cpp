#include "base/names.hpp"
#include "checks/sets/entries.hpp"
#include "checks/sets/exact_sql.hpp"
#include "checks/sets/set_check.hpp"
#include "kernels/gauge.hpp"
#include "kernels/literal.hpp"

namespace leat::checks::sets {
namespace {

struct Options : SetOptions {
  std::vector<Name> columns;
  Name fn;
  std::optional<double> q;
  std::optional<Name> min;
  std::optional<Name> max;
  bool exclusive = false;
};

const config::OptionTable<Options>& options() {
  using config::option;
  static const auto table = [] {
    std::vector<config::TableLine<Options>> lines;
    add_column_lines(lines);
    lines.push_back(option("fn", &Options::fn,
                           "What is computed. mean, sum, stddev (of a sample), median and quantile "
                           "(between two values in proportion) need numbers; distinct_share is the "
                           "share of different values among those that are not null.")
                        .required()
                        .choices({"min", "max", "mean", "sum", "stddev", "median", "quantile",
                                  "distinct", "distinct_share"}));
    lines.push_back(option("q", &Options::q, "Of a quantile: 0.5 is the median.").between(0, 1));
    lines.push_back(option("min", &Options::min, "The least value that passes."));
    lines.push_back(option("max", &Options::max, "The greatest value that passes."));
    lines.push_back(option("exclusive", &Options::exclusive, "The bounds themselves fail."));
    lines.push_back(where_option<Options>());
    return config::option_table<Options>(set_options(std::move(lines)));
  }();
  return table;
}

/// Of the distances from the least value, which have digits that large values have no room for. The
/// engine has none of infinities and NaN; it is NaN, as their distances from the mean are.
std::string stddev_sql(const std::string& column, const data::Type& type, const std::string& rows) {
  const std::string finite = type.is_floating() ? " WHERE isfinite(" + column + ")" : "";
  const auto distances = "(SELECT x, " + distance_sql("x", "least", type) + " AS d FROM (SELECT " +
                         column + " AS x FROM " + rows + ") CROSS JOIN (SELECT min(" + column +
                         ") AS least FROM " + rows + finite + "))";
  if (!type.is_floating()) return "SELECT stddev_samp(d) AS value FROM " + distances;
  return "SELECT CASE WHEN NOT bool_and(isfinite(x)) THEN CASE WHEN count(x) > 1 THEN "
         "'nan'::DOUBLE END WHEN bool_and(isfinite(d)) THEN stddev_samp(d) FILTER (WHERE "
         "isfinite(d)) END AS value FROM " +
         distances;
}

std::string value_sql(const Options& read, const std::string& column) {
  const auto& fn = read.fn.text;
  if (fn == "min" || fn == "max") return fn + "(" + column + ")";
  if (fn == "sum") return floating_sum_sql(column);
  if (fn == "mean") return "(" + floating_sum_sql(column) + ") / nullif(count(" + column + "), 0)";
  if (fn == "distinct") return "count(DISTINCT " + column + ")";
  if (fn == "distinct_share")
    return "count(DISTINCT " + column + ") / nullif(count(" + column + "), 0)";
  return "quantile_cont(CAST(" + column + " AS DOUBLE), " + double_literal(read.q.value_or(0.5)) +
         ")";
}

class AggregateSpec final : public CheckSpec {
 public:
  explicit AggregateSpec(Options read) : x_read(std::move(read)) {}

  std::vector<Check> compile(const data::Schema& schema,
                             config::Findings& findings) const override {
    std::vector<Check> checks;
    for (const auto index : find_columns(x_read.columns, schema, findings)) {
      if (fits(schema.columns[index], findings)) {
        compile_column(schema.columns[index], checks, findings);
      }
    }
    return checks;
  }

 private:
  bool of_numbers() const {
    return x_read.fn.text != "min" && x_read.fn.text != "max" && !of_counts();
  }
  bool of_counts() const { return x_read.fn.text.starts_with("distinct"); }

  /// A column that was named must fit; "*" takes those that do.
  bool fits(const data::Column& column, config::Findings& findings) const {
    const bool good =
        of_numbers() ? column.type.is_numeric() : column.type.id != data::TypeId::other;
    if (good) return true;
    for (const auto& name : x_read.columns) {
      if (!is_same_name(name.text, column.name)) continue;
      findings.add(
          name.place,
          "`" + column.name + "` is " + data::sql_of(column.type) + ": no " + x_read.fn.text, "",
          name.length);
    }
    return false;
  }

  /// Is the value a number that is known, and compared, with all its digits?
  bool is_exact(const data::Type& type) const {
    const bool is_rounded = x_read.fn.text == "stddev" || of_counts();
    return !is_rounded && (type.is_whole() || type.id == data::TypeId::decimal);
  }

  std::optional<std::string> bound(const std::optional<Name>& written, const data::Column& column,
                                   config::Findings& findings) const {
    if (!written) return std::nullopt;
    if (is_exact(column.type)) {
      return number_literal(*written, findings) ? std::optional(written->text) : std::nullopt;
    }
    if (of_numbers() || of_counts() || column.type.is_numeric()) {
      return number_literal(*written, findings);
    }
    const auto literal = kernels::sql_literal(written->text, column.type);
    if (literal.ok()) return *literal;
    findings.add(written->place, literal.error().message(), literal.error().hint_text(),
                 written->length);
    return std::nullopt;
  }

  void compile_column(const data::Column& column, std::vector<Check>& checks,
                      config::Findings& findings) const {
    const auto about = x_read.fn.text + " " + column.name;
    auto check = make_check("aggregate", about, x_read);
    SetTest test;
    test.columns = {column.name};
    test.share = x_read.q.value_or(0.5);
    test.min = bound(x_read.min, column, findings);
    test.max = bound(x_read.max, column, findings);
    test.exclusive = x_read.exclusive;
    test.is_exact = is_exact(column.type);
    if (x_read.where.empty()) test.measure = measure();
    test.sql = query_of(column);
    if (!test.measure.empty()) gauge(column.type, test);
    if (test.is_gauged || is_certain(test.measure)) test.sql.clear();
    check.test = std::move(test);
    check.message = about + " is {value}";
    checks.push_back(std::move(check));
  }

  std::string query_of(const data::Column& column) const {
    const auto name = quote_identifier(column.name);
    const auto rows = judged_rows(x_read);
    const auto share = x_read.q.value_or(0.5);
    if (measure() == "quantile" && (share == 0 || share == 1)) {
      return "SELECT " + std::string(share == 0 ? "min(" : "max(") + name + ") AS value FROM " +
             rows;
    }
    if (is_exact(column.type)) {
      if (measure() == "sum") return exact_sum_sql(name, column.type, rows);
      if (measure() == "mean") return exact_mean_sql(name, column.type, rows);
      if (measure() == "quantile") return exact_quantile_sql(name, share, rows);
    }
    if (x_read.fn.text == "stddev") return stddev_sql(name, column.type, rows);
    return "SELECT " + value_sql(x_read, name) + " AS value FROM " + rows;
  }

  /// Sums and means of whole numbers are counted as the rows stream by; of a quantile it is counted
  /// on which side of the bounds it lies.
  void gauge(const data::Type& type, SetTest& test) const {
    if (test.measure == "sum" || test.measure == "mean") {
      test.is_gauged = kernels::has_gauge(type);
    } else if (test.measure == "quantile" && kernels::has_gauge(type)) {
      test.is_gauged = true;
      for (const auto& written : {x_read.min, x_read.max}) {
        if (!written) continue;
        test.splits.push_back(written->text);
      }
    }
  }

  std::string measure() const { return x_read.fn.text == "median" ? "quantile" : x_read.fn.text; }
  static bool is_certain(const std::string& measure) {
    return measure == "min" || measure == "max";
  }

  Options x_read;
};

bool check_bounds(const Options& read, const config::Node& value, config::Findings& findings) {
  if (!read.min && !read.max) return findings.add(value, "`aggregate` needs `min` or `max`"), false;
  if (refuse_crossed(read.min, read.max, findings)) return false;
  if (read.q && int(share_text(*read.q).size()) - 2 > kShareDigitsMax) {
    findings.add(
        *value.find("q"),
        "`q` has more than " + std::to_string(kShareDigitsMax) + " digits behind the point",
        "round it");
    return false;
  }
  if ((read.fn.text == "quantile") == read.q.has_value()) return true;
  if (read.q) return findings.add(*value.find("q"), "`q` is for `fn: quantile`"), false;
  return findings.add(value, "`fn: quantile` needs `q`"), false;
}

std::unique_ptr<CheckSpec> parse(const config::Node& value, config::Findings& findings) {
  Options read;
  if (!options().read(value, read, findings)) return nullptr;
  if (!check_column_keys(value, "aggregate", true, findings)) return nullptr;
  if (!check_bounds(read, value, findings)) return nullptr;
  return std::make_unique<AggregateSpec>(std::move(read));
}

}  // namespace

CheckEntry aggregate() {
  return {.name = "aggregate",
          .summary = "A number computed over a column lies between bounds.",
          .example = "aggregate: {column: a, fn: max, max: 100}",
          .null_rule =
              "nulls are left out; of no values there is no aggregate, and that fails, but for "
              "distinct, which is 0; NaN is above every number and makes sums, means and stddev "
              "NaN; a floating-point one beyond the largest number has no aggregate either; "
              "of whole numbers and decimals all but stddev is computed and compared with the "
              "bounds with all digits, of floating-point numbers sums with compensation",
          .check_class = CheckClass::set,
          .dimension = Dimension::validity,
          .options = &options(),
          .parse = parse};
}

}  // namespace leat::checks::sets
