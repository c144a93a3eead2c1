#include "app/check.hpp"

namespace leat::app {

Result<std::vector<CheckedPipeline>> check(const std::vector<std::filesystem::path>& where,
                                           const LoadOptions& options) {
  std::vector<CheckedPipeline> out;
  Planner planner(options);
  for (const auto& place : where) {
    TRY(const auto files, find_pipelines(place));
    for (const auto& file : files) {
      CheckedPipeline checked;
      checked.file = file;
      auto plan = planner.plan(file, false);
      if (plan.ok()) {
        checked.warnings = plan->warnings;
        checked.plan = std::move(plan).value();
      } else if (!plan.error().diagnostics().empty()) {
        checked.errors = plan.error().diagnostics();
      } else {
        return std::move(plan).error();
      }
      out.push_back(std::move(checked));
    }
  }
  return out;
}

}  // namespace leat::app
