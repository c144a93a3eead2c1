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

const config::OptionTable<Options>& not_options() {
  static const auto table = config::option_table<Options>(column_options<Options>({
      config::option("regex", &Options::regex,
                     "Must match nowhere in the text; `^` and `$` bind it to the whole. RE2 "
                     "syntax, linear time.")
          .required()
          .length(1, 0),
  }));
  return table;
}

std::unique_ptr<CheckSpec> make(const char* kind, const char* complaint,
                                const std::optional<Options>& read) {
  if (!read) return nullptr;
  KernelCheck check;
  check.kind = kind;
  check.options = *read;
  check.needs_type = true;
  check.args.pattern = read->regex.text;
  check.parts.push_back({check.args, read->regex.place, read->regex.length});
  check.complaint = complaint + read->regex.text;
  return make_kernel_check(std::move(check));
}

std::unique_ptr<CheckSpec> parse(const config::Node& value, config::Findings& findings) {
  return make("pattern", " is {value}, which does not match ",
              read_long_form(options(), "pattern", value, findings));
}

std::unique_ptr<CheckSpec> parse_not(const config::Node& value, config::Findings& findings) {
  return make("not_pattern", " is {value}, which matches ",
              read_long_form(not_options(), "not_pattern", value, findings));
}

}  // namespace

CheckEntry not_pattern() {
  return {.name = "not_pattern",
          .summary = "The text does not match a regular expression.",
          .example = "not_pattern: {column: name, regex: '[<>]'}",
          .null_rule = "a null passes",
          .check_class = CheckClass::stateless,
          .dimension = Dimension::validity,
          .options = &not_options(),
          .parse = parse_not};
}

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
