#pragma once

#include "core/catalog.hpp"

namespace leat::checks::sets {

CheckEntry aggregate();
CheckEntry column_count();
CheckEntry columns();
CheckEntry completeness();
CheckEntry freshness();
CheckEntry null_rate();
CheckEntry outliers();
CheckEntry reconcile();
CheckEntry reference();
CheckEntry row_count();
CheckEntry sql();

}  // namespace leat::checks::sets
