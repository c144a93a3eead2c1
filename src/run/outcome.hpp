#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/check.hpp"
#include "core/receipt.hpp"
#include "engine/pass.hpp"

namespace leat::run {

/// What a run learned about one dataset.
struct DatasetOutcome {
  engine::DatasetCounts counts;
  std::vector<CheckOutcome> checks;         ///< Set checks and `decode` included.
  std::vector<engine::CheckTally> tallies;  ///< With example rows, for people.
};

/// Judges the set checks from the counts and turns every tally into an outcome.
DatasetOutcome judge_dataset(const std::vector<Check>& checks, engine::DatasetCounts counts);

}  // namespace leat::run
