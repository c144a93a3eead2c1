#include "run/slice_work.hpp"

#include <utility>

#include "run/change_limits.hpp"

namespace leat::run {

JudgeChange SliceWork::only_looks(std::optional<Difference>& found) {
  return [&found](const Difference& difference) -> Status {
    found = difference;
    return Error(Fault::data, "only looked at").refused();
  };
}

Result<std::vector<WouldPublish>> SliceWork::ask_targets() {
  TRY(auto decided, decide_all(x_run, publish_inputs()));
  std::vector<WouldPublish> all;
  for (std::size_t i = 0; i < x_sinks.size(); ++i) {
    TRY(auto would, ask_target(x_sinks[i], decided.plans[i]));
    all.push_back(std::move(would));
  }
  return all;
}

Result<WouldPublish> SliceWork::ask_target(StagedSink& staged, PublishDecision& decision) {
  const auto& node = *staged.node;
  WouldPublish would{node.name, staged.sink->place(), decision.receipt.rows_published,
                     {},        std::nullopt,         ""};
  const auto verdict = decision.gate.verdict;
  if (verdict == Verdict::hold || verdict == Verdict::fail) would.reasons = decision.gate.reasons;
  if (!is_comparable(node)) {
    would.why_not = "what `" + node.connector + "` publishes cannot be compared";
    return would;
  }
  decision.receipt.committed_at = x_run.services.clock->now();
  const auto done = staged.sink->commit(decision.receipt);
  would.difference = x_found[node.name];
  if (!would.difference && !done.ok()) return done.error();
  if (!would.difference) {
    return Error(Fault::internal, "a publish was made where it was only to be looked at");
  }
  const auto& limits = x_run.plan.policy.max_change;
  for (auto& why : run::breaches_of(*would.difference, limits, node.name)) {
    would.reasons.push_back(std::move(why));
  }
  return would;
}

}  // namespace leat::run
