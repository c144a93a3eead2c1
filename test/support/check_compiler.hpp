#pragma once

#include <string>
#include <vector>

#include "config/yaml.hpp"
#include "core/catalog.hpp"

namespace leat::test {

/// A check written as in a pipeline file, compiled for a dataset.
struct CompiledChecks {
  std::vector<Check> checks;
  std::vector<std::string> complaints;  ///< "line:column message [hint]"
};

/// `yaml` is one check: "not_null: [a, b]".
inline CompiledChecks compile_check(const Catalog& catalog, const std::string& yaml,
                                    const data::Schema& schema) {
  CompiledChecks out;
  config::Findings findings;
  const auto node = config::parse_yaml(yaml, "p.yml", findings);
  if (node && node->entries.size() == 1) {
    const auto& [key, value] = node->entries[0];
    const auto* entry = catalog.check(key.text);
    if (entry == nullptr) {
      findings.add(key, "no such check");
    } else if (const auto spec = entry->parse(value, findings)) {
      out.checks = spec->compile(schema, findings);
    }
  }
  for (const auto& found : findings.take()) {
    out.complaints.push_back(std::to_string(found.place.line) + ":" +
                             std::to_string(found.place.column) + " " + found.message +
                             (found.hint.empty() ? "" : " [" + found.hint + "]"));
  }
  return out;
}

/// Columns by name and type.
inline data::Schema schema_of(const std::vector<std::pair<std::string, std::string>>& columns) {
  data::Schema schema;
  for (const auto& [name, type] : columns) {
    schema.columns.push_back({name, data::parse_type(type).value()});
  }
  return schema;
}

}  // namespace leat::test
