#include "base/names.hpp"
#include "checks/sets/entries.hpp"
#include "checks/sets/set_check.hpp"

namespace leat::checks::sets {
namespace {

struct Options : SetOptions {
  Options() { dimension = Dimension::timeliness; }
  Name column;
  config::Duration max_age;
};

const config::OptionTable<Options>& options() {
  using config::option;
  static const auto table = config::option_table<Options>(set_options<Options>({
      option("column", &Options::column, "A date, which is its midnight, or a timestamp; in UTC.")
          .required(),
      option("max_age", &Options::max_age, "So old may the newest row be.")
          .required()
          .example("2d"),
      config::later("baseline", "Compare with what was usual."),
  }));
  return table;
}

class FreshnessSpec final : public CheckSpec {
 public:
  explicit FreshnessSpec(Options read) : x_read(std::move(read)) {}

  std::vector<Check> compile(const data::Schema& schema,
                             config::Findings& findings) const override {
    const auto* column = find_column(x_read.column, schema, findings);
    if (column == nullptr) return {};
    const auto id = column->type.id;
    if (id != data::TypeId::date && id != data::TypeId::timestamp &&
        id != data::TypeId::timestamp_tz) {
      findings.add(x_read.column.place,
                   "`freshness` needs a date or a timestamp, and `" + column->name + "` is " +
                       data::sql_of(column->type),
                   "", x_read.column.length);
      return {};
    }
    auto check = make_check("freshness", column->name, x_read);
    SetTest test;
    test.measure = "max";
    test.columns = {column->name};
    test.age_max = x_read.max_age.length;
    check.test = std::move(test);
    check.message = "the newest " + column->name + " is {value}";
    return {std::move(check)};
  }

 private:
  Options x_read;
};

std::unique_ptr<CheckSpec> parse(const config::Node& value, config::Findings& findings) {
  Options read;
  if (!options().read(value, read, findings)) return nullptr;
  return std::make_unique<FreshnessSpec>(std::move(read));
}

}  // namespace

CheckEntry freshness() {
  return {.name = "freshness",
          .summary = "The newest row is not too old.",
          .example = "freshness: {column: a, max_age: 2d}",
          .null_rule = "nulls are left out; without any value it fails; the future passes",
          .check_class = CheckClass::set,
          .dimension = Dimension::timeliness,
          .options = &options(),
          .parse = parse};
}

}  // namespace leat::checks::sets
