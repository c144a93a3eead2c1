#include "plan/condition.hpp"

#include <algorithm>
#include <array>

namespace leat::plan {
namespace {

constexpr std::string_view kNodes = "nodes.";

}  // namespace

std::vector<std::string> nodes_named(std::string_view written) {
  std::vector<std::string> names;
  for (auto at = written.find("{{"); at != written.npos; at = written.find("{{", at + 2)) {
    auto rest = written.substr(at + 2);
    rest.remove_prefix(std::min(rest.find_first_not_of(" \t\r\n"), rest.size()));
    if (!rest.starts_with(kNodes)) continue;
    rest.remove_prefix(kNodes.size());
    const std::string name(rest.substr(0, rest.find('.')));
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  return names;
}

Condition condition_of(const ConditionKeys& keys) {
  Condition condition;
  condition.leaves_empty = keys.when_skipped == "empty";
  if (!keys.when) return condition;
  condition.sql = keys.when->text;
  condition.written = keys.when->written;
  condition.needs = nodes_named(keys.when->written);
  return condition;
}

void add_node_values(const std::vector<std::string>& names, config::Values& values) {
  for (const auto& name : names) {
    for (const auto* count : {"rows", "read", "quarantined"}) {
      const auto full = std::string(kNodes) + name + "." + count;
      values.set(full, {config::ValueType::integer, "0", full});
    }
  }
}

}  // namespace leat::plan
