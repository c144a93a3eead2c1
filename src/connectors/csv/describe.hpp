#pragma once

#include "core/catalog.hpp"

namespace leat::connectors::csv {

void describe(Catalog& catalog);

}  // namespace leat::connectors::csv
