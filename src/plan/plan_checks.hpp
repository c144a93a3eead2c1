#pragma once

#include <map>

#include "plan/draft.hpp"
#include "plan/engine_access.hpp"

namespace leat::plan {

/// One check as it stands in the file: `- range: {…}`.
struct DraftCheck {
  std::string dataset;
  const config::Node* dataset_key = nullptr;
  std::string kind;
  const config::Node* kind_key = nullptr;
  const config::Node* value = nullptr;
};

/// Compiled checks by dataset, ids unique in each.
using ChecksByDataset = std::map<std::string, std::vector<Check>>;

ChecksByDataset plan_checks(const std::vector<DraftCheck>& checks, const PlanServices& services,
                            const Draft& draft, config::Findings& findings);

}  // namespace leat::plan
