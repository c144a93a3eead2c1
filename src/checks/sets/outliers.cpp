#include "base/names.hpp"
#include "base/quantity.hpp"
#include "checks/sets/entries.hpp"
#include "checks/sets/set_check.hpp"

namespace leat::checks::sets {
namespace {

struct Options : SetOptions {
  Options() { dimension = Dimension::accuracy; }
  std::vector<Name> columns;
  std::string method = "iqr";
  std::optional<double> factor;
  Name max{"0", {}, 1};
};

const config::OptionTable<Options>& options() {
  using config::option;
  static const auto table = [] {
    std::vector<config::TableLine<Options>> lines;
    add_column_lines(lines);
    lines.push_back(option("method", &Options::method,
                           "iqr: beyond the quartiles by factor x their distance; zscore: from the "
                           "mean by factor x the standard deviation; mad: from the median by "
                           "factor x 1.4826 x the median deviation.")
                        .choices({"iqr", "zscore", "mad"}));
    lines.push_back(
        option("factor", &Options::factor, "How far out is too far. Default: 3; of mad 3.5.")
            .at_least(0));
    lines.push_back(option("max", &Options::max,
                           "So many may there be, or this share of the values: 10, \"1%\"."));
    lines.push_back(where_option<Options>());
    return config::option_table<Options>(set_options(std::move(lines)));
  }();
  return table;
}

class OutliersSpec final : public CheckSpec {
 public:
  OutliersSpec(Options read, bool is_share, std::string max)
      : x_read(std::move(read)), x_is_share(is_share), x_max(std::move(max)) {}

  std::vector<Check> compile(const data::Schema& schema,
                             config::Findings& findings) const override {
    std::vector<Check> checks;
    const auto before = findings.size();
    for (const auto index : find_columns(x_read.columns, schema, findings)) {
      const auto& column = schema.columns[index];
      if (column.type.is_numeric()) {
        checks.push_back(compile_column(column));
      } else {
        add_not_numeric(column, findings);
      }
    }
    if (checks.empty() && findings.size() == before) {
      const auto& name = x_read.columns.front();
      findings.add(name.place, "`outliers` fits none of the columns: none is a number", "",
                   name.length);
    }
    return checks;
  }

 private:
  /// A column that was named must fit; "*" takes those that do.
  void add_not_numeric(const data::Column& column, config::Findings& findings) const {
    for (const auto& name : x_read.columns) {
      if (to_lower(name.text) != to_lower(column.name)) continue;
      findings.add(name.place,
                   "`" + column.name + "` is " + data::sql_of(column.type) + ", not a number", "",
                   name.length);
    }
  }

  std::string factor() const {
    return double_literal(x_read.factor.value_or(x_read.method == "mad" ? 3.5 : 3));
  }

  /// The borders `leat_low` and `leat_high`, from the values x that are finite.
  std::string spread() const {
    if (x_read.method == "iqr") {
      return "SELECT q1 - " + factor() + " * (q3 - q1) AS leat_low, q3 + " + factor() +
             " * (q3 - q1) AS leat_high FROM (SELECT quantile_cont(x, 0.25::DOUBLE) AS q1, "
             "quantile_cont(x, 0.75::DOUBLE) AS q3 FROM finite)";
    }
    if (x_read.method == "zscore") {
      return "SELECT m - " + factor() + " * s AS leat_low, m + " + factor() +
             " * s AS leat_high FROM (SELECT favg(x) AS m, stddev_samp(x) AS s FROM finite)";
    }
    return "SELECT m - " + factor() + " * s AS leat_low, m + " + factor() +
           " * s AS leat_high FROM (SELECT any_value(m) AS m, 1.4826::DOUBLE * median(abs(x - m)) "
           "AS s "
           "FROM finite, (SELECT median(x) AS m FROM finite))";
  }

  Check compile_column(const data::Column& column) const {
    const auto name = quote_identifier(column.name);
    auto check = make_check("outliers", column.name, x_read);
    const auto outside = "WITH finite AS (SELECT CAST(" + name + " AS DOUBLE) AS x FROM " +
                         judged_rows(x_read) + " WHERE isfinite(CAST(" + name +
                         " AS DOUBLE))), spread AS (" + spread() + ") ";
    const auto is_outside = "(NOT isfinite(CAST(" + name + " AS DOUBLE)) OR CAST(" + name +
                            " AS DOUBLE) < leat_low OR CAST(" + name + " AS DOUBLE) > leat_high)";
    const std::string count = "count(*) FILTER (WHERE " + is_outside + ")";
    SetTest test;
    test.columns = {column.name};
    test.sql = outside + "SELECT " +
               (x_is_share ? "CASE WHEN count(" + name + ") = 0 THEN 0.0::DOUBLE ELSE " + count +
                                 " / count(" + name + ") END"
                           : count) +
               " AS value FROM " + judged_rows(x_read) + " LEFT JOIN spread ON true";
    test.examples_sql = outside + "SELECT leat_rows.* FROM " + judged_rows(x_read) +
                        " AS leat_rows, spread WHERE " + is_outside;
    test.max = x_max;
    check.test = std::move(test);
    check.message = column.name + " has {value} outliers";
    return check;
  }

  Options x_read;
  bool x_is_share;
  std::string x_max;
};

/// "10" or "1%", as an SQL literal.
std::optional<std::string> read_max(const Name& max, config::Findings& findings) {
  if (!max.text.ends_with('%')) return number_literal(max, findings);
  const auto share = parse_share(max.text);
  if (share.ok()) return double_literal(*share);
  findings.add(max.place, share.error().message(), share.error().hint_text(), max.length);
  return std::nullopt;
}

std::unique_ptr<CheckSpec> parse(const config::Node& value, config::Findings& findings) {
  Options read;
  if (!options().read(value, read, findings)) return nullptr;
  if (!check_column_keys(value, "outliers", true, findings)) return nullptr;
  auto max = read_max(read.max, findings);
  if (!max) return nullptr;
  const bool is_share = read.max.text.ends_with('%');
  return std::make_unique<OutliersSpec>(std::move(read), is_share, std::move(*max));
}

}  // namespace

CheckEntry outliers() {
  return {.name = "outliers",
          .summary = "Not too many values of a column lie far from the others.",
          .example = "outliers: {columns: [a, b], method: iqr, factor: 3, max: \"1%\"}",
          .null_rule =
              "nulls are left out; NaN and infinities are outliers and are left out of the "
              "quartiles, mean and median; with a spread of 0 whatever differs is one; "
              "of one value zscore finds none",
          .check_class = CheckClass::set,
          .dimension = Dimension::accuracy,
          .options = &options(),
          .parse = parse};
}

}  // namespace leat::checks::sets
