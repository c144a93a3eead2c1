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
  const auto read = read_columns_form(options(), "not_empty", value, findings);
  if (!read) return nullptr;
  KernelCheck check;
  check.kind = "not_empty";
  check.options = *read;
  check.needs_type = true;
  check.complaint = " is empty";
  return make_kernel_check(std::move(check));
}

}  // namespace

CheckEntry not_empty() {
  return {.name = "not_empty",
          .summary = "The text, blob or list has something in it.",
          .example = "not_empty: [name]",
          .null_rule = "a null fails, and so does a text of ASCII blanks alone",
          .check_class = CheckClass::stateless,
          .dimension = Dimension::completeness,
          .options = &options(),
          .parse = parse};
}

}  // namespace leat::checks::rows
