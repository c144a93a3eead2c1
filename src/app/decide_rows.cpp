#include "app/decide_rows.hpp"

#include <algorithm>
#include <map>
#include <memory>

#include "app/all_files.hpp"
#include "app/hold_pipeline.hpp"
#include "app/open_run.hpp"
#include "app/quarantine_segments.hpp"
#include "base/names.hpp"
#include "io/files.hpp"
#include "run/patch_rows.hpp"
#include "run/quarantine_acts.hpp"
#include "run/replay_plan.hpp"
#include "run/replay_source.hpp"
#include "run/segment_sql.hpp"

namespace leat::app {
namespace {

namespace fs = std::filesystem;

using RowNumbers = std::vector<std::pair<std::string, std::uint64_t>>;

/// The segments that are meant, all of one dataset.
Result<std::vector<SegmentEntry>> segments_meant(const fs::path& where, const std::string& asked) {
  TRY(const auto entries, find_segments(where, is_publish_id(asked)));
  std::vector<SegmentEntry> found;
  for (const auto& entry : entries) {
    if (!is_open(entry) || !is_asked(entry, asked)) continue;
    found.push_back(entry);
    const auto& first = found.front();
    if (first.pipeline == entry.pipeline && first.dataset == entry.dataset) continue;
    return Error(Fault::config, "`" + asked + "` means rows of several datasets")
        .hint("write " + first.pipeline + "." + first.dataset + " or " + entry.pipeline + "." +
              entry.dataset);
  }
  if (found.empty()) return nothing_of(asked, entries);
  return found;
}

/// The rows of some segments, open to be looked at by column.
class OpenRows {
 public:
  static Result<std::unique_ptr<OpenRows>> open(const fs::path& where, const LoadOptions& options,
                                                const std::vector<SegmentEntry>& segments,
                                                const std::string& check) {
    const auto& dataset = segments.front().dataset;
    TRY(const auto file, pipeline_file(where, segments.front().pipeline));
    TRY(auto plan, Planner(options).plan_without_sources(file));
    if (plan.source(dataset) == nullptr && plan.model(dataset) == nullptr) {
      return Error(Fault::config, "the pipeline has no dataset `" + dataset + "` any more")
          .with("file", file.string());
    }
    auto rows = std::make_unique<OpenRows>();
    rows->x_plan = std::move(plan);
    TRY(rows->begin(options, segments, check));
    return rows;
  }

  const data::Schema& columns() const { return x_columns; }
  const run::RowsByColumn& rows() const { return x_rows; }
  run::LiveRun& run() { return *x_run; }

 private:
  Status begin(const LoadOptions& options, const std::vector<SegmentEntry>& segments,
               const std::string& check) {
    const auto& dataset = segments.front().dataset;
    const auto* source = x_plan.source(dataset);
    x_columns = source != nullptr ? source->judged : x_plan.schema(dataset);
    x_only = run::plan_from(x_plan, dataset, run::empty_source(x_columns), {});
    x_options = run_options(options);
    x_services.files = &all_files();
    x_services.clock = &system_clock();
    TRY(x_run, run::open_look(x_only, x_options, x_services, make_uuid7(system_clock())));
    std::vector<run::StandingSegment> standing;
    for (const auto& segment : segments) {
      standing.push_back({segment.path, segment.publish_id, segment.settled, {}});
    }
    TRY(x_rows, run::rows_by_column(*x_run, x_plan, source, x_columns, standing, check));
    return {};
  }

