#include "run/forget.hpp"

namespace leat::run {
namespace {

Status forget(LiveRun& run, const state::Retention& retention) {
  TRY(const auto gone, run.services.store->forget(retention, run.services.clock->now()));
  if (!gone.empty()) {
    run.log->line("info", std::to_string(gone.size()) + " old runs are forgotten");
  }
  for (const auto& id : gone) {
    TRY(run.services.files->remove(log_path(run.plan.state, id)));
  }
  return {};
}

}  // namespace

void forget_history(LiveRun& run) {
  state::Retention retention;
  if (run.plan.retention.age) {
    retention.age = std::chrono::duration_cast<Micros>(*run.plan.retention.age);
  }
  retention.runs = run.plan.retention.runs;
  if (retention == state::Retention{}) return;
  const auto done = forget(run, retention);
  if (!done.ok()) run.log->line("warn", "old runs were not forgotten: " + done.error().text());
}

}  // namespace leat::run
