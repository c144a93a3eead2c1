#include <algorithm>
#include <array>
#include <cctype>

#include "base/names.hpp"
#include "checks/rows/entries.hpp"
#include "checks/rows/row_check.hpp"
#include "core/compare_check.hpp"
#include "kernels/literal.hpp"

namespace leat::checks::rows {
namespace {

using data::TypeId;

struct Options : ColumnOptions {
  Options() { dimension = Dimension::consistency; }
  std::vector<Name> partition_by;
  std::optional<Name> step;
  bool strict = false;
};

const config::OptionTable<Options>& options() {
  using config::option;
  static const auto table = config::option_table<Options>(column_options<Options>({
      option("partition_by", &Options::partition_by,
             "Columns whose values part the rows into sequences of their own.")
          .example("[symbol]"),
      option("step", &Options::step,
             "From one value to the next: a number, or a time as `1 day`, `1 month`, `15 "
             "minutes`, `1h`. Default: 1, of a date 1 day. A month leads to the same day of the "
             "next, or to "
             "its last day where it has no such day; from the last day of a month to any later "
             "day of it too: 31 January, 28 February, 31 March.")
          .example("1 day"),
      option("strict", &Options::strict,
             "The next value is exactly a step further: doubles and half steps fail too."),
  }));
  return table;
}

bool is_time(const data::Type& type) {
  return type.id == TypeId::date || type.id == TypeId::timestamp || type.id == TypeId::timestamp_tz;
}

bool is_exact_number(const data::Type& type) { return type.is_numeric() && !type.is_floating(); }

/// The unit of a length of time, also as it is written in durations: "h"; empty: there is none.
std::string unit_of(std::string word) {
  static constexpr std::array<std::string_view, 8> kUnits{
      "millisecond", "second", "minute", "hour", "day", "week", "month", "year"};
  static constexpr std::array<std::string_view, 6> kShort{"ms", "s", "m", "h", "d", "w"};
  const auto known = std::find(kShort.begin(), kShort.end(), word);
  if (known != kShort.end()) return std::string(kUnits[std::size_t(known - kShort.begin())]);
  if (word.ends_with('s')) word.pop_back();
  return std::find(kUnits.begin(), kUnits.end(), word) == kUnits.end() ? "" : word;
}

/// "15 minutes" as SQL; nothing when it is no length of time.
std::optional<std::string> interval_sql(const std::string& text) {
  std::size_t digits = 0;
  while (digits < text.size() && std::isdigit(static_cast<unsigned char>(text[digits])) != 0) {
    ++digits;
  }
  if (digits == 0 || digits > 9 || text.find_first_not_of('0') >= digits) return std::nullopt;
  auto unit = to_lower(text.substr(digits));
  unit.erase(0, unit.find_first_not_of(' ') == std::string::npos ? 0 : unit.find_first_not_of(' '));
  unit = unit_of(unit);
  if (unit.empty()) return std::nullopt;
  return "INTERVAL '" + text.substr(0, digits) + " " + unit + "'";
}

bool is_in_months(const std::string& step_sql) {
  return step_sql.starts_with("INTERVAL") &&
         (step_sql.ends_with("month'") || step_sql.ends_with("year'"));
}

/// The first and the last value to which a step leads.
struct Reach {
  std::string first;
  std::string last;
};

/// Months have different lengths. A step leads to the same day of the month, or to the last day of
/// a month that has no such day. Behind the last day of a month the day of the sequence is not
/// known, so any later day of the month is reached too: 31 January, 28 February, 31 March.
Reach reach_of(const std::string& name, const std::string& step) {
  Reach reach;
  reach.first = "TRY(" + name + " + " + step + ")";
  reach.last = reach.first;
  if (!is_in_months(step)) return reach;
  const auto day = "CAST(" + name + " AS DATE)";
  const auto target = "CAST(" + name + " + " + step + " AS DATE)";
  reach.last = "TRY(CASE WHEN isfinite(" + name + ") AND last_day(" + day + ") = " + day +
               " THEN " + name + " + " + step + " + to_days(CAST(last_day(" + target + ") - " +
               target + " AS INTEGER)) ELSE " + name + " + " + step + " END)";
  return reach;
}

class NoGapsSpec final : public CheckSpec {
 public:
  explicit NoGapsSpec(Options read) : x_read(std::move(read)) {}

