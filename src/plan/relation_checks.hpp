#pragma once

#include <string>

#include "config/findings.hpp"
#include "core/check.hpp"
#include "plan/draft.hpp"
#include "plan/engine_access.hpp"

namespace leat::plan {

/// Finds the dataset and the columns that a check compares rows with, and says what is wrong with
/// them: an unknown name, types that cannot be compared, a dataset that rests on the one judged.
/// Leaves the name as it was declared, and in `consults`. Where a column is `pii: hash` and the
/// other one is the hash of such a column, hash is compared with hash.
void bind_relation(Check& check, const std::string& dataset, const Draft& draft,
                   const PlanServices& services, config::Findings& findings);

/// The check consults a dataset, and rows go from here to there: "orders, customers, orders".
struct Consult {
  std::string dataset;
  std::string other;
  Place place;
  int length = 1;
};

/// Rows of a dataset must be there before those that are compared with them.
void refuse_circles(const std::vector<Consult>& consults, const Draft& draft,
                    config::Findings& findings);

}  // namespace leat::plan
