#include "checks/rows/entries.hpp"
#include "checks/rows/kernel_check.hpp"
#include "checks/rows/other.hpp"

namespace leat::checks::rows {
namespace {

struct Options : ColumnOptions {
  std::vector<Name> values;
  const config::Node* from = nullptr;
};

const config::OptionTable<Options>& options() {
  using config::option;
  static const auto table = config::option_table<Options>(column_options<Options>({
      option("values", &Options::values, "The values that pass.").items(1),
      option("from", &Options::from,
             "Instead of a list: the column of another source or model whose values pass, as "
             "node.column.")
          .example("prices.symbol"),
  }));
  return table;
}

const config::OptionTable<Options>& not_options() {
  static const auto table = config::option_table<Options>(column_options<Options>({
      config::option("values", &Options::values, "The values that fail.").required().items(1),
  }));
  return table;
}

std::unique_ptr<CheckSpec> make(const char* kind, const char* complaint, const Options& read) {
  KernelCheck check;
  check.kind = kind;
  check.options = read;
  check.complaint = complaint;
  for (const auto& accepted : read.values) {
    check.args.values.push_back(accepted.text);
    check.parts.push_back({{}, accepted.place, accepted.length});
    check.parts.back().args.values = {accepted.text};
  }
  return make_kernel_check(std::move(check));
}

/// Takes nulls out of what was listed: it would be the text "null", and no column has to fit that.
void refuse_nulls(const config::Node& value, std::vector<Name>& values,
                  config::Findings& findings) {
  const auto* listed = value.find("values");
  if (listed == nullptr) return;
  const auto refuse = [&](const config::Node& item) {
    if (!item.is_null()) return;
    findings.add(item, "null is no value to compare with: a null passes this check",
                 "leave it out, use `not_null` where nulls are to fail, or write \"null\" for the "
                 "text");
    std::erase_if(values, [&](const Name& one) {
      return one.place.line == item.place.line && one.place.column == item.place.column;
    });
  };
  refuse(*listed);
  for (const auto& item : listed->items) refuse(item);
}

/// The accepted values are those of another dataset.
class FromSpec final : public CheckSpec {
 public:
  FromSpec(Options read, OtherColumns other) : x_read(std::move(read)), x_other(std::move(other)) {}

  std::vector<Check> compile(const data::Schema& schema,
                             config::Findings& findings) const override {
    std::vector<Check> checks;
    for (const auto index : find_columns(x_read.columns, schema, findings)) {
      checks.push_back(
          make_relation_check("accepted_values", {schema.columns[index].name}, x_read, x_other));
    }
    return checks;
  }

 private:
  Options x_read;
  OtherColumns x_other;
};

std::unique_ptr<CheckSpec> parse(const config::Node& value, config::Findings& findings) {
  auto read = read_long_form(options(), "accepted_values", value, findings);
  if (!read) return nullptr;
  const auto listed = read->values.size();
  refuse_nulls(value, read->values, findings);
  if (listed > 0 && read->values.empty()) return nullptr;
  if ((read->from == nullptr) == read->values.empty()) {
    findings.add(value, "`accepted_values` needs `values` or `from`, one of them");
    return nullptr;
  }
  if (read->from != nullptr) {
    auto other = read_other(*read->from, findings);
    if (!other) return nullptr;
    if (other->columns.size() == 1) return std::make_unique<FromSpec>(*read, std::move(*other));
    findings.add(*read->from, "`from` is one column", "use `relationship` for several");
    return nullptr;
  }
  return make("accepted_values", " is {value}, which is not one of the accepted values", *read);
}

std::unique_ptr<CheckSpec> parse_not(const config::Node& value, config::Findings& findings) {
  auto read = read_long_form(not_options(), "not_accepted_values", value, findings);
  if (!read) return nullptr;
  refuse_nulls(value, read->values, findings);
  if (read->values.empty()) return nullptr;
  return make("not_accepted_values", " is {value}, which is one of the values to refuse", *read);
}

}  // namespace

CheckEntry not_accepted_values() {
  return {.name = "not_accepted_values",
          .summary = "The value is none of a list.",
          .example = "not_accepted_values: {column: name, values: [unknown, test]}",
          .null_rule = "a null passes; texts are compared as written",
          .check_class = CheckClass::stateless,
          .dimension = Dimension::validity,
          .options = &not_options(),
          .parse = parse_not};
}

CheckEntry accepted_values() {
  return {.name = "accepted_values",
          .summary = "The value is one of a list, or of another dataset's column.",
          .example = "accepted_values: {column: name, values: [north, south]}",
          .null_rule =
              "a null passes; texts are compared as written; with `from` it is keyed, and the "
              "other's nulls match nothing",
          .check_class = CheckClass::stateless,
          .dimension = Dimension::validity,
          .options = &options(),
          .parse = parse};
}

}  // namespace leat::checks::rows
