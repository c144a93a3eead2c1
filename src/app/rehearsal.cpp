#include "app/rehearsal.hpp"

#include "app/run.hpp"

namespace leat::app {
namespace {

namespace fs = std::filesystem;

/// "leat-crash-1f2e/t3" is "leat_crash_1f2e_t3".
Scratch scratch_in(const fs::path& folder) {
  auto name = folder.parent_path().filename().string() + "_" + folder.filename().string();
  for (auto& c : name) {
    if (c == '-') c = '_';
  }
  return {folder / "target", std::move(name)};
}

}  // namespace

Result<Rehearsed> plan_rehearsal(const fs::path& file, const LoadOptions& options,
                                 const fs::path& scratch) {
  Rehearsed out;
  auto with = options;
  with.redirect = [&](const SinkEntry& entry, const std::string& name, const config::Node& own,
                      config::Findings& findings) {
    if (!entry.rehearsal.redirect) {
      findings.add(own,
                   "sink `" + name + "` cannot be rehearsed: `" + entry.name +
                       "` publishes to its own target or nowhere",
                   "leave the sink out: nothing was run");
      return own;
    }
    out.sinks.push_back({name, &entry, own, entry.rehearsal.redirect(own, scratch_in(scratch))});
    return out.sinks.back().redirected;
  };
  TRY(out.plan, Planner(with).plan(file, true));
  out.plan.is_rehearsal = true;
  out.plan.state = scratch / "state";
  out.plan.artifacts = scratch / "artifacts";
  out.plan.hooks = {};
  return out;
}

Result<run::RunReport> rehearse(const fs::path& file, const LoadOptions& options,
                                const fs::path& scratch, const CancelToken& cancel) {
  TRY(const auto rehearsed, plan_rehearsal(file, options, scratch));
  return run_plan(rehearsed.plan, options, cancel, {});
}

}  // namespace leat::app
