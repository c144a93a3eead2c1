#include "base/names.hpp"
#include "checks/sets/entries.hpp"
#include "checks/sets/exact_sql.hpp"
#include "checks/sets/set_check.hpp"
#include "core/compare_check.hpp"

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

/// Nothing where a floating-point sum cannot be told, which agrees with none.
std::string sum_of(const data::Column& column) {
  const auto name = quote_identifier(column.name);
  if (!column.type.is_floating()) return "coalesce(sum(" + name + "), 0)";
  return "CASE WHEN count(" + name + ") = 0 THEN 0.0::DOUBLE ELSE nullif(" +
         floating_sum_sql(name) + ", 'nan'::DOUBLE) END";
}

/// Whole numbers of this type have a sum that is one, too.
bool sums_whole(const data::Type& type) {
  return type.is_whole() && type.id != data::TypeId::uint128;
}

/// An expression of columns a and b, which are sums of these columns.
std::string sum_distance(const data::Column& ours, const data::Column& theirs) {
  const bool is_mixed =
      meet_inexactly(ours.type, theirs.type) && (sums_whole(ours.type) || sums_whole(theirs.type));
  if (!is_mixed) return "CASE WHEN a = b THEN 0.0::DOUBLE ELSE CAST(abs(a - b) AS DOUBLE) END";
  const std::string whole = ours.type.is_whole() ? "a" : "b";
  const std::string floating = ours.type.is_whole() ? "b" : "a";
  data::Type wide;
  wide.id = data::TypeId::int128;
  const auto exact =
      "TRY(CAST(abs(" + whole + " - " + as_whole_sql(floating, wide) + ") AS DOUBLE))";
  return "coalesce(" + exact + ", CASE WHEN a = b THEN 0.0::DOUBLE ELSE abs(a - b) END)";
}

/// The rows of both sides, as columns that are equal where their values are.
struct RowLists {
  std::string ours;
  std::string theirs;
  std::string shown;  ///< Of either: the columns by their names.
};

/// A floating-point number beside whole ones is the whole number that it is, or else itself.
RowLists lists_of(const std::vector<data::Column>& ours, const std::vector<data::Column>& theirs) {
  RowLists lists;
  const auto add = [](std::string& list, const std::string& item) {
    list += (list.empty() ? "" : ", ") + item;
  };
  for (std::size_t i = 0; i < ours.size(); ++i) {
    const auto name = quote_identifier(ours[i].name);
    if (!meet_inexactly(ours[i].type, theirs[i].type)) {
      for (auto* list : {&lists.ours, &lists.theirs, &lists.shown}) add(*list, name);
      continue;
    }
    const auto rest = quote_identifier(ours[i].name + " beside whole numbers");
    const bool is_ours_whole = ours[i].type.is_whole();
    const auto whole = as_whole_sql(name, is_ours_whole ? ours[i].type : theirs[i].type);
    add(is_ours_whole ? lists.ours : lists.theirs, name + ", NULL::DOUBLE AS " + rest);
    add(is_ours_whole ? lists.theirs : lists.ours, whole + " AS " + name + ", CASE WHEN " + whole +
                                                       " IS NULL THEN CAST(" + name +
                                                       " AS DOUBLE) END AS " + rest);
    add(lists.shown,
        "coalesce(CAST(" + name + " AS VARCHAR), CAST(" + rest + " AS VARCHAR)) AS " + name);
  }
  return lists;
}

class ReconcileSpec final : public CheckSpec {
 public:
  explicit ReconcileSpec(Options read) : x_read(std::move(read)) {}

  std::vector<Check> compile(const data::Schema& schema,
                             config::Findings& findings) const override {
    std::vector<Check> checks;
    if (x_read.count) {
      checks.push_back(make("count", difference("count(*)", "count(*)",
                                                "CASE WHEN a = b THEN 0.0::DOUBLE ELSE "
                                                "CAST(abs(a - b) AS DOUBLE) END")));
    }
    for (const auto index : find_columns(x_read.sum, schema, findings)) {
      const auto& column = schema.columns[index];
      if (!column.type.is_numeric()) {
        add_not_numeric(column, findings);
        continue;
      }
      checks.push_back(sum_check(column));
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

  std::string other() const {
    if (x_read.against) return quote_identifier(x_read.against->text);
    return "(" + x_read.query.text + "\n)";
  }

  /// |a - b| / |b|; where b is 0 only 0 agrees with it. `distance` is |a - b|.
  std::string difference(const std::string& ours, const std::string& theirs,
                         const std::string& distance) const {
    return difference_of(ours, theirs, distance, other());
  }

  static std::string difference_of(const std::string& ours, const std::string& theirs,
                                   const std::string& distance, const std::string& other) {
    return "SELECT CASE WHEN d = 0 THEN 0.0::DOUBLE WHEN b = 0 THEN 'inf'::DOUBLE ELSE d / abs(b) "
           "END AS value FROM (SELECT " +
           distance + " AS d, b FROM (SELECT (SELECT " + ours + " FROM " +
           std::string(kJudgedRows) + ") AS a, (SELECT " + theirs + " FROM " + other + ") AS b))";
  }

  Check sum_check(const data::Column& ours) const {
    auto check =
        make("sum " + ours.name, difference(sum_of(ours), sum_of(ours), sum_distance(ours, ours)));
    auto& test = std::get<SetTest>(check.test);
    test.other_sql = "SELECT " + quote_identifier(ours.name) + " FROM " + other();
    test.meet = [ours, from = other()](SetTest& met, const data::Schema& bound) {
      auto theirs = bound.columns.front();
      if (!meet_inexactly(ours.type, theirs.type)) return;
      theirs.name = ours.name;
      met.sql = difference_of(sum_of(ours), sum_of(theirs), sum_distance(ours, theirs), from);
    };
    return check;
  }

  static void write_rows(SetTest& test, const RowLists& lists, const std::string& other) {
    const auto ours = "SELECT " + lists.ours + " FROM " + std::string(kJudgedRows);
    const auto theirs = "SELECT " + lists.theirs + " FROM " + other;
    const auto only = [](const std::string& a, const std::string& b) {
      return "(" + a + ") EXCEPT ALL (" + b + ")";
    };
    test.sql =
        "SELECT CASE WHEN n = 0 THEN 0.0::DOUBLE ELSE n / total END AS "
        "value FROM (SELECT (SELECT count(*) FROM (" +
        only(ours, theirs) + ")) + (SELECT count(*) FROM (" + only(theirs, ours) +
        ")) AS n, (SELECT count(*) FROM (" + ours + ")) + (SELECT count(*) FROM (" + theirs +
        ")) AS total)";
    test.examples_sql = "SELECT " + lists.shown + " FROM (" + only(ours, theirs) + ")";
  }

  void compile_rows(const data::Schema& schema, std::vector<Check>& checks,
                    config::Findings& findings) const {
    std::vector<data::Column> ours;
    std::string list;
    for (const auto index : find_columns(x_read.checksum, schema, findings)) {
      ours.push_back(schema.columns[index]);
      list += (list.empty() ? "" : ", ") + quote_identifier(ours.back().name);
    }
    if (ours.empty()) return;
    auto check = make("checksum", "");
    auto& test = std::get<SetTest>(check.test);
    write_rows(test, lists_of(ours, ours), other());
    test.other_sql = "SELECT " + list + " FROM " + other();
    test.meet = [ours, from = other()](SetTest& met, const data::Schema& bound) {
      write_rows(met, lists_of(ours, bound.columns), from);
    };
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
