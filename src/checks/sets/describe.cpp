#include "checks/sets/describe.hpp"

#include "checks/sets/entries.hpp"

namespace leat::checks::sets {

void describe(Catalog& catalog) {
  for (const auto& entry :
       {aggregate(), column_count(), columns(), completeness(), freshness(), null_rate(),
        outliers(), reconcile(), reference(), row_count(), sql()}) {
    catalog.add(entry);
  }
  for (const auto* name : {"distribution", "volume", "schema_drift"}) {
    catalog.add_later_check(name);
  }
}

}  // namespace leat::checks::sets
