#pragma once

#include "core/catalog.hpp"

namespace leat::connectors::verdict {

void describe(Catalog& catalog);

}  // namespace leat::connectors::verdict