  std::vector<Check> compile(const data::Schema& schema,
                             config::Findings& findings) const override {
    const auto before = findings.size();
    const auto parts = ordering_columns(x_read.partition_by, schema, findings);
    std::vector<Check> checks;
    for (const auto index : find_columns(x_read.columns, schema, findings)) {
      const auto& column = schema.columns[index];
      const auto step = step_sql(column, findings);
      if (findings.size() == before) checks.push_back(judge(column, step, parts));
    }
    return checks;
  }

 private:
  std::string step_sql(const data::Column& column, config::Findings& findings) const {
    const auto& first = x_read.columns.front();
    if (!is_time(column.type) && !is_exact_number(column.type)) {
      findings.add(first.place,
                   "`no_gaps` judges whole numbers, decimals, dates and timestamps; `" +
                       column.name + "` is " + data::sql_of(column.type),
                   "", first.length);
      return "";
    }
    if (!x_read.step) {
      if (column.type.id == TypeId::date) return "INTERVAL '1 day'";
      if (!is_time(column.type)) return "1";
      findings.add(first.place, "`no_gaps` of a timestamp needs `step`", "write step: 1 hour",
                   first.length);
      return "";
    }
    return written_step(*x_read.step, column.type, findings);
  }

  static std::string written_step(const Name& step, const data::Type& type,
                                  config::Findings& findings) {
    if (is_time(type)) {
      if (const auto sql = interval_sql(step.text)) return *sql;
      findings.add(step.place, "`" + step.text + "` is no step of " + data::sql_of(type),
                   "write a number and second, minute, hour, day, week, month or year",
                   step.length);
      return "";
    }
    const auto whole = kernels::parse_whole(step.text, type.id == TypeId::decimal ? type.scale : 0,
                                            kernels::Rounding::down);
    if (whole && whole->exact && !whole->negative && whole->magnitude > 0) {
      if (const auto sql = kernels::sql_literal(step.text, type); sql.ok()) return *sql;
    }
    findings.add(step.place, "`" + step.text + "` is no step of " + data::sql_of(type),
                 "write a number above zero that the column can hold", step.length);
    return "";
  }

  Check judge(const data::Column& column, const std::string& step,
              const std::vector<std::string>& parts) const {
    const auto name = quote_identifier(column.name);
    const auto compared = compare(x_read.where.text, {name}, parts);
    const auto over =
        " OVER (" + compared.partition + " ORDER BY " + name + ", " + std::string(kOwnOrder) + ")";
    // A step beyond the type's last value is null: no value can leave a gap there.
    const auto reach = reach_of(name, step);
    const auto before = [&](const std::string& sql) { return "lag(" + sql + ")" + over; };
    auto fits = name + " <= " + before(reach.last);
    if (x_read.strict) fits += " AND " + name + " >= " + before(reach.first);
    if (x_read.strict && is_in_months(step) && column.type.id != TypeId::date) {
      const auto time = "TRY(epoch_us(" + name + ") % 86400000000)";
      fits += " AND coalesce(" + time + " = " + before(time) + ", true)";
    }
    const auto verdict = "(" + before(name) + " IS NULL OR coalesce(" + fits + ", " +
                         (x_read.strict ? "false" : "true") + "))";
    auto check = make_compare_check("no_gaps", {column.name}, x_read, compared, verdict,
                                    CheckClass::ordered);
    const auto shown = x_read.step ? x_read.step->text : is_time(column.type) ? "1 day" : "1";
    check.message = column.name + " is {value}, and none lies " + shown + " before it";
    return check;
  }

  Options x_read;
};

std::unique_ptr<CheckSpec> parse(const config::Node& value, config::Findings& findings) {
  auto read = read_columns_form(options(), "no_gaps", value, findings);
  if (!read) return nullptr;
  return std::make_unique<NoGapsSpec>(std::move(*read));
}

}  // namespace

CheckEntry no_gaps() {
  return {.name = "no_gaps",
          .summary =
              "In the order of the values, each lies at most a step behind the one before; "
              "the row behind a gap fails.",
          .example = "no_gaps: {column: a, step: 1}",
          .null_rule = "a null is not judged; equal values are no gap unless `strict`",
          .check_class = CheckClass::ordered,
          .dimension = Dimension::consistency,
          .options = &options(),
          .parse = parse};
}

}  // namespace leat::checks::rows
