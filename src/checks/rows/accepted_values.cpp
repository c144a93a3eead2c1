#include "checks/rows/entries.hpp"
#include "checks/rows/kernel_check.hpp"

namespace leat::checks::rows {
namespace {

struct Options : ColumnOptions {
  std::vector<Name> values;
};

const config::OptionTable<Options>& options() {
  using config::later;
  using config::option;
  static const auto table = config::option_table<Options>(column_options<Options>({
      option("values", &Options::values, "The values that pass.").required().items(1),
      later("from", "A dataset's column whose values pass."),
  }));
  return table;
}

std::unique_ptr<CheckSpec> parse(const config::Node& value, config::Findings& findings) {
  const auto read = read_long_form(options(), "accepted_values", value, findings);
  if (!read) return nullptr;
  KernelCheck check;
  check.kind = "accepted_values";
  check.options = *read;
  check.complaint = " is {value}, which is not one of the accepted values";
  for (const auto& accepted : read->values) {
    check.args.values.push_back(accepted.text);
    check.parts.push_back({{}, accepted.place, accepted.length});
    check.parts.back().args.values = {accepted.text};
  }
  return make_kernel_check(std::move(check));
}

}  // namespace

CheckEntry accepted_values() {
  return {.name = "accepted_values",
          .summary = "The value is one of a list.",
          .example = "accepted_values: {column: name, values: [north, south]}",
          .null_rule = "a null passes",
          .check_class = CheckClass::stateless,
          .dimension = Dimension::validity,
          .options = &options(),
          .parse = parse};
}

}  // namespace leat::checks::rows
