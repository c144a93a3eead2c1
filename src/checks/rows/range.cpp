#include <cstdlib>

#include "checks/rows/entries.hpp"
#include "checks/rows/kernel_check.hpp"

namespace leat::checks::rows {
namespace {

struct Options : ColumnOptions {
  std::optional<Name> min;
  std::optional<Name> max;
  bool exclusive = false;
};

const config::OptionTable<Options>& options() {
  using config::option;
  static const auto table = config::option_table<Options>(column_options<Options>({
      option("min", &Options::min, "The least value that passes: a number, a date, a time."),
      option("max", &Options::max, "The greatest value that passes."),
      option("exclusive", &Options::exclusive, "The bounds themselves fail."),
  }));
  return table;
}

std::optional<double> number(const Name& bound) {
  char* end = nullptr;
  const double value = std::strtod(bound.text.c_str(), &end);
  if (end == bound.text.c_str() || *end != '\0') return std::nullopt;
  return value;
}

/// " is {value}, not within 0 to 100"
std::string complaint(const Options& read) {
  const std::string_view edge = read.exclusive ? "or at " : "";
  if (!read.max) return " is {value}, below " + std::string(edge) + read.min->text;
  if (!read.min) return " is {value}, above " + std::string(edge) + read.max->text;
  return " is {value}, not within " + read.min->text + " to " + read.max->text;
}

bool check_bounds(const Options& read, const config::Node& value, config::Findings& findings) {
  if (!read.min && !read.max)
    return findings.add(value, "`range` needs `min` or `max`", "for example min: 0"), false;
  if (!read.min || !read.max) return true;
  const auto low = number(*read.min);
  const auto high = number(*read.max);
  if (!low || !high || *low <= *high) return true;
  findings.add(read.max->place, "`max` is below `min`: no value passes",
               "put the smaller one into `min`", read.max->length);
  return false;
}

std::unique_ptr<CheckSpec> parse(const config::Node& value, config::Findings& findings) {
  const auto read = read_long_form(options(), "range", value, findings);
  if (!read || !check_bounds(*read, value, findings)) return nullptr;
  KernelCheck check;
  check.kind = "range";
  check.options = *read;
  check.needs_type = true;
  check.complaint = complaint(*read);
  if (read->min) {
    check.args.min = data::Bound{read->min->text, read->exclusive};
    check.parts.push_back({{}, read->min->place, read->min->length});
    check.parts.back().args.min = check.args.min;
  }
  if (read->max) {
    check.args.max = data::Bound{read->max->text, read->exclusive};
    check.parts.push_back({{}, read->max->place, read->max->length});
    check.parts.back().args.max = check.args.max;
  }
  return make_kernel_check(std::move(check));
}

}  // namespace

CheckEntry range() {
  return {.name = "range",
          .summary = "The value lies between two bounds.",
          .example = "range: {column: a, min: 0, max: 100}",
          .null_rule = "a null passes; NaN is above every number",
          .check_class = CheckClass::stateless,
          .dimension = Dimension::validity,
          .options = &options(),
          .parse = parse};
}

}  // namespace leat::checks::rows
