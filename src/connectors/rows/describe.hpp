#pragma once

#include "core/catalog.hpp"

namespace leat::connectors::rows {

void describe(Catalog& catalog);

}  // namespace leat::connectors::rows
