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

/// What becomes of a dataset that a check with this `on_fail` found wanting.
Verdict verdict_of(OnFail on_fail);

/// A check that passes, and has judged nothing yet.
CheckOutcome blank_outcome(const std::string& dataset, const Check& check);

/// Turns every tally into an outcome. Set checks come later: judge_sets.hpp.
DatasetOutcome judge_dataset(const std::vector<Check>& checks, engine::DatasetCounts counts);

}  // namespace leat::run
