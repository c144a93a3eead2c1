#include "app/replay.hpp"

#include <algorithm>
#include <map>

#include "app/open_run.hpp"
#include "app/quarantine_segments.hpp"
#include "app/run.hpp"
#include "base/names.hpp"
#include "io/files.hpp"
#include "run/quarantine_acts.hpp"
#include "run/replay_plan.hpp"

namespace leat::app {
namespace {

namespace fs = std::filesystem;

using Dataset = std::pair<std::string, std::string>;  ///< Pipeline and name.

/// One dataset, and what of it comes back.
class DatasetReplay {
 public:
  DatasetReplay(const plan::Plan& plan, fs::path file, const LoadOptions& options,
                const ReplayOrder& order, std::vector<SegmentEntry> segments)
      : x_plan(plan),
        x_file(std::move(file)),
        x_options(options),
        x_order(order),
        x_segments(std::move(segments)) {
    x_report.pipeline = plan.pipeline;
    x_report.dataset = x_segments.front().dataset;
  }

  Result<ReplayReport> execute(const CancelToken& cancel, const run::RunEvents& events) {
    choose_ways();
    if (!x_by_rows.empty()) TRY(replay_rows(cancel, events));
    if (!x_report.again.empty()) TRY(run_again(cancel, events));
    settle();
    return std::move(x_report);
  }

 private:
  bool has_patches() const {
    return std::any_of(x_segments.begin(), x_segments.end(), [](const auto& segment) {
      return std::any_of(segment.patched.begin(), segment.patched.end(),
                         [&](const auto& patch) { return !segment.settled.contains(patch.first); });
    });
  }

  void choose_ways() {
    for (const auto& way : run::ways_of(x_plan, x_report.dataset, x_order.alone)) {
      if (way.cut.empty()) {
        x_by_rows.push_back(way.sink);
      } else if (way.by_interval) {
        x_report.refused.push_back({way.sink, way.cut});
      } else if (!way.reads_again) {
        x_report.refused.push_back(
            {way.sink, way.cut + ", and what was read once is not read again"});
      } else if (has_patches()) {
        x_report.refused.push_back(
            {way.sink, way.cut + ", and the source still has the rows as they were before they"
                                 " were patched"});
      } else {
        x_report.again.push_back({way.sink, way.cut});
      }
    }
  }

  Status replay_rows(const CancelToken& cancel, const run::RunEvents& events) {
    run::ReplayRequest request;
    request.dataset = x_report.dataset;
    request.check = x_order.check;
    request.late = x_order.late;
    if (is_publish_id(x_order.asked)) request.publish_id = x_segments.front().publish_id;
    TRY(auto opened, open_store(x_plan));
    auto services = services_of(*opened.store);
    if (!opened.warning.empty()) services.warnings.push_back(opened.warning);
    services.cancel = &cancel;
    services.events = events;
    TRY(x_report.rows, run::replay(x_plan, request, x_by_rows, run_options(x_options), services));
    return {};
  }

  Status run_again(const CancelToken& cancel, const run::RunEvents& events) {
    std::vector<std::string> sinks;
    for (const auto& way : x_report.again) sinks.push_back(way.sink);
    TRY(x_report.run, run_pipeline(x_file, x_options, sinks, cancel, events));
    return {};
  }

  void settle() {
    int& code = x_report.exit_code;
    const bool did_some = x_report.rows || x_report.run;
    if (x_report.rows) code = x_report.rows->report.exit_code;
    if (code == 0 && x_report.run) code = x_report.run->exit_code;
    if (code == 0 && !x_report.refused.empty()) code = did_some ? 4 : 7;
  }

  const plan::Plan& x_plan;
  fs::path x_file;
  const LoadOptions& x_options;
  const ReplayOrder& x_order;
  std::vector<SegmentEntry> x_segments;
  std::vector<std::string> x_by_rows;
  ReplayReport x_report;
};

std::map<Dataset, std::vector<SegmentEntry>> by_dataset(const std::vector<SegmentEntry>& entries,
                                                        const std::string& asked) {
  std::map<Dataset, std::vector<SegmentEntry>> found;
  for (const auto& entry : entries) {
    if (is_asked(entry, asked)) found[{entry.pipeline, entry.dataset}].push_back(entry);
  }
  return found;
}

/// A name means one dataset, and the beginning of an id one publish.
Status require_one(const std::map<Dataset, std::vector<SegmentEntry>>& found,
                   const std::string& asked) {
  if (is_publish_id(asked)) {
    const auto& first = found.begin()->second.front().publish_id;
    for (const auto& [dataset, segments] : found) {
      for (const auto& segment : segments) {
        if (segment.publish_id == first) continue;
        return Error(Fault::config, "several publishes begin `" + asked + "`")
            .hint(first + " or " + segment.publish_id);
      }
    }
    return {};
  }
  if (found.size() == 1) return {};
  const auto& [pipeline, dataset] = found.begin()->first;
  return Error(Fault::config,
               std::to_string(found.size()) + " pipelines have a dataset `" + asked + "`")
      .hint("write " + pipeline + "." + dataset);
}

}  // namespace

Result<fs::path> pipeline_file(const fs::path& where, const std::string& pipeline) {
  TRY(const auto files, find_pipelines(where));
  for (const auto& file : files) {
    if (file.stem() == pipeline) return file;
  }
  return Error(Fault::config, "there is no file of pipeline `" + pipeline + "` here")
      .hint("-p names the project's folder");
}

Result<std::vector<ReplayReport>> replay_quarantine(const fs::path& where,
                                                    const LoadOptions& options,
                                                    const ReplayOrder& order,
                                                    const CancelToken& cancel,
                                                    const run::RunEvents& events) {
  TRY(const auto entries, find_segments(where, true));
  const auto found = by_dataset(entries, order.asked);
  if (found.empty()) return nothing_of(order.asked, entries);
  TRY(require_one(found, order.asked));
  std::vector<ReplayReport> reports;
  for (const auto& [dataset, segments] : found) {
    TRY(const auto file, pipeline_file(where, dataset.first));
    TRY(const auto plan, Planner(options).plan_without_sources(file));
    if (plan.source(dataset.second) == nullptr && plan.model(dataset.second) == nullptr) {
      return Error(Fault::config, "pipeline " + dataset.first + " has no dataset `" +
                                      dataset.second + "` any more")
          .with("file", file.string());
    }
    TRY(auto report, DatasetReplay(plan, file, options, order, segments).execute(cancel, events));
    reports.push_back(std::move(report));
  }
  return reports;
}

}  // namespace leat::app
