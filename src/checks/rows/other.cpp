#include "checks/rows/other.hpp"

#include "base/names.hpp"

namespace leat::checks::rows {
namespace {

struct OtherOptions {
  std::string node;
  std::vector<std::string> columns;
};

const config::OptionTable<OtherOptions>& other_options() {
  using config::option;
  static const auto table = config::option_table<OtherOptions>({
      option("node", &OtherOptions::node, "The source or model.").required(),
      option("columns", &OtherOptions::columns, "Its columns.").required().items(1),
  });
  return table;
}

}  // namespace

std::optional<OtherColumns> read_other(const config::Node& node, config::Findings& findings) {
  OtherColumns other;
  other.place = node.place;
  other.length = node.length;
  if (node.is_scalar()) {
    const auto dot = node.text.find('.');
    if (dot == std::string::npos || dot == 0 || dot + 1 == node.text.size()) {
      findings.add(node, "`" + node.text + "` names no column of a node", "write node.column");
      return std::nullopt;
    }
    other.dataset = node.text.substr(0, dot);
    other.columns = {node.text.substr(dot + 1)};
    return other;
  }
  const auto read = config::read_options(other_options(), node, findings);
  if (!read) return std::nullopt;
  other.dataset = read->node;
  other.columns = read->columns;
  return other;
}

Check make_relation_check(const std::string& kind, const std::vector<std::string>& columns,
                          const ColumnOptions& options, const OtherColumns& other) {
  const auto key = quoted_names(columns);
  const auto theirs = quoted_names(other.columns);
  auto check = make_compare_check(kind, columns, options, compare(options.where.text, key, {}),
                                  among_sql(key, theirs), CheckClass::keyed);
  std::get<CompareTest>(check.test).other = other;
  check.message = join_names(columns, ", ") + " is {value}, which is not in " + other.dataset +
                  "." + join_names(other.columns, ", ");
  return check;
}

}  // namespace leat::checks::rows
