#include "run/change_limits.hpp"

#include "base/counted.hpp"
#include "base/quantity.hpp"
#include "run/gate.hpp"

namespace leat::run {

OnBreach on_breach_of(const plan::Policy& policy) {
  switch (policy.on_breach) {
    case plan::Policy::Breach::warn: return OnBreach::warn;
    case plan::Policy::Breach::hold: return OnBreach::hold;
    case plan::Policy::Breach::fail: return OnBreach::fail;
    case plan::Policy::Breach::fallback: return OnBreach::hold;
  }
  return OnBreach::fail;
}

bool is_comparable(const plan::SinkNode& sink) {
  return sink.spec->compares() && !sink.spec->replaces_partitions() && sink.spec->keeps_rows();
}

std::shared_ptr<ChangeVerdict> change_verdict(const plan::Policy& policy,
                                              const plan::SinkNode& sink) {
  if (!policy.max_change.any() || !sink.spec->keeps_rows()) return nullptr;
  auto verdict = std::make_shared<ChangeVerdict>();
  verdict->limits = policy.max_change;
  verdict->on_breach = on_breach_of(policy);
  verdict->sink = sink.name;
  return verdict;
}

JudgeChange judge_of(std::shared_ptr<ChangeVerdict> verdict) {
  return [verdict = std::move(verdict)](const Difference& difference) -> Status {
    verdict->reasons = breaches_of(difference, verdict->limits, verdict->sink);
    if (verdict->reasons.empty() || verdict->on_breach == OnBreach::warn) return {};
    verdict->is_refused = true;
    return Error(Fault::data, verdict->reasons.front()).refused();
  };
}

std::vector<std::string> breaches_of(const Difference& difference, const plan::MaxChange& limits,
                                     const std::string& sink) {
  std::vector<std::string> reasons;
  if (difference.before == 0) return reasons;
  const auto judge = [&](const char* what, std::uint64_t rows, const std::optional<double>& limit) {
    const double share = double(rows) / double(difference.before);
    if (!limit || share <= *limit) return;
    reasons.push_back(sink + ": " + counted(rows, "row") + " would be " + what + " where " +
                      counted(difference.before, "is", "are") + ": " + percent(share) + ", above " +
                      percent(*limit) + " (policy.max_change." + what + ")");
  };
  judge("added", difference.added, limits.added);
  judge("removed", difference.removed, limits.removed);
  judge("changed", difference.changed, limits.changed);
  return reasons;
}

}  // namespace leat::run
