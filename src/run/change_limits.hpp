#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/sink.hpp"
#include "plan/plan.hpp"
#include "run/gate.hpp"

namespace leat::run {

/// What `policy.max_change` says of one publish, once its commit has been asked for.
struct ChangeVerdict {
  plan::MaxChange limits;
  OnBreach on_breach = OnBreach::hold;
  std::string sink;
  std::vector<std::string> reasons;  ///< One sentence for each limit that is passed.
  bool is_refused = false;           ///< So that nothing was published.
  bool falls_back = false;           ///< Another source can be read then.
};

OnBreach on_breach_of(const plan::Policy& policy);

/// Can rows that a sink has staged be compared with those that are there?
bool is_comparable(const plan::SinkNode& sink);

/// Null where nothing is asked of this sink.
std::shared_ptr<ChangeVerdict> change_verdict(const plan::Policy& policy,
                                              const plan::SinkNode& sink);

/// Fills the verdict; an error where the publish may not be.
JudgeChange judge_of(std::shared_ptr<ChangeVerdict> verdict);

/// Where there were no rows nothing is too much.
std::vector<std::string> breaches_of(const Difference& difference, const plan::MaxChange& limits,
                                     const std::string& sink);

}  // namespace leat::run
