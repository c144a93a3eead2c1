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
  catalog.add(not_empty());
  catalog.add(positive());
  catalog.add(non_negative());
  catalog.add(not_accepted_values());
  catalog.add(not_pattern());
  catalog.add(length());
  catalog.add(type());
  catalog.add(format());
  catalog.add(unique());
  catalog.add(unique_combination());
  catalog.add(ordered());
  catalog.add(increasing());
  catalog.add(decreasing());
  catalog.add(no_gaps());
  catalog.add(relationship());
}

}  // namespace leat::checks::rows
