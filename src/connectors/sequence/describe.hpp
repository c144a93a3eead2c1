#pragma once

#include "core/catalog.hpp"

namespace leat::connectors::sequence {

void describe(Catalog& catalog);

}  // namespace leat::connectors::sequence
