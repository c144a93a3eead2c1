#include "core/check_options.hpp"

#include <algorithm>

#include "base/names.hpp"

namespace leat {

config::EnumNames<Dimension> dimension_names() {
  config::EnumNames<Dimension> names;
  for (const auto dimension : {Dimension::completeness, Dimension::accuracy, Dimension::consistency,
                               Dimension::timeliness, Dimension::validity}) {
    names.emplace_back(std::string(name_of(dimension)), dimension);
  }
  return names;
}

config::EnumNames<Severity> severity_names() {
  config::EnumNames<Severity> names;
  for (const auto severity :
       {Severity::low, Severity::medium, Severity::high, Severity::critical}) {
    names.emplace_back(std::string(name_of(severity)), severity);
  }
  return names;
}

bool is_all(const ColumnName& name) { return name.text == "*"; }

std::vector<std::size_t> find_columns(const std::vector<ColumnName>& names,
                                      const data::Schema& schema, config::Findings& findings) {
  std::vector<std::size_t> found;
  const auto add = [&](std::size_t index) {
    if (std::find(found.begin(), found.end(), index) == found.end()) found.push_back(index);
  };
  for (const auto& name : names) {
    if (is_all(name)) {
      for (std::size_t i = 0; i < schema.size(); ++i) add(i);
    } else if (const auto index = schema.find(name.text)) {
      add(*index);
    } else {
      findings.add(name.place, "unknown column `" + name.text + "`",
                   name_hint(name.text, schema.names()), name.length);
    }
  }
  return found;
}

Check make_check(std::string kind, const std::string& about, const CheckOptions& options) {
  Check check;
  check.id = about.empty() ? kind : kind + "(" + about + ")";
  check.name = options.name.empty() ? check.id : options.name;
  check.kind = std::move(kind);
  check.description = options.description;
  check.where_sql = options.where.text;
  check.on_fail = options.on_fail;
  check.dimension = options.dimension;
  check.severity = options.severity;
  if (options.mostly) check.mostly = options.mostly->of_one;
  return check;
}

}  // namespace leat
