#include "checks/ready/describe.hpp"

#include "checks/ready/entries.hpp"

namespace leat::checks::ready {

void describe(Catalog& catalog) {
  catalog.add(measures());
  catalog.add(ohlc());
}

}  // namespace leat::checks::ready
