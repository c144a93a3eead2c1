#include "checks/rows/entries.hpp"
#include "checks/rows/other.hpp"

namespace leat::checks::rows {
namespace {

struct Options : ColumnOptions {
  Options() { dimension = Dimension::consistency; }
  const config::Node* to = nullptr;
};

const config::OptionTable<Options>& options() {
  static const auto table = config::option_table<Options>(column_options<Options>({
      config::option("to", &Options::to,
                     "The key it must be among: node.column, or {node: name, columns: [a, b]}.")
          .example("prices.symbol")
          .required(),
  }));
  return table;
}

class RelationshipSpec final : public CheckSpec {
 public:
  RelationshipSpec(Options read, OtherColumns other)
      : x_read(std::move(read)), x_other(std::move(other)) {}

  std::vector<Check> compile(const data::Schema& schema,
                             config::Findings& findings) const override {
    const auto before = findings.size();
    std::vector<std::string> columns;
    for (const auto index : find_columns(x_read.columns, schema, findings)) {
      columns.push_back(schema.columns[index].name);
    }
    if (findings.size() != before) return {};
    if (columns.size() != x_other.columns.size()) {
      findings.add(x_other.place,
                   "a key of " + std::to_string(columns.size()) + " columns cannot be among " +
                       std::to_string(x_other.columns.size()) + " of " + x_other.dataset,
                   "", x_other.length);
      return {};
    }
    return {make_relation_check("relationship", columns, x_read, x_other)};
  }

 private:
  Options x_read;
  OtherColumns x_other;
};

std::unique_ptr<CheckSpec> parse(const config::Node& value, config::Findings& findings) {
  auto read = read_long_form(options(), "relationship", value, findings);
  if (!read) return nullptr;
  auto other = read_other(*read->to, findings);
  if (!other) return nullptr;
  return std::make_unique<RelationshipSpec>(std::move(*read), std::move(*other));
}

}  // namespace

CheckEntry relationship() {
  return {
      .name = "relationship",
      .summary =
          "The key is among the keys of another source or model; several columns are "
          "one key. The other's rows are those that its own checks leave.",
      .example = "relationship: {column: a, to: other.b}",
      .null_rule = "a row with a null in its key is not judged; the other's nulls match nothing",
      .check_class = CheckClass::keyed,
      .dimension = Dimension::consistency,
      .options = &options(),
      .parse = parse};
}

}  // namespace leat::checks::rows
