#include "base/names.hpp"
#include "checks/sets/entries.hpp"
#include "checks/sets/exact_sql.hpp"
#include "checks/sets/set_check.hpp"

namespace leat::checks::sets {
namespace {

struct Options : SetOptions {
  Options() { dimension = Dimension::consistency; }
  std::optional<Name> against;
  config::SqlText query;
  bool count = false;
  std::vector<Name> sum;
  std::vector<Name> checksum;
  config::Share tolerance{0};
};

const config::OptionTable<Options>& options() {
  using config::option;
  static const auto table = config::option_table<Options>(set_options<Options>({
      option("against", &Options::against, "The node that it is compared with."),
      option("query", &Options::query, "Instead: a SELECT over nodes that it is compared with."),
      option("count", &Options::count, "Compares the numbers of rows."),
      option("sum", &Options::sum, "Compares the sums of these columns, named alike in both."),
      option("checksum", &Options::checksum,
             "Compares the rows in these columns, or \"*\", value by value and in any order."),
      option("tolerance", &Options::tolerance,
             "The largest difference of counts and sums, as a share of what they are compared "
             "with; of rows, the share that is in one only."),
  }));
  return table;
}

class ReconcileSpec final : public CheckSpec {
 public:
  explicit ReconcileSpec(Options read) : x_read(std::move(read)) {}

  std::vector<Check> compile(const data::Schema& schema,
                             config::Findings& findings) const override {
    std::vector<Check> checks;
    if (x_read.count) checks.push_back(make("count", difference("count(*)")));
    for (const auto index : find_columns(x_read.sum, schema, findings)) {
      const auto& column = schema.columns[index];
      if (!column.type.is_numeric()) {
        add_not_numeric(column, findings);
        continue;
      }
      checks.push_back(make("sum " + column.name, difference(sum_of(column))));
    }
    if (!x_read.checksum.empty()) compile_rows(schema, checks, findings);
    return checks;
  }

 private:
  void add_not_numeric(const data::Column& column, config::Findings& findings) const {
    for (const auto& name : x_read.sum) {
      if (!is_same_name(name.text, column.name)) continue;
      findings.add(name.place, "`" + column.name + "` is " + data::sql_of(column.type) + ": no sum",
                   "", name.length);
    }
  }

  /// Nothing where a floating-point sum cannot be told, which agrees with none.
  static std::string sum_of(const data::Column& column) {
    const auto name = quote_identifier(column.name);
    if (!column.type.is_floating()) return "coalesce(sum(" + name + "), 0)";
    return "CASE WHEN count(" + name + ") = 0 THEN 0.0::DOUBLE ELSE nullif(" +
           floating_sum_sql(name) + ", 'nan'::DOUBLE) END";
  }

  std::string other() const {
    if (x_read.against) return quote_identifier(x_read.against->text);
    return "(" + x_read.query.text + "\n)";
  }

  /// |a - b| / |b|; where b is 0 only 0 agrees with it.
  std::string difference(const std::string& value) const {
    return "SELECT CASE WHEN a = b THEN 0.0::DOUBLE WHEN b = 0 THEN 'inf'::DOUBLE ELSE abs(a - b) "
           "/ abs(b) END AS value FROM (SELECT (SELECT " +
           value + " FROM " + std::string(kJudgedRows) + ") AS a, (SELECT " + value + " FROM " +
           other() + ") AS b)";
  }

  void compile_rows(const data::Schema& schema, std::vector<Check>& checks,
                    config::Findings& findings) const {
    std::string list;
    for (const auto index : find_columns(x_read.checksum, schema, findings)) {
      list += (list.empty() ? "" : ", ") + quote_identifier(schema.columns[index].name);
    }
    if (list.empty()) return;
    const auto ours = "SELECT " + list + " FROM " + std::string(kJudgedRows);
    const auto theirs = "SELECT " + list + " FROM " + other();
    const auto only = [](const std::string& a, const std::string& b) {
      return "(" + a + ") EXCEPT ALL (" + b + ")";
    };
    auto check = make("checksum",
                      "SELECT CASE WHEN n = 0 THEN 0.0::DOUBLE ELSE n / total END AS "
                      "value FROM (SELECT (SELECT count(*) FROM (" +
                          only(ours, theirs) + ")) + (SELECT count(*) FROM (" + only(theirs, ours) +
                          ")) AS n, (SELECT count(*) FROM (" + ours +
                          ")) + (SELECT count(*) FROM (" + theirs + ")) AS total)");
    std::get<SetTest>(check.test).examples_sql = only(ours, theirs);
    checks.push_back(std::move(check));
  }

  Check make(const std::string& about, std::string sql) const {
    auto check = make_check("reconcile", about, x_read);
    SetTest test;
    test.sql = std::move(sql);
    test.max = double_literal(x_read.tolerance.of_one);
    test.author_sql = x_read.query.text;
    check.test = std::move(test);
    if (x_read.against) check.consults = {x_read.against->text};
    check.message = about + " differs by {value}";
    return check;
  }

  Options x_read;
};

std::unique_ptr<CheckSpec> parse(const config::Node& value, config::Findings& findings) {
  Options read;
  if (!options().read(value, read, findings)) return nullptr;
  if (read.against.has_value() != read.query.empty()) {
    return findings.add(value, "`reconcile` needs one of `against` and `query`"), nullptr;
  }
  if (!read.count && read.sum.empty() && read.checksum.empty()) {
    return findings.add(value, "`reconcile` needs `count`, `sum` or `checksum`"), nullptr;
  }
  return std::make_unique<ReconcileSpec>(std::move(read));
}

}  // namespace

CheckEntry reconcile() {
  return {
      .name = "reconcile",
      .summary = "The dataset agrees with another one: rows, sums, or every value.",
      .example = "reconcile: {against: in, count: true, checksum: \"*\"}",
      .null_rule =
          "a sum leaves nulls out, and that of none is 0; one that is NaN, or finite values with "
          "a sum beyond the largest number, fails; row by row null equals null and NaN equals NaN; "
          "rows are compared themselves, not their hashes",
      .check_class = CheckClass::set,
      .dimension = Dimension::consistency,
      .options = &options(),
      .parse = parse};
}

}  // namespace leat::checks::sets
