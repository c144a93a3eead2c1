#include "checks/sets/row_count.hpp"

#include "core/check_options.hpp"

namespace leat::checks::sets {
namespace {

constexpr long double kCountMax = 9'007'199'254'740'992;  ///< Exact as a double.

struct Options : CheckOptions {
  Options() {
    on_fail = OnFail::hold;
    dimension = Dimension::completeness;
  }
  std::optional<std::uint64_t> min;
  std::optional<std::uint64_t> max;
  std::optional<std::uint64_t> equal;
};

const config::OptionTable<Options>& options() {
  using config::option;
  static const auto table = config::option_table<Options>(with_check_options<Options>(
      {
          option("min", &Options::min, "The least number of rows.").between(0, kCountMax),
          option("max", &Options::max, "The greatest number of rows.").between(0, kCountMax),
          option("equal", &Options::equal, "The number of rows.").between(0, kCountMax),
          config::later("equal_to", "A node that has as many rows."),
      },
      {{"warn", OnFail::warn}, {"hold", OnFail::hold}, {"fail", OnFail::fail}}));
  return table;
}

/// "row count is {value}, not within 1 to 10"
std::string complaint(const Options& read) {
  const std::string count = "row count is {value}, ";
  if (read.equal) return count + "not " + std::to_string(*read.equal);
  if (!read.max) return count + "below " + std::to_string(*read.min);
  if (!read.min) return count + "above " + std::to_string(*read.max);
  return count + "not within " + std::to_string(*read.min) + " to " + std::to_string(*read.max);
}

class RowCountSpec final : public CheckSpec {
 public:
  explicit RowCountSpec(Options read) : x_read(std::move(read)) {}

  std::vector<Check> compile(const data::Schema&, config::Findings&) const override {
    auto check = make_check("row_count", "", x_read);
    SetTest test{"row_count", {}, {}, {}};
    if (x_read.min) test.min = double(*x_read.min);
    if (x_read.max) test.max = double(*x_read.max);
    if (x_read.equal) test.equal = double(*x_read.equal);
    check.test = test;
    check.message = complaint(x_read);
    return {std::move(check)};
  }

 private:
  Options x_read;
};

bool check_bounds(const Options& read, const config::Node& value, config::Findings& findings) {
  if (!read.min && !read.max && !read.equal) {
    return findings.add(value, "`row_count` needs `min`, `max` or `equal`"), false;
  }
  if (read.equal && (read.min || read.max)) {
    return findings.add(value, "`equal` leaves nothing to say for `min` and `max`"), false;
  }
  if (read.min && read.max && *read.max < *read.min) {
    return findings.add(*value.find("max"), "`max` is below `min`: no count passes"), false;
  }
  return true;
}

std::unique_ptr<CheckSpec> parse(const config::Node& value, config::Findings& findings) {
  Options read;
  if (!options().read(value, read, findings)) return nullptr;
  if (!check_bounds(read, value, findings)) return nullptr;
  return std::make_unique<RowCountSpec>(std::move(read));
}

}  // namespace

CheckEntry row_count() {
  return {.name = "row_count",
          .summary = "The dataset has as many rows as it should.",
          .example = "row_count: {min: 1}",
          .null_rule = "nulls do not matter",
          .check_class = CheckClass::set,
          .dimension = Dimension::completeness,
          .options = &options(),
          .parse = parse};
}

}  // namespace leat::checks::sets
