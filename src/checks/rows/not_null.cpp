#include "checks/rows/entries.hpp"
#include "checks/rows/kernel_check.hpp"

namespace leat::checks::rows {
namespace {

struct Options : ColumnOptions {
  Options() { dimension = Dimension::completeness; }
};

const config::OptionTable<Options>& options() {
  static const auto table = config::option_table<Options>(column_options<Options>({}));
  return table;
}

std::unique_ptr<CheckSpec> parse(const config::Node& value, config::Findings& findings) {
  const auto read = read_columns_form(options(), "not_null", value, findings);
  if (!read) return nullptr;
  KernelCheck check;
  check.kind = "not_null";
  check.options = *read;
  check.complaint = " is null";
  return make_kernel_check(std::move(check));
}

}  // namespace

CheckEntry not_null() {
  return {.name = "not_null",
          .summary = "The column has a value in every row.",
          .example = "not_null: [a, b]",
          .null_rule = "a null fails",
          .check_class = CheckClass::stateless,
          .dimension = Dimension::completeness,
          .options = &options(),
          .parse = parse};
}

}  // namespace leat::checks::rows
