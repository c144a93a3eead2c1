#pragma once

#include "plan/draft.hpp"

namespace leat::plan {

/// Joins the sources that stand in for others, and complains of those whose columns nobody knows.
/// After all sources are known.
void settle_failures(Draft& draft, config::Findings& findings);

}  // namespace leat::plan
