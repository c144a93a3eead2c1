#include "run/outcome.hpp"

#include <algorithm>

namespace leat::run {
namespace {

Verdict verdict_of(OnFail on_fail) {
  switch (on_fail) {
    case OnFail::warn: return Verdict::warn;
    case OnFail::quarantine: return Verdict::warn;
    case OnFail::hold: return Verdict::hold;
    case OnFail::fail: return Verdict::fail;
  }
  return Verdict::fail;
}

/// Below its share a check that sets rows aside holds what is left.
Verdict verdict_of(const Check& check) {
  if (check.mostly && check.on_fail == OnFail::quarantine) return Verdict::hold;
  return verdict_of(check.on_fail);
}

/// The shares of any two counts lie further apart than the slack, which only undoes rounding.
bool mostly_passes(const Check& check, const engine::CheckTally& tally) {
  constexpr double kSlack = 1e-14;
  if (!check.mostly) return false;
  return double(tally.judged - tally.failed) / double(tally.judged) >= *check.mostly - kSlack;
}

CheckOutcome blank(const std::string& dataset, const Check& check) {
  CheckOutcome outcome;
  outcome.dataset = dataset;
  outcome.id = check.id;
  outcome.dimension = name_of(check.dimension);
  outcome.on_fail = name_of(check.on_fail);
  return outcome;
}

CheckOutcome judge_set(const std::string& dataset, const Check& check, const SetTest& test,
                       std::uint64_t rows) {
  auto outcome = blank(dataset, check);
  outcome.value = std::to_string(rows);
  const auto value = double(rows);
  const bool holds = (!test.min || value >= *test.min) && (!test.max || value <= *test.max) &&
                     (!test.equal || value == *test.equal);
  if (!holds) {
    outcome.rows_failed = 1;
    outcome.verdict = verdict_of(check.on_fail);
  }
  return outcome;
}

CheckOutcome judge_rows(const std::string& dataset, const Check& check,
                        const std::vector<engine::CheckTally>& tallies) {
  auto outcome = blank(dataset, check);
  const auto tally =
      std::find_if(tallies.begin(), tallies.end(), [&](const auto& t) { return t.id == check.id; });
  if (tally == tallies.end()) return outcome;
  outcome.rows_judged = tally->judged;
  outcome.rows_failed = tally->failed;
  if (tally->failed > 0 && !mostly_passes(check, *tally)) outcome.verdict = verdict_of(check);
  return outcome;
}

CheckOutcome decode_outcome(const engine::DatasetCounts& counts) {
  CheckOutcome outcome;
  outcome.dataset = counts.dataset;
  outcome.id = "decode";
  outcome.dimension = name_of(Dimension::validity);
  outcome.on_fail = name_of(OnFail::quarantine);
  outcome.rows_judged = counts.read;
  outcome.rows_failed = counts.undecodable;
  if (counts.undecodable > 0) outcome.verdict = Verdict::warn;
  return outcome;
}

}  // namespace

DatasetOutcome judge_dataset(const std::vector<Check>& checks, engine::DatasetCounts counts) {
  DatasetOutcome outcome;
  if (counts.undecodable > 0) outcome.checks.push_back(decode_outcome(counts));
  for (const auto& check : checks) {
    if (const auto* set = std::get_if<SetTest>(&check.test)) {
      outcome.checks.push_back(judge_set(counts.dataset, check, *set, counts.passed_on));
    } else {
      outcome.checks.push_back(judge_rows(counts.dataset, check, counts.checks));
    }
  }
  outcome.tallies = counts.checks;
  outcome.counts = std::move(counts);
  return outcome;
}

}  // namespace leat::run
