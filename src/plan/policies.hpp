#pragma once

#include "config/findings.hpp"
#include "plan/pipeline_keys.hpp"
#include "plan/plan.hpp"

namespace leat::plan {

/// `policy` of the pipeline that `root` is. `fallback:` is not looked up among its sources.
Policy policy_of(const PolicyKeys& keys, const config::Node& root, config::Findings& findings);

}  // namespace leat::plan
