#include "checks/sets/describe.hpp"

#include "checks/sets/row_count.hpp"

namespace leat::checks::sets {

void describe(Catalog& catalog) {
  catalog.add(row_count());
  for (const auto* name :
       {"completeness", "column_count", "columns", "aggregate", "outliers", "reference",
        "distribution", "volume", "freshness", "null_rate", "schema_drift", "reconcile", "sql"}) {
    catalog.add_later_check(name);
  }
}

}  // namespace leat::checks::sets
