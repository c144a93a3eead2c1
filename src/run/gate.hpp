#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/receipt.hpp"
#include "run/outcome.hpp"
#include "run/score.hpp"

namespace leat::run {

/// What to do when a policy of the pipeline is broken.
enum class OnBreach { warn, hold, fail };

struct GatePolicy {
  std::optional<double> max_quarantine;  ///< Share of a dataset's rows; nothing: no limit.
  double min_score = 0;
  OnBreach on_breach = OnBreach::hold;
  Weights weights = default_weights();
};

/// What decides after staging.
struct GateDecision {
  Verdict verdict = Verdict::pass;   ///< The gravest of all.
  std::vector<std::string> reasons;  ///< One sentence each, for everything graver than a warning.
  std::vector<std::string> warnings;
  std::vector<std::string> check_warnings;  ///< Of checks, whose outcomes tell the same.
};

/// A share of quarantined rows is judged from so many rows up: in a handful one bad row is a lot.
constexpr std::uint64_t kQuarantineJudgedFrom = 100;

/// "2.5%"
std::string percent(double share);

/// `datasets`: all that lie upstream of one sink.
GateDecision decide(std::span<const DatasetOutcome* const> datasets, const Score& score,
                    const GatePolicy& policy);

}  // namespace leat::run
