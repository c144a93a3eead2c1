#pragma once

#include <string>
#include <vector>

#include "core/sink.hpp"
#include "plan/engine_access.hpp"
#include "plan/pipeline_file.hpp"

namespace leat::plan {

/// What a sink's strategy works by, judged against the columns of its dataset.
///
/// `inherited` is the key of its model. Findings: a key that is missing, one that the strategy has
/// no use for, unknown columns, types that do not fit, SQL that does not bind.
StrategyOptions plan_strategy(const FileSink& draft, const std::vector<std::string>& inherited,
                              const SinkSpec& spec, const data::Schema& schema,
                              const PlanServices& services, config::Findings& findings);

}  // namespace leat::plan
