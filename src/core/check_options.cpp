#include "core/check_options.hpp"

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
