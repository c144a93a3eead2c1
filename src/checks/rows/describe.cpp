#include "checks/rows/describe.hpp"

#include "checks/rows/entries.hpp"

namespace leat::checks::rows {

void describe(Catalog& catalog) {
  catalog.add(not_null());
  catalog.add(range());
  catalog.add(accepted_values());
  catalog.add(pattern());
  catalog.add(castable());
  catalog.add(expression());
  catalog.add(unique());
  for (const auto* name :
       {"not_empty", "type", "positive", "non_negative", "not_accepted_values", "not_pattern",
        "length", "format", "ordered", "increasing", "decreasing", "no_gaps",
        "unique_combination", "relationship"}) {
    catalog.add_later_check(name);
  }
}

}  // namespace leat::checks::rows
