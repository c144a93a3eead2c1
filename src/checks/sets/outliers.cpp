#include <functional>

#include "base/names.hpp"
#include "base/quantity.hpp"
#include "checks/sets/entries.hpp"
#include "checks/sets/exact_sql.hpp"
#include "checks/sets/set_check.hpp"
#include "core/compare_check.hpp"
#include "kernels/literal.hpp"

namespace leat::checks::sets {
namespace {

struct Options : SetOptions {
  Options() { dimension = Dimension::accuracy; }
  std::vector<Name> columns;
  std::string method = "iqr";
  std::optional<double> factor;
  Name max{"0", {}, 1};

  bool sets_aside() const { return on_fail == OnFail::quarantine; }
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
    lines.push_back(mostly_option<Options>());
    auto names = on_fail_names();
    names.emplace_back("quarantine", OnFail::quarantine);
    return config::option_table<Options>(with_check_options(std::move(lines), std::move(names)));
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
        checks.push_back(x_read.sets_aside() ? compile_rows(column) : compile_column(column));
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
      if (!is_same_name(name.text, column.name)) continue;
      findings.add(name.place,
                   "`" + column.name + "` is " + data::sql_of(column.type) + ", not a number", "",
                   name.length);
    }
  }

  std::string factor() const {
    return double_literal(x_read.factor.value_or(x_read.method == "mad" ? 3.5 : 3));
  }

  /// Values that bounds are computed from; the others are outliers. The square of a larger one is
  /// beyond a DOUBLE.
  std::string is_fit(const std::string& x) const {
    return x_read.method == "zscore" ? "(abs(" + x + ") <= 1e150::DOUBLE)" : "isfinite(" + x + ")";
  }

  struct Borders {
    std::string low;
    std::string high;
  };

  /// As SQL; `over` makes an aggregate one over the values that are fit.
  Borders borders(const std::string& x,
                  const std::function<std::string(const std::string&)>& over) const {
    auto low = over("quantile_cont(" + x + ", 0.25::DOUBLE)");
    auto high = over("quantile_cont(" + x + ", 0.75::DOUBLE)");
    auto reach = factor() + " * (" + high + " - " + low + ")";
    if (x_read.method == "zscore") {
      low = high = over("favg(" + x + ")");
      reach = factor() + " * " + over("stddev_samp(" + x + ")");
    } else if (x_read.method == "mad") {
      low = high = over("median(" + x + ")");
      reach = factor() + " * (1.4826::DOUBLE * " + over("mad(" + x + ")") + ")";
    }
    return {low + " - " + reach, high + " + " + reach};
  }

  static std::string as_double(const data::Column& column) {
    return "CAST(" + quote_identifier(column.name) + " AS DOUBLE)";
  }

  /// Each row beside the others: `on_fail: quarantine` sets outliers aside.
  Check compile_rows(const data::Column& column) const {
    const auto x = as_double(column);
    const auto compared = compare(x_read.where.text, {quote_identifier(column.name)}, {});
    const auto [low, high] = borders(x, [&](const std::string& aggregate) {
      return aggregate + " FILTER (WHERE " + is_fit(x) + ") OVER (" + compared.partition + ")";
    });
    auto check = make_compare_check("outliers", {column.name}, x_read, compared,
                                    "(" + is_fit(x) + " AND coalesce(" + x + " >= " + low +
                                        " AND " + x + " <= " + high + ", true))",
                                    CheckClass::two_pass);
    check.message = column.name + " is {value}, an outlier by " + x_read.method;
    return check;
  }

  /// Whole numbers and decimals are compared by their distances from the least one: large ones
  /// differ by digits that a DOUBLE of theirs has no room for.
  Check compile_column(const data::Column& column) const {
    const auto name = quote_identifier(column.name);
    const bool is_exact = !column.type.is_floating();
    const auto x = is_exact ? distance_sql(name, "leat_least", column.type) : as_double(column);
    auto check = make_check("outliers", column.name, x_read);
    const auto [low, high] = borders("x", [](const std::string& aggregate) { return aggregate; });
    const auto outside = "WITH least AS (SELECT min(" + name + ") AS leat_least FROM " +
                         judged_rows(x_read) + "), fit AS (SELECT " + x + " AS x FROM " +
                         judged_rows(x_read) + " CROSS JOIN least WHERE " + is_fit(x) +
                         "), spread AS (SELECT " + low + " AS leat_low, " + high +
                         " AS leat_high, (SELECT leat_least FROM least) AS leat_least FROM fit) ";
    const auto is_outside =
        "(NOT " + is_fit(x) + " OR " + x + " < leat_low OR " + x + " > leat_high)";
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
  if (!max.text.ends_with('%')) {
    const auto number = kernels::parse_floating<double>(max.text);
    if (!number || *number >= 0) return number_literal(max, findings);
    findings.add(max.place, "`max` is below 0: there cannot be so few outliers", "0 lets none pass",
                 max.length);
    return std::nullopt;
  }
  const auto share = parse_share(max.text);
  if (share.ok()) return double_literal(*share);
  findings.add(max.place, share.error().message(), share.error().hint_text(), max.length);
  return std::nullopt;
}

/// Rows are judged one by one, or all of them as one.
bool check_form(const Options& read, const config::Node& value, config::Findings& findings) {
  const auto* wrong = value.find(read.sets_aside() ? "max" : "mostly");
  if (wrong == nullptr) return true;
  findings.add(*wrong,
               read.sets_aside() ? "with `on_fail: quarantine` every outlier is set aside"
                                 : "`mostly` goes with `on_fail: quarantine`",
               read.sets_aside() ? "say `mostly` for the share that must pass" : "say `max` here");
  return false;
}

std::unique_ptr<CheckSpec> parse(const config::Node& value, config::Findings& findings) {
  Options read;
  if (!options().read(value, read, findings)) return nullptr;
  if (!check_column_keys(value, "outliers", true, findings)) return nullptr;
  if (!check_form(read, value, findings)) return nullptr;
  auto max = read_max(read.max, findings);
  if (!max) return nullptr;
  const bool is_share = read.max.text.ends_with('%');
  return std::make_unique<OutliersSpec>(std::move(read), is_share, std::move(*max));
}

}  // namespace

CheckEntry outliers() {
  return {.name = "outliers",
          .summary =
              "Not too many values of a column lie far from the others; with `on_fail: "
              "quarantine` their rows are set aside, which takes all rows twice.",
          .example = "outliers: {columns: [a, b], method: iqr, factor: 3, max: \"1%\"}",
          .null_rule =
              "nulls are left out; NaN and infinities, and of zscore what is beyond 1e150, are "
              "outliers and are left out of the quartiles, mean and median; with a spread of 0 "
              "whatever differs is one; of one value zscore finds none; numbers of more than 15 "
              "digits are told apart by all of them, but with `on_fail: quarantine` as DOUBLEs",
          .check_class = CheckClass::set,
          .dimension = Dimension::accuracy,
          .options = &options(),
          .parse = parse};
}

}  // namespace leat::checks::sets
