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

/// Why datasets are not there, in order of work: left out themselves, or for what they read, unless
/// they find that empty.
using LeftOut = std::map<std::string, std::string>;

void look_at(const LiveRun& run, const std::string& dataset, LeftOut& left_out) {
  if (const auto why = skipped(run, dataset)) left_out.emplace(dataset, *why);
  const auto* model = run.plan.model(dataset);
  if (model == nullptr || left_out.contains(dataset)) return;
  for (const auto& input : model->inputs) {
    const auto found = left_out.find(input);
    if (found == left_out.end() || condition_of(run.plan, input).leaves_empty) continue;
    left_out.emplace(dataset, found->second);
    return;
  }
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
  if (auto why = skipped(run, sink.growing_source)) return why;
  LeftOut left_out;
  for (const auto& name : sink.upstream) look_at(run, name, left_out);
  const auto found = left_out.find(sink.from);
  if (found == left_out.end()) return std::nullopt;
  return found->second;
}

Status tell_counts(engine::Session& session, const engine::DatasetCounts& counts) {
  const auto set = [&](const char* count, std::uint64_t value) {
    return session.execute("SET VARIABLE " +
                           quote_identifier("nodes." + counts.dataset + "." + count) + " = " +
                           std::to_string(value));
  };
  TRY(set("rows", counts.passed_on));
  TRY(set("read", counts.read));
  return set("quarantined", counts.quarantined - counts.above_records);
}

}  // namespace leat::run
