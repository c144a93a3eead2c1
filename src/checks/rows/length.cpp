#include "checks/rows/entries.hpp"
#include "checks/rows/kernel_check.hpp"

namespace leat::checks::rows {
namespace {

struct Options : ColumnOptions {
  std::optional<std::uint64_t> min;
  std::optional<std::uint64_t> max;
  std::optional<std::uint64_t> equal;
};

const config::OptionTable<Options>& options() {
  using config::option;
  static const auto table = config::option_table<Options>(column_options<Options>({
      option("min", &Options::min, "The least number of characters."),
      option("max", &Options::max, "The greatest number of characters."),
      option("equal", &Options::equal, "Exactly so many characters."),
  }));
  return table;
}

std::string complaint(const Options& read) {
  const auto number = [](std::uint64_t count) { return std::to_string(count); };
  if (read.equal) return " is {value}, which has not " + number(*read.equal) + " characters";
  if (!read.max) return " is {value}, shorter than " + number(*read.min) + " characters";
  if (!read.min) return " is {value}, longer than " + number(*read.max) + " characters";
  return " is {value}, which has not " + number(*read.min) + " to " + number(*read.max) +
         " characters";
}

bool check_bounds(const Options& read, const config::Node& value, config::Findings& findings) {
  if (read.equal && (read.min || read.max)) {
    findings.add(value, "`equal` leaves nothing to `min` and `max`", "keep one of them");
  } else if (!read.equal && !read.min && !read.max) {
    findings.add(value, "`length` needs `min`, `max` or `equal`");
  } else if (read.min && read.max && *read.min > *read.max) {
    findings.add(*value.find("max"), "`max` is below `min`: no value passes");
  } else {
    return true;
  }
  return false;
}

std::unique_ptr<CheckSpec> parse(const config::Node& value, config::Findings& findings) {
  const auto read = read_long_form(options(), "length", value, findings);
  if (!read || !check_bounds(*read, value, findings)) return nullptr;
  KernelCheck check;
  check.kind = "length";
  check.options = *read;
  check.needs_type = true;
  check.complaint = complaint(*read);
  const auto min = read->equal ? read->equal : read->min;
  const auto max = read->equal ? read->equal : read->max;
  if (min) check.args.min = data::Bound{std::to_string(*min), false};
  if (max) check.args.max = data::Bound{std::to_string(*max), false};
  return make_kernel_check(std::move(check));
}

}  // namespace

CheckEntry length() {
  return {.name = "length",
          .summary = "The text has so many characters (code points, not bytes).",
          .example = "length: {column: name, min: 1, max: 40}",
          .null_rule = "a null passes; an empty text has length 0",
          .check_class = CheckClass::stateless,
          .dimension = Dimension::validity,
          .options = &options(),
          .parse = parse};
}

}  // namespace leat::checks::rows
