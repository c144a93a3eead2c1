#include "engine/compared_keys.hpp"

#include <utility>

#include "core/compare_check.hpp"

namespace leat::engine {

std::vector<Check> compared_keys(std::vector<Check> checks) {
  for (auto& check : checks) {
    const auto* key = std::get_if<KeyTest>(&check.test);
    if (key == nullptr) continue;
    const auto names = quoted_names(key->columns);
    const auto compared = compare(check.where_sql, names, names);
    CompareTest test;
    test.sql = verdict_sql(compared, "row_number() OVER (" + compared.partition + ") = 1");
    test.columns = key->columns;
    test.alone = true;
    check.test = std::move(test);
  }
  return checks;
}

std::vector<std::vector<Check>> looks_of(const std::vector<Check>& checks) {
  std::vector<std::vector<Check>> looks;
  std::vector<Check> side_by_side;
  for (const auto& check : checks) {
    const auto* test = std::get_if<CompareTest>(&check.test);
    if (test == nullptr) continue;
    if (test->alone) {
      looks.push_back({check});
    } else {
      side_by_side.push_back(check);
    }
  }
  if (!side_by_side.empty()) looks.push_back(std::move(side_by_side));
  return looks;
}

}  // namespace leat::engine