  plan::Plan x_plan;
  plan::Plan x_only;
  run::RunOptions x_options;
  run::RunServices x_services;
  data::Schema x_columns;
  std::unique_ptr<run::LiveRun> x_run;
  run::RowsByColumn x_rows;
};

/// Without a condition no pipeline is needed.
Result<RowNumbers> numbers_of(const fs::path& where, const LoadOptions& options,
                              const std::vector<SegmentEntry>& segments, const RowsMeant& meant) {
  if (!meant.where.empty()) {
    TRY(auto open, OpenRows::open(where, options, segments, meant.check));
    return run::rows_where(open->run(), open->rows(), meant.where);
  }
  std::vector<run::SegmentPart> parts;
  for (const auto& segment : segments) {
    parts.push_back({segment.path, segment.publish_id, segment.settled});
  }
  TRY(auto session, engine::Session::open({}));
  TRY(const auto found,
      session->query("SELECT publish_id, file_row_number FROM " + run::segment_rows_sql(parts) +
                     (meant.check.empty() ? ""
                                          : " WHERE list_contains(failed_checks, " +
                                                quote_literal(meant.check) + ")") +
                     " ORDER BY ALL"));
  RowNumbers out;
  for (const auto& row : found.rows) {
    out.emplace_back(row[0].value_or(""), std::stoull(row[1].value_or("0")));
  }
  return out;
}

const SegmentEntry& segment_of(const std::vector<SegmentEntry>& segments,
                               const std::string& publish_id) {
  return *std::find_if(segments.begin(), segments.end(),
                       [&](const auto& segment) { return segment.publish_id == publish_id; });
}

run::QuarantineAct act_now(const std::string& what, std::string how) {
  run::QuarantineAct act;
  act.act = what;
  act.at = system_clock().now();
  act.by = run::who_acts();
  act.how = std::move(how);
  return act;
}

/// What was typed, to be told later.
std::string told(const RowsMeant& meant,
                 const std::vector<std::pair<std::string, std::string>>& set,
                 const fs::path& edited) {
  std::string text = edited.empty() ? "" : "--from " + edited.string();
  for (const auto& [column, expression] : set) {
    text += (text.empty() ? "" : " ") + std::string("--set ") + column + " = " + expression;
  }
  if (!meant.check.empty()) text += " --check " + meant.check;
  if (!meant.where.empty()) text += " --where " + meant.where;
  return text;
}

}  // namespace

Result<RowsDecided> patch_quarantine(const fs::path& where, const LoadOptions& options,
                                     const RowsMeant& meant,
                                     const std::vector<std::pair<std::string, std::string>>& set,
                                     const fs::path& edited) {
  TRY(const auto look, segments_meant(where, meant.asked));
  TRY(const auto held, hold_pipeline(where, look.front().pipeline));
  TRY(const auto segments, segments_meant(where, meant.asked));
  TRY(auto open, OpenRows::open(where, options, segments, meant.check));
  auto patched =
      edited.empty()
          ? run::patch_by_sql(open->run(), open->rows(), open->columns(), set, meant.where)
          : run::patch_by_file(open->run(), open->rows(), open->columns(), edited);
  TRY(const auto values, std::move(patched));
  RowsDecided decided{segments.front().pipeline, segments.front().dataset, 0};
  for (const auto& [publish_id, of_segment] : values) {
    auto act = act_now("patch", told(meant, set, edited));
    for (const auto& [row, text] : of_segment) act.rows.add(row);
    act.values = of_segment;
    decided.rows += of_segment.size();
    TRY(run::add_act(io::local_files(), segment_of(segments, publish_id).path, act));
  }
  return decided;
}

Result<RowsDecided> count_quarantine(const fs::path& where, const LoadOptions& options,
                                     const RowsMeant& meant) {
  TRY(const auto segments, segments_meant(where, meant.asked));
  TRY(const auto numbers, numbers_of(where, options, segments, meant));
  return RowsDecided{segments.front().pipeline, segments.front().dataset, numbers.size()};
}

Result<RowsDecided> drop_quarantine(const fs::path& where, const LoadOptions& options,
                                    const RowsMeant& meant, const std::string& reason) {
  TRY(const auto look, segments_meant(where, meant.asked));
  TRY(const auto held, hold_pipeline(where, look.front().pipeline));
  TRY(const auto segments, segments_meant(where, meant.asked));
  TRY(const auto numbers, numbers_of(where, options, segments, meant));
  std::map<std::string, RowRanges> by_segment;
  for (const auto& [publish_id, row] : numbers) by_segment[publish_id].add(row);
  for (const auto& [publish_id, rows] : by_segment) {
    auto act = act_now("drop", reason);
    act.rows = rows;
    TRY(run::add_act(io::local_files(), segment_of(segments, publish_id).path, act));
  }
  return RowsDecided{segments.front().pipeline, segments.front().dataset, numbers.size()};
}

Result<engine::TextTable> rows_to_edit(const fs::path& where, const LoadOptions& options,
                                       const RowsMeant& meant, std::size_t limit) {
  TRY(const auto segments, segments_meant(where, meant.asked));
  TRY(auto open, OpenRows::open(where, options, segments, meant.check));
  return open->run().session->query(run::edit_sql(open->rows(), open->columns()) + " LIMIT " +
                                    std::to_string(limit));
}

}  // namespace leat::app
