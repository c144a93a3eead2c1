#include "run/skips.hpp"

#include <algorithm>

#include "base/names.hpp"

namespace leat::run {
namespace {

/// The condition of the node that a dataset comes from.
const plan::Condition& condition_of(const plan::Plan& plan, const std::string& dataset) {
  const auto* source = plan.source(dataset);
  return source ? source->when : plan.model(dataset)->when;
}

}  // namespace

Result<bool> holds(engine::Session& session, const plan::Condition& condition,
                   const std::string& node) {
  if (condition.sql.empty()) return true;
  auto found = session.query("SELECT CAST((" + condition.sql + "\n) AS BOOLEAN)", 1);
  if (!found.ok()) return std::move(found).error().during("while judging `when` of " + node);
  return found->rows[0][0].value_or("false") == "true";
}

Status skip_sources(LiveRun& run) {
  for (const auto& source : run.plan.sources) {
    TRY(const bool part, holds(*run.session, source.when, source.name));
    if (!part) skip(run, source.name, source.name + " is left out: when " + source.when.written);
  }
  return {};
}

void skip(LiveRun& run, const std::string& dataset, std::string why) {
  run.skipped.emplace(dataset, std::move(why));
}

std::optional<std::string> skipped(const LiveRun& run, const std::string& dataset) {
  const auto found = run.skipped.find(dataset);
  if (found == run.skipped.end()) return std::nullopt;
  return found->second;
}

std::optional<std::string> skipped_below(const LiveRun& run, const plan::SinkNode& sink) {
  for (const auto& name : sink.upstream) {
    if (name != sink.from && name != sink.growing_source &&
        condition_of(run.plan, name).leaves_empty)
      continue;
    if (auto why = skipped(run, name)) return why;
  }
  return std::nullopt;
}

Status tell_counts(engine::Session& session, const engine::DatasetCounts& counts) {
  const auto set = [&](const char* count, std::uint64_t value) {
    return session.execute("SET VARIABLE " +
                           quote_identifier("nodes." + counts.dataset + "." + count) + " = " +
                           std::to_string(value));
  };
  TRY(set("rows", counts.passed_on));
  TRY(set("read", counts.read));
  return set("quarantined", counts.quarantined);
}

}  // namespace leat::run
