#include "run/live_run.hpp"

#include <algorithm>

#include "core/ordered_rows.hpp"
#include "run/on_error.hpp"
#include "run/sealed_extracts.hpp"
#include "run/steps.hpp"

namespace leat::run {
namespace {

bool is_upstream(const plan::Plan& plan, const std::string& source) {
  return std::any_of(plan.sinks.begin(), plan.sinks.end(),
                     [&](const auto& sink) { return plan::Plan::needs(sink, source); });
}

bool is_needed(const plan::Plan& plan, const std::string& name) {
  if (is_upstream(plan, name)) return true;
  return std::any_of(plan.sources.begin(), plan.sources.end(), [&](const auto& source) {
    return source.on_error.fallback == name && is_upstream(plan, source.name);
  });
}

Status open_sinks(LiveRun& run) {
  auto context = build_context(run);
  for (const auto& node : run.plan.sinks) {
    context.lane = run.lane_of(node.name);
    auto sink = node.spec->build(context);
    if (!sink.ok()) return std::move(sink).error().during("while opening sink " + node.name);
    run.sinks[node.name] = std::move(sink).value();
  }
  return {};
}

Result<std::unique_ptr<LiveRun>> begin(const plan::Plan& plan, const RunOptions& options,
                                       const RunServices& services, const Uuid& run_id,
                                       std::unique_ptr<Workspace> workspace) {
  auto run = std::unique_ptr<LiveRun>(
      std::make_unique<LiveRun>(LiveRun{plan, options, services, run_id, {}, {}, {}, {}}));
  run->workspace = std::move(workspace);
  run->is_look = options.only_looks;
  engine::SessionOptions session;
  session.threads = plan.resources.threads;
  session.memory_bytes = plan.resources.memory_bytes;
  session.temp_folder = run->workspace->scratch();
  session.keeps_order = keeps_order(plan);
  TRY(run->session, engine::Session::open(session));
  return run;
}

/// Null: it seals none, or nothing is published.
Result<PartStore*> store_of(LiveRun& run, const plan::SourceNode& node) {
  if (node.spec->seal() == nullptr || run.is_look) return nullptr;
  auto& parts = run.parts[node.name];
  if (!parts) {
    TRY(parts, open_parts(run, node));
  }
  return parts.get();
}

constexpr std::uint64_t kSinkShare = 8;  ///< Of the memory that a run may take.

}  // namespace

bool keeps_order(const plan::Plan& plan) {
  return std::any_of(plan.sinks.begin(), plan.sinks.end(), [](const auto& sink) {
    const auto* spec = dynamic_cast<const KeepsOrder*>(sink.spec.get());
    return spec != nullptr && spec->keeps_order();
  });
}

void LiveRun::step(const std::string& text) const {
  if (log) log->line("info", "node " + text + " begins");
  if (services.events.on_step) services.events.on_step(text);
  if (log) note_step(*this, text);
}

BuildContext build_context(const LiveRun& run) {
  BuildContext context{run.plan.root,      run.workspace->scratch(), run.services.files,
                       run.services.clock, run.session.get(),        run.plan.secrets.get(),
                       run.plan.artifacts};
  context.cancel = run.services.cancel;
  context.memory_max = run.plan.resources.memory_bytes / kSinkShare;
  return context;
}

Result<std::unique_ptr<LiveRun>> open_run(const plan::Plan& plan, const RunOptions& options,
                                          const RunServices& services, const Uuid& run_id) {
  auto lease = std::make_unique<RunLease>(*services.store, run_id, options.lease);
  TRY(auto workspace, Workspace::open(*services.files, plan, run_id, std::move(lease)));
  TRY(auto run, begin(plan, options, services, run_id, std::move(workspace)));
  TRY(reopen_sources(*run));
  TRY(open_sinks(*run));
  return run;
}

Result<std::unique_ptr<LiveRun>> open_look(const plan::Plan& plan, const RunOptions& options,
                                           const RunServices& services, const Uuid& run_id) {
  TRY(auto workspace, Workspace::aside(*services.files, plan, run_id));
  TRY(auto run, begin(plan, options, services, run_id, std::move(workspace)));
  run->is_look = true;
  TRY(reopen_sources(*run));
  return run;
}

Status reopen_sources(LiveRun& run) {
  for (const auto& node : run.plan.sources) {
    if (!is_needed(run.plan, node.name)) continue;
    auto context = build_context(run);
    TRY(context.parts, store_of(run, node));
    const auto items = run.found_items.find(node.name);
    auto source = (items == run.found_items.end() ? node.spec : items->second)->build(context);
    if (source.ok()) {
      auto* const ordered = dynamic_cast<ReadsInOrder*>(source->get());
      if (ordered != nullptr && keeps_order(run.plan)) ordered->read_in_order();
      run.sources[node.name] = std::move(source).value();
    } else if (node.on_error.act == plan::OnError::Act::fail) {
      return std::move(source).error().during("while opening source " + node.name);
    } else {
      note_failed(run, node.name, source.error());
    }
  }
  return {};
}

Result<bool> is_under_way(const LiveRun& run, const Uuid& run_id) {
  if (goes_on(*run.services.files, run.plan, run_id)) return true;
  TRY(const auto leases, run.services.store->leases());
  return std::any_of(leases.begin(), leases.end(),
                     [&](const auto& lease) { return lease.is_held && lease.run_id == run_id; });
}

}  // namespace leat::run
