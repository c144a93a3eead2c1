#pragma once

#include <string>

#include "report/fields.hpp"

namespace leat::report {

/// The pipeline's nodes from left to right, as a picture and as a list; empty where the run's
/// report has no graph.
std::string lineage(const json& run);

}  // namespace leat::report
