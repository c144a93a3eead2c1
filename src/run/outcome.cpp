#include "run/outcome.hpp"

#include <algorithm>

namespace leat::run {

Verdict verdict_of(OnFail on_fail) {
  switch (on_fail) {
    case OnFail::warn: return Verdict::warn;
    case OnFail::quarantine: return Verdict::warn;
    case OnFail::deduplicate: return Verdict::pass;
    case OnFail::hold: return Verdict::hold;
    case OnFail::fail: return Verdict::fail;
  }
  return Verdict::fail;
}

CheckOutcome blank_outcome(const std::string& dataset, const Check& check) {
  CheckOutcome outcome;
  outcome.dataset = dataset;
  outcome.id = check.id;
  if (check.name != check.id) outcome.name = check.name;
  outcome.description = check.description;
  outcome.dimension = name_of(check.dimension);
  outcome.on_fail = name_of(check.on_fail);
  outcome.severity = name_of(check.severity);
  return outcome;
}

namespace {

/// Below its share a check that sets rows aside holds what is left.
Verdict verdict_below_share(const Check& check) {
  if (check.mostly && takes_out(check.on_fail)) return Verdict::hold;
  return verdict_of(check.on_fail);
}

/// The shares of any two counts lie further apart than the slack, which only undoes rounding.
bool mostly_passes(const Check& check, const engine::CheckTally& tally) {
  constexpr double kSlack = 1e-14;
  if (!check.mostly) return false;
  return double(tally.judged - tally.failed) / double(tally.judged) >= *check.mostly - kSlack;
}

CheckOutcome judge_rows(const std::string& dataset, const Check& check,
                        const std::vector<engine::CheckTally>& tallies) {
  auto outcome = blank_outcome(dataset, check);
  const auto tally =
      std::find_if(tallies.begin(), tallies.end(), [&](const auto& t) { return t.id == check.id; });
  if (tally == tallies.end()) return outcome;
  outcome.rows_judged = tally->judged;
  outcome.rows_failed = tally->failed;
  if (tally->failed > 0 && !mostly_passes(check, *tally))
    outcome.verdict = verdict_below_share(check);
  return outcome;
}

CheckOutcome decode_outcome(const engine::DatasetCounts& counts) {
  CheckOutcome outcome;
  outcome.dataset = counts.dataset;
  outcome.id = "decode";
  outcome.dimension = name_of(Dimension::validity);
  outcome.on_fail = name_of(OnFail::quarantine);
  outcome.severity = name_of(Severity::medium);
  outcome.rows_judged = counts.read - counts.above_records;
  outcome.rows_failed = counts.undecodable;
  if (counts.undecodable > 0) outcome.verdict = Verdict::warn;
  return outcome;
}

}  // namespace

DatasetOutcome judge_dataset(const std::vector<Check>& checks, engine::DatasetCounts counts) {
  DatasetOutcome outcome;
  if (counts.undecodable > 0) outcome.checks.push_back(decode_outcome(counts));
  for (const auto& check : checks) {
    if (std::holds_alternative<SetTest>(check.test)) continue;  // See judge_sets.
    outcome.checks.push_back(judge_rows(counts.dataset, check, counts.checks));
  }
  outcome.tallies = counts.checks;
  outcome.counts = std::move(counts);
  return outcome;
}

}  // namespace leat::run
