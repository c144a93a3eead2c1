#include "run/gate.hpp"

#include <cstdio>

#include "base/counted.hpp"
#include "base/quantity.hpp"

namespace leat::run {
namespace {

int gravity(Verdict verdict) {
  switch (verdict) {
    case Verdict::pass: return 0;
    case Verdict::warn: return 1;
    case Verdict::hold: return 2;
    case Verdict::fail: return 3;
  }
  return 3;
}

Verdict verdict_on_breach(OnBreach on_breach) {
  switch (on_breach) {
    case OnBreach::warn: return Verdict::warn;
    case OnBreach::hold: return Verdict::hold;
    case OnBreach::fail: return Verdict::fail;
  }
  return Verdict::fail;
}

void note(GateDecision& decision, Verdict verdict, std::string reason,
          std::vector<std::string>& warnings) {
  if (verdict == Verdict::pass) return;
  if (gravity(verdict) > gravity(decision.verdict)) decision.verdict = verdict;
  (verdict == Verdict::warn ? warnings : decision.reasons).push_back(std::move(reason));
}

std::string sentence(const CheckOutcome& outcome) {
  const auto what = outcome.dataset + ": " + label_of(outcome);
  if (!outcome.value.empty()) return what + " failed, " + measured_text(outcome);
  return what + " failed in " + format_count(outcome.rows_failed) + " of " +
         counted(outcome.rows_judged, "row");
}

void judge_quarantine(GateDecision& decision, const engine::DatasetCounts& counts,
                      const GatePolicy& policy) {
  const auto rows = counts.read - counts.above_records;
  if (!policy.max_quarantine || rows < kQuarantineJudgedFrom) return;
  const double share = double(counts.quarantined - counts.above_records) / double(rows);
  if (share <= *policy.max_quarantine) return;
  note(decision, verdict_on_breach(policy.on_breach),
       counts.dataset + ": " + percent(share) + " of the rows are in quarantine, above " +
           percent(*policy.max_quarantine) + " (policy.max_quarantine)",
       decision.warnings);
}

}  // namespace

std::string percent(double share) {
  char text[32];
  std::snprintf(text, sizeof text, "%.4g%%", share * 100);
  return text;
}

GateDecision decide(std::span<const DatasetOutcome* const> datasets, const Score& score,
                    const GatePolicy& policy) {
  GateDecision decision;
  for (const auto* dataset : datasets) {
    for (const auto& outcome : dataset->checks) {
      note(decision, outcome.verdict, sentence(outcome), decision.check_warnings);
    }
    judge_quarantine(decision, dataset->counts, policy);
  }
  if (score.total < policy.min_score) {
    char text[96];
    std::snprintf(text, sizeof text, "score %.2f is below %.4g (policy.min_score)", score.total,
                  policy.min_score);
    note(decision, verdict_on_breach(policy.on_breach), text, decision.warnings);
  }
  return decision;
}

}  // namespace leat::run
