#include "checks/rows/entries.hpp"
#include "checks/rows/kernel_check.hpp"
#include "checks/rows/named_formats.hpp"

namespace leat::checks::rows {
namespace {

struct Options : ColumnOptions {
  std::string format;
};

std::vector<std::string> names() {
  std::vector<std::string> all;
  for (const auto& format : named_formats()) all.push_back(format.name);
  return all;
}

std::string summary() {
  std::string text = "The name of the format.";
  for (const auto& format : named_formats())
    text += " " + format.name + ": " + format.summary + ".";
  return text;
}

const config::OptionTable<Options>& options() {
  static const auto table = config::option_table<Options>(column_options<Options>({
      config::option("format", &Options::format, summary()).required().choices(names()),
  }));
  return table;
}

std::unique_ptr<CheckSpec> parse(const config::Node& value, config::Findings& findings) {
  const auto read = read_long_form(options(), "format", value, findings);
  if (!read) return nullptr;
  KernelCheck check;
  check.kind = "format";
  check.options = *read;
  check.needs_type = true;
  check.args.format = read->format;
  check.args.pattern = find_format(read->format)->pattern;
  check.complaint = " is {value}, which is not written as " + read->format;
  return make_kernel_check(std::move(check));
}

}  // namespace

CheckEntry format() {
  return {.name = "format",
          .summary = "The text is written in a known format: an e-mail address, a UUID, a date.",
          .example = "format: {column: name, format: email}",
          .null_rule =
              "a null passes, an empty text fails; letters count as written: a country "
              "or currency code is in capitals",
          .check_class = CheckClass::stateless,
          .dimension = Dimension::validity,
          .options = &options(),
          .parse = parse};
}

}  // namespace leat::checks::rows
