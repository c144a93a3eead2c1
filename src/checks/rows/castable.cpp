#include <algorithm>
#include <string_view>

#include "checks/rows/entries.hpp"
#include "checks/rows/kernel_check.hpp"

namespace leat::checks::rows {
namespace {

struct Options : ColumnOptions {
  Name type;
  std::optional<Name> format;
};

const config::OptionTable<Options>& options() {
  using config::option;
  static const auto table = config::option_table<Options>(column_options<Options>({
      option("type", &Options::type, "The type that the value can be cast to.").required(),
      option("format", &Options::format, "How dates and times are written, as for strftime.")
          .example("'%d/%m/%Y'"),
  }));
  return table;
}

const config::OptionTable<Options>& type_options() {
  using config::option;
  static const auto table = config::option_table<Options>(column_options<Options>({
      option("type", &Options::type, "The type that holds the value without loss.").required(),
      option("format", &Options::format, "How dates and times are written, as for strftime.")
          .example("'%d/%m/%Y'"),
  }));
  return table;
}

/// What the engine knows behind a `%`, and behind `%-`, which takes a number without its zero.
constexpr std::string_view kLetters = "aAbBcdfgGhHIjmMnpSTuUVwWxXyYzZ%";
constexpr std::string_view kWithoutZero = "dHIjmMSy";

/// "%Q": the first part of a pattern that the engine does not know; empty: it knows all.
std::string unknown_part(std::string_view format) {
  for (std::size_t at = format.find('%'); at != format.npos; at = format.find('%', at)) {
    const bool is_short = format.substr(at + 1).starts_with('-');
    const auto letter = format.substr(std::min(at + (is_short ? 2 : 1), format.size()), 1);
    const auto known = is_short ? kWithoutZero : kLetters;
    if (letter.empty() || known.find(letter) == known.npos) {
      return std::string(format.substr(at, is_short ? 3 : 2));
    }
    at += is_short ? 3 : 2;
  }
  return "";
}

bool check_format(const Name& format, config::Findings& findings) {
  const auto unknown = unknown_part(format.text);
  if (unknown.empty()) return true;
  findings.add(format.place, "`" + unknown + "` is no part of a date or time",
               "for example %d.%m.%Y or %Y-%m-%d %H:%M:%S; a percent sign is %%", format.length);
  return false;
}

std::unique_ptr<CheckSpec> make(const char* kind, const char* complaint,
                                const std::optional<Options>& read, config::Findings& findings) {
  if (!read) return nullptr;
  if (read->format && !check_format(*read->format, findings)) return nullptr;
  const auto type = data::parse_type(read->type.text);
  if (!type.ok()) {
    const auto& error = type.error();
    findings.add(read->type.place, error.message(), error.hint_text(), read->type.length);
    return nullptr;
  }
  KernelCheck check;
  check.kind = kind;
  check.options = *read;
  check.args.type = *type;
  check.complaint = complaint + data::sql_of(*type);
  if (read->format) {
    check.args.format = read->format->text;
    check.parts.push_back({check.args, read->format->place, read->format->length});
    check.complaint += " written as " + read->format->text;
  }
  return make_kernel_check(std::move(check));
}

std::unique_ptr<CheckSpec> parse(const config::Node& value, config::Findings& findings) {
  return make("castable", " is {value}, which is no ",
              read_long_form(options(), "castable", value, findings), findings);
}

std::unique_ptr<CheckSpec> parse_type(const config::Node& value, config::Findings& findings) {
  return make("type", " is {value}, which is not a value of ",
              read_long_form(type_options(), "type", value, findings), findings);
}

}  // namespace

CheckEntry type() {
  return {.name = "type",
          .summary = "The value is one of a type: nothing is lost when it is cast.",
          .example = "type: {column: name, type: varchar}",
          .null_rule =
              "a null passes; 1.5 is no integer though it can be rounded to one, NaN is "
              "none either; a text holds a whole number or a decimal without exponent",
          .check_class = CheckClass::stateless,
          .dimension = Dimension::validity,
          .options = &type_options(),
          .parse = parse_type};
}

CheckEntry castable() {
  return {.name = "castable",
          .summary = "The value can be cast to a type.",
          .example = "castable: {column: name, type: varchar}",
          .null_rule = "a null passes; a value that is rounded passes too (see `type`)",
          .check_class = CheckClass::stateless,
          .dimension = Dimension::validity,
          .options = &options(),
          .parse = parse};
}

}  // namespace leat::checks::rows
