#include "run/lost_history.hpp"

#include "run/target_place.hpp"

#include <algorithm>

#include "run/receipt_chain.hpp"
#include "run/standing_rows.hpp"

namespace leat::run {
namespace {

using state::PublishRecord;

/// The publish of the oldest rows that lie in quarantine; nothing: none do.
Result<std::optional<Uuid>> oldest_segment(const LiveRun& run) {
  auto& files = *run.services.files;
  const auto all = run.plan.artifacts / "quarantine" / run.plan.pipeline;
  std::optional<Uuid> oldest;
  if (!files.exists(all)) return oldest;
  TRY(const auto folders, files.list_folders(all));
  for (const auto& folder : folders) {
    TRY(const auto segments,
        segments_of(files, run.plan.artifacts, run.plan.pipeline, folder.filename().string()));
    if (segments.empty()) continue;
    TRY(const auto id, parse_uuid(segments.front().stem().string()));
    oldest = oldest ? std::min(*oldest, id) : id;
  }
  return oldest;
}

PublishRecord record_of(const LiveRun& run, const Sink& sink, const Receipt& receipt) {
  PublishRecord record;
  record.publish_id = receipt.publish_id;
  record.run_id = receipt.run_id;
  record.lane = receipt.lane;
  record.status = state::PublishStatus::committed;
  record.planned_at = receipt.committed_at;
  record.receipt = to_json(receipt);
  record.pipeline_file = run.plan.file.string();
  record.place = place_of(sink, run.plan.root);
  return record;
}

}  // namespace

Status recall_publishes(LiveRun& run) {
  TRY(const auto oldest, oldest_segment(run));
  if (!oldest) return {};
  std::vector<PublishRecord> recalled;
  for (const auto& [name, sink] : run.sinks) {
    TRY(const bool is_known,
        run.services.store->knows_sink(run.plan.pipeline, name, place_of(*sink, run.plan.root)));
    if (is_known) continue;
    TRY(const auto lanes, sink->lanes({run.plan.pipeline, name}));
    for (const auto& lane : lanes) {
      TRY(const auto chain, receipts_since(*sink, {run.plan.pipeline, name, lane}, *oldest));
      for (const auto& receipt : chain) recalled.push_back(record_of(run, *sink, receipt));
    }
  }
  return recalled.empty() ? Status() : run.services.store->plan_publishes(recalled);
}

}  // namespace leat::run
