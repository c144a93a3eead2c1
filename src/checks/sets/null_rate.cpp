#include "base/names.hpp"
#include "checks/sets/entries.hpp"
#include "checks/sets/set_check.hpp"

namespace leat::checks::sets {
namespace {

struct Options : SetOptions {
  Options() { dimension = Dimension::completeness; }
  std::vector<Name> columns;
  config::Share max{0};
};

const config::OptionTable<Options>& options() {
  static const auto table = [] {
    std::vector<config::TableLine<Options>> lines;
    add_column_lines(lines);
    lines.push_back(config::option("max", &Options::max, "The greatest share of nulls."));
    lines.push_back(where_option<Options>());
    return config::option_table<Options>(set_options(std::move(lines)));
  }();
  return table;
}

class NullRateSpec final : public CheckSpec {
 public:
  explicit NullRateSpec(Options read) : x_read(std::move(read)) {}

  std::vector<Check> compile(const data::Schema& schema,
                             config::Findings& findings) const override {
    std::vector<Check> checks;
    for (const auto index : find_columns(x_read.columns, schema, findings)) {
      checks.push_back(compile_column(schema.columns[index].name));
    }
    return checks;
  }

 private:
  Check compile_column(const std::string& column) const {
    auto check = make_check("null_rate", column, x_read);
    SetTest test;
    test.columns = {column};
    if (x_read.where.empty()) {
      test.measure = "null_share";
    } else {
      test.sql = "SELECT CASE WHEN count(*) = 0 THEN 0.0::DOUBLE ELSE (count(*) - count(" +
                 quote_identifier(column) + ")) / count(*) END AS value FROM " +
                 judged_rows(x_read);
    }
    test.max = double_literal(x_read.max.of_one);
    check.test = std::move(test);
    check.message = "share of nulls in " + column + " is {value}";
    return check;
  }

  Options x_read;
};

std::unique_ptr<CheckSpec> parse(const config::Node& value, config::Findings& findings) {
  Options read;
  if (!options().read(value, read, findings)) return nullptr;
  if (!check_column_keys(value, "null_rate", true, findings)) return nullptr;
  return std::make_unique<NullRateSpec>(std::move(read));
}

}  // namespace

CheckEntry null_rate() {
  return {.name = "null_rate",
          .summary = "Not too many values of a column are null.",
          .example = "null_rate: {columns: [a, b], max: 5%}",
          .null_rule = "nulls are counted; NaN and empty texts are values; without rows it passes",
          .check_class = CheckClass::set,
          .dimension = Dimension::completeness,
          .options = &options(),
          .parse = parse};
}

}  // namespace leat::checks::sets
