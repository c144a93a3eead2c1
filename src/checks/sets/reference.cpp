#include "base/assert.hpp"
#include "base/names.hpp"
#include "checks/sets/entries.hpp"
#include "checks/sets/exact_sql.hpp"
#include "checks/sets/set_check.hpp"
#include "core/compare_check.hpp"

namespace leat::checks::sets {
namespace {

struct Options : SetOptions {
  Options() { dimension = Dimension::accuracy; }
  Name to;
  std::vector<Name> on;
  Name column;
  std::optional<Name> to_column;
  std::optional<double> min_correlation;
  std::optional<double> max_rmse;
  std::optional<double> max_relative_error;
};

const config::OptionTable<Options>& options() {
  using config::option;
  static const auto table = config::option_table<Options>(set_options<Options>({
      option("to", &Options::to, "The node that is trusted.").required(),
      option("on", &Options::on, "Columns that rows are matched by, named alike in both.")
          .required()
          .items(1),
      option("column", &Options::column, "The numbers that are compared.").required(),
      option("to_column", &Options::to_column, "What they are called there. Default: the same."),
      option("min_correlation", &Options::min_correlation, "The least Pearson correlation.")
          .between(-1, 1),
      option("max_rmse", &Options::max_rmse, "The greatest root of the mean squared difference.")
          .at_least(0),
      option("max_relative_error", &Options::max_relative_error,
             "The greatest |a - b| / |b| of any pair.")
          .at_least(0),
  }));
  return table;
}

/// Are the keys the same? `theirs` are the columns of those names.
std::string matched_sql(const std::vector<data::Column>& on,
                        const std::vector<data::Column>& theirs) {
  std::string matched;
  for (std::size_t i = 0; i < on.size(); ++i) {
    const auto name = quote_identifier(on[i].name);
    auto a = "ours." + name;
    auto b = "theirs." + name;
    if (meet_inexactly(on[i].type, theirs[i].type)) {
      const bool is_a = on[i].type.is_floating();
      auto& floating = is_a ? a : b;
      floating = as_whole_sql(floating, is_a ? theirs[i].type : on[i].type);
    }
    matched += (matched.empty() ? "" : " AND ") + a + " = " + b;
  }
  return matched;
}

class ReferenceSpec final : public CheckSpec {
 public:
  explicit ReferenceSpec(Options read) : x_read(std::move(read)) {}

  std::vector<Check> compile(const data::Schema& schema,
                             config::Findings& findings) const override {
    const auto keys = find_columns(x_read.on, schema, findings);
    const auto* column = find_column(x_read.column, schema, findings);
    if (column == nullptr || keys.empty()) return {};
    if (!column->type.is_numeric()) {
      findings.add(x_read.column.place,
                   "`" + column->name + "` is " + data::sql_of(column->type) + ", not a number", "",
                   x_read.column.length);
      return {};
    }
    std::vector<data::Column> on;
    std::vector<std::string> names;
    for (const auto key : keys) {
      on.push_back(schema.columns[key]);
      names.push_back(quote_identifier(on.back().name));
    }
    const auto matched = matched_sql(on, on);
    auto checks = compile_pairs(pairs(matched, *column), column->name);
    for (auto& check : checks) {
      auto& test = std::get<SetTest>(check.test);
      test.other_sql =
          "SELECT " + join_names(names, ", ") + " FROM " + quote_identifier(x_read.to.text);
      test.meet = [on, matched](SetTest& met, const data::Schema& bound) {
        const auto at = met.sql.find(matched);
        LEAT_ASSERT(at != std::string::npos);
        met.sql.replace(at, matched.size(), matched_sql(on, bound.columns));
      };
    }
    return checks;
  }

 private:
  /// Columns a, ours, b, the trusted one, and d, their difference; a pair with a null says nothing.
  std::string pairs(const std::string& matched, const data::Column& column) const {
    const auto a = "ours." + quote_identifier(column.name);
    const auto b =
        "theirs." + quote_identifier(x_read.to_column ? x_read.to_column->text : column.name);
    return "(SELECT * FROM (SELECT CAST(" + a + " AS DOUBLE) AS a, CAST(" + b +
           " AS DOUBLE) AS b, " + distance_sql(a, b, column.type) + " AS d FROM " +
           std::string(kJudgedRows) + " AS ours JOIN " + quote_identifier(x_read.to.text) +
           " AS theirs ON " + matched + ") WHERE a IS NOT NULL AND b IS NOT NULL)";
  }

  std::vector<Check> compile_pairs(const std::string& pairs, const std::string& column) const {
    std::vector<Check> checks;
    if (x_read.min_correlation) {
      checks.push_back(make("correlation", column,
                            "SELECT nullif(corr(a, b), 'nan'::DOUBLE) AS value FROM " + pairs));
      std::get<SetTest>(checks.back().test).min = double_literal(*x_read.min_correlation);
    }
    if (x_read.max_rmse) {
      checks.push_back(make("rmse", column, "SELECT sqrt(favg(d * d)) AS value FROM " + pairs));
      std::get<SetTest>(checks.back().test).max = double_literal(*x_read.max_rmse);
    }
    if (x_read.max_relative_error) {
      checks.push_back(make("relative error", column,
                            "SELECT max(CASE WHEN d = 0 OR (a = b AND isnan(d)) THEN 0.0::DOUBLE "
                            "WHEN b = 0 THEN 'inf'::DOUBLE ELSE abs(d) / abs(b) END) AS value "
                            "FROM " +
                                pairs));
      std::get<SetTest>(checks.back().test).max = double_literal(*x_read.max_relative_error);
    }
    return checks;
  }

  Check make(const std::string& what, const std::string& column, std::string sql) const {
    auto check = make_check("reference", what + " of " + column, x_read);
    SetTest test;
    test.sql = std::move(sql);
    check.test = std::move(test);
    check.consults = {x_read.to.text};
    check.message = what + " of " + column + " is {value}";
    return check;
  }

  Options x_read;
};

std::unique_ptr<CheckSpec> parse(const config::Node& value, config::Findings& findings) {
  Options read;
  if (!options().read(value, read, findings)) return nullptr;
  if (!read.min_correlation && !read.max_rmse && !read.max_relative_error) {
    findings.add(value, "`reference` needs `min_correlation`, `max_rmse` or `max_relative_error`");
    return nullptr;
  }
  return std::make_unique<ReferenceSpec>(std::move(read));
}

}  // namespace

CheckEntry reference() {
  return {.name = "reference",
          .summary = "The values of a column are near those of a source that is trusted.",
          .example = "reference: {to: in, on: [a], column: b, max_relative_error: 0.01}",
          .null_rule =
              "rows without a partner and pairs with a null are left out; without any pair, and a "
              "correlation of values that are all the same, fails; a key that is there twice makes "
              "a pair each time",
          .check_class = CheckClass::set,
          .dimension = Dimension::accuracy,
          .options = &options(),
          .parse = parse};
}

}  // namespace leat::checks::sets
