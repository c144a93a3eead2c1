#include "checks/rows/entries.hpp"
#include "checks/rows/kernel_check.hpp"

namespace leat::checks::rows {
namespace {

struct Options : ColumnOptions {};

const config::OptionTable<Options>& options() {
  static const auto table = config::option_table<Options>(column_options<Options>({}));
  return table;
}

std::unique_ptr<CheckSpec> parse(const char* kind, const char* complaint, const config::Node& value,
                                 config::Findings& findings) {
  const auto read = read_columns_form(options(), kind, value, findings);
  if (!read) return nullptr;
  KernelCheck check;
  check.kind = kind;
  check.options = *read;
  check.needs_type = true;
  check.complaint = complaint;
  return make_kernel_check(std::move(check));
}

}  // namespace

CheckEntry positive() {
  return {.name = "positive",
          .summary = "The number is above zero.",
          .example = "positive: [a]",
          .null_rule = "a null passes; zero and NaN fail, infinity passes",
          .check_class = CheckClass::stateless,
          .dimension = Dimension::validity,
          .options = &options(),
          .parse = [](const config::Node& value, config::Findings& findings) {
            return parse("positive", " is {value}, which is not above zero", value, findings);
          }};
}

CheckEntry non_negative() {
  return {.name = "non_negative",
          .summary = "The number is zero or above.",
          .example = "non_negative: [a]",
          .null_rule = "a null and -0.0 pass; NaN fails, infinity passes",
          .check_class = CheckClass::stateless,
          .dimension = Dimension::validity,
          .options = &options(),
          .parse = [](const config::Node& value, config::Findings& findings) {
            return parse("non_negative", " is {value}, which is below zero", value, findings);
          }};
}

}  // namespace leat::checks::rows
