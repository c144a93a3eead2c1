#include "run/slice_work.hpp"

#include <algorithm>
#include <filesystem>
#include <set>

#include "run/on_error.hpp"
#include "run/sealed_extracts.hpp"

namespace leat::run {

Status SliceWork::publish_all() {
  if (x_sinks.empty()) {
    end_extracts(x_run, x_order, x_report);
    return {};
  }
  const auto inputs = publish_inputs();
  auto decided = decide_all(x_run, inputs);
  if (!decided.ok()) {
    drop_all();
    return std::move(decided).error();
  }
  if (holds_what_is_not_kept(*decided)) {
    drop_all();
    x_run.wants_rows = true;
    return Error(Fault::data, "rows that are to be held were not kept");
  }
  x_report.breaches = breaches_of(*decided);
  x_report.warnings.insert(x_report.warnings.end(), decided->warnings.begin(),
                           decided->warnings.end());
  x_report.check_warnings = decided->check_warnings;
  for (std::size_t i = 0; i < inputs.size(); ++i) publish_one(inputs[i], decided->plans[i]);
  x_report.is_dropped = x_report.breaches.size() == x_sinks.size();
  if (!x_report.breaches.empty()) postpone_breached();
  if (x_report.is_dropped) {
    x_report.warnings.clear();
    x_report.check_warnings.clear();
    drop_all();
    end_extracts(x_run, x_order, x_report);
    return {};
  }
  forget_no_items();
  end_extracts(x_run, x_order, x_report);
  std::vector<state::PublishRecord> records;
  for (const auto& sink : x_sinks) records.push_back(sink.record);
  return x_run.services.store->settle(records);
}

bool SliceWork::holds_what_is_not_kept(const Decisions& decided) const {
  for (std::size_t i = 0; i < x_sinks.size(); ++i) {
    const bool holds = decided.plans[i].gate.verdict == Verdict::hold;
    if (holds && !x_sinks[i].staged.are_rows_kept) return true;
  }
  return false;
}

std::vector<PublishInput> SliceWork::publish_inputs() {
  std::vector<PublishInput> inputs;
  for (auto& sink : x_sinks) {
    inputs.push_back({&sink, &x_order.heads.at(sink.node->name), &x_order.slices,
                      &x_passes.at(sink.node->from), &x_report.datasets});
  }
  return inputs;
}

void SliceWork::publish_one(const PublishInput& input, const PublishDecision& decision) {
  auto& sink = *input.staged;
  if (is_breached(sink)) return drop(sink);
  auto report = publish_sink(x_run, input, decision);
  if (sink.change && sink.change->is_refused && sink.change->falls_back) {
    auto& why = x_report.breaches[sink.node->name];
    for (const auto& reason : report.reasons) why += (why.empty() ? "" : "; ") + reason;
    return drop(sink);
  }
  for (const auto& warning : report.warnings) x_report.warnings.push_back(warning);
  x_report.sinks.push_back(std::move(report));
  if (x_run.log) x_run.log->sink(x_report.sinks.back());
}

bool SliceWork::falls_back(const plan::SinkNode& sink) const {
  return !breached_sources(x_run, sink).empty();
}

/// By sink: why its gate closed, where a source can still be replaced for it.
std::map<std::string, std::string> SliceWork::breaches_of(const Decisions& decided) const {
  std::map<std::string, std::string> breaches;
  for (std::size_t i = 0; i < x_sinks.size(); ++i) {
    const auto& gate = decided.plans[i].gate;
    if (gate.verdict != Verdict::hold && gate.verdict != Verdict::fail) continue;
    if (!falls_back(*x_sinks[i].node)) continue;
    auto& why = breaches[x_sinks[i].node->name];
    for (const auto& reason : gate.reasons) why += (why.empty() ? "" : "; ") + reason;
  }
  return breaches;
}

bool SliceWork::is_breached(const StagedSink& sink) const {
  return x_report.breaches.contains(sink.node->name);
}

bool SliceWork::is_published(const std::function<bool(const StagedSink&)>& rests_on) const {
  return std::any_of(x_sinks.begin(), x_sinks.end(),
                     [&](const StagedSink& sink) { return !is_breached(sink) && rests_on(sink); });
}

/// They come later, and with them those that the bad rows left out. What is told of this slice is
/// what the others rest on.
void SliceWork::postpone_breached() {
  std::set<std::string> sources;
  for (const auto& [name, why] : x_report.breaches) {
    x_report.postponed.push_back(name);
    for (const auto* source : breached_sources(x_run, *x_run.plan.sink(name))) {
      sources.insert(source->name);
    }
  }
  std::erase_if(x_report.sinks, [&](const SinkReport& left_out) {
    if (left_out.verdict != SinkVerdict::unchanged) return false;
    const auto& node = *x_run.plan.sink(left_out.name);
    const bool waits = std::any_of(sources.begin(), sources.end(), [&](const auto& source) {
      return plan::Plan::needs(node, source);
    });
    if (waits) x_report.postponed.push_back(left_out.name);
    return waits;
  });
  x_report.skipped_before = x_skipped_before;
  std::erase_if(x_report.datasets, [&](const DatasetReport& dataset) {
    return !is_published(
        [&](const auto& sink) { return plan::Plan::needs(*sink.node, dataset.name); });
  });
  std::erase_if(x_report.segments, [&](const std::string& path) {
    const auto file = std::filesystem::path(path).filename().string();
    const auto lists = [&](const QuarantineSegment& segment) { return segment.segment == file; };
    if (is_published([&](const auto& sink) {
          return std::any_of(sink.segments.begin(), sink.segments.end(), lists);
        })) {
      return false;
    }
    [[maybe_unused]] const auto removed = x_run.services.files->remove(path);
    return true;
  });
}

}  // namespace leat::run
