#include "checks/rows/entries.hpp"
#include "checks/rows/kernel_check.hpp"

namespace leat::checks::rows {
namespace {

struct Options : ColumnOptions {
  Name regex;
};

const config::OptionTable<Options>& options() {
  static const auto table = config::option_table<Options>(column_options<Options>({
      config::option("regex", &Options::regex,
                     "Has to match somewhere in the text; `^` and `$` bind it to the whole. RE2 "
                     "syntax, linear time.")
          .required()
          .length(1, 0),
  }));
  return table;
}

std::unique_ptr<CheckSpec> parse(const config::Node& value, config::Findings& findings) {
  const auto read = read_long_form(options(), "pattern", value, findings);
  if (!read) return nullptr;
  KernelCheck check;
  check.kind = "pattern";
  check.options = *read;
  check.needs_type = true;
  check.args.pattern = read->regex.text;
  check.parts.push_back({check.args, read->regex.place, read->regex.length});
  check.complaint = " is {value}, which does not match " + read->regex.text;
  return make_kernel_check(std::move(check));
}

}  // namespace

CheckEntry pattern() {
  return {.name = "pattern",
          .summary = "The text matches a regular expression.",
          .example = "pattern: {column: name, regex: '^[a-z]+$'}",
          .null_rule = "a null passes",
          .check_class = CheckClass::stateless,
          .dimension = Dimension::validity,
          .options = &options(),
          .parse = parse};
}

}  // namespace leat::checks::rows
