#include <algorithm>
#include <array>

#include "base/names.hpp"
#include "checks/ready/entries.hpp"
#include "core/check_options.hpp"
#include "kernels/row_kernel.hpp"

namespace leat::checks::ready {
namespace {

/// A name with one of these words in it is a share in percent …
constexpr std::array<std::string_view, 7> kPercentWords{
    "rate", "rates", "prevalence", "percent", "percentage", "pct", "prev"};
/// … and with one of these a number of things.
constexpr std::array<std::string_view, 5> kCountWords{"count", "counts", "population", "pop",
                                                      "number"};

struct Options : CheckOptions {
  std::vector<ColumnName> columns{{"*", {}, 1}};
  std::vector<ColumnName> except;
};

const config::OptionTable<Options>& options() {
  using config::option;
  static const auto table = config::option_table<Options>(with_check_options<Options>(
      {
          option("columns", &Options::columns, "The columns whose names are looked at."),
          option("except", &Options::except, "Those of them that are left out."),
          where_option<Options>(),
          mostly_option<Options>(),
      },
      {{"warn", OnFail::warn},
       {"quarantine", OnFail::quarantine},
       {"hold", OnFail::hold},
       {"fail", OnFail::fail}}));
  return table;
}

/// "obesity_rate" has the words obesity and rate.
template <std::size_t N>
bool has_word(const std::string& name, const std::array<std::string_view, N>& words) {
  const auto lower = to_lower(name);
  std::size_t begin = 0;
  while (begin <= lower.size()) {
    const auto end = std::min(lower.find_first_of("_- .", begin), lower.size());
    const auto word = std::string_view(lower).substr(begin, end - begin);
    if (std::find(words.begin(), words.end(), word) != words.end()) return true;
    begin = end + 1;
  }
  return false;
}

class MeasuresSpec final : public CheckSpec {
 public:
  MeasuresSpec(Options read, const Place& place) : x_read(std::move(read)), x_place(place) {}

  std::vector<Check> compile(const data::Schema& schema,
                             config::Findings& findings) const override {
    std::vector<Check> checks;
    const auto before = findings.size();
    const auto left_out = find_columns(x_read.except, schema, findings);
    for (const auto index : find_columns(x_read.columns, schema, findings)) {
      const auto& column = schema.columns[index];
      const bool out = std::find(left_out.begin(), left_out.end(), index) != left_out.end();
      if (out || !column.type.is_numeric()) continue;
      if (has_word(column.name, kPercentWords)) {
        checks.push_back(within(column, "100"));
      } else if (has_word(column.name, kCountWords)) {
        checks.push_back(within(column, ""));
      }
    }
    if (checks.empty() && findings.size() == before) {
      findings.add(x_place,
                   "`measures` finds no number whose name says rate, prevalence, percent, "
                   "count or population");
    }
    return checks;
  }

 private:
  Check within(const data::Column& column, const std::string& max) const {
    auto check = make_check("measures", column.name, x_read);
    data::KernelArgs args;
    args.min = data::Bound{"0", false};
    if (!max.empty()) args.max = data::Bound{max, false};
    const auto sql = kernels::sql_form("range", column, args);
    check.test = RowTest{"range", column.name, args, sql.ok() ? *sql : ""};
    check.message =
        column.name + (max.empty() ? " is {value}, below 0" : " is {value}, not within 0 to 100");
    return check;
  }

  Options x_read;
  Place x_place;
};

std::unique_ptr<CheckSpec> parse(const config::Node& value, config::Findings& findings) {
  Options read;
  if (!options().read(value, read, findings)) return nullptr;
  return std::make_unique<MeasuresSpec>(std::move(read), value.place);
}

}  // namespace

CheckEntry measures() {
  return {.name = "measures",
          .summary =
              "Numbers are what their names say: a rate, prevalence, percent or pct lies "
              "within 0 to 100; a count, number or population is 0 or more.",
          .example = "measures: {columns: [rate, population]}",
          .null_rule =
              "a null passes; NaN is above every number; columns that are no numbers, or "
              "whose names say nothing, are not judged",
          .check_class = CheckClass::stateless,
          .dimension = Dimension::validity,
          .options = &options(),
          .parse = parse};
}

}  // namespace leat::checks::ready
