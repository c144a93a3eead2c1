#include "app/quarantine_standing.hpp"

#include <algorithm>
#include <optional>
#include <set>

#include "app/state_store.hpp"
#include "plan/interval.hpp"

namespace leat::app {
namespace {

using state::PublishStatus;

std::string segment_key(const std::string& dataset, const std::string& file) {
  return dataset + "/" + file;
}

/// Did this publish read all there is of every dataset? Receipts of before it was noted of each
/// tell it by the strategy alone.
bool read_all(const Receipt& receipt) {
  if (receipt.replay) return false;
  const bool is_first = receipt.previous_publish_id.is_zero() && !receipt.took_over;
  return is_first || receipt.strategy == "replace";
}

bool has_ended(PublishStatus status) {
  return status == PublishStatus::committed || status == PublishStatus::held ||
         status == PublishStatus::failed;
}

}  // namespace

Result<QuarantineStanding> QuarantineStanding::read(const std::filesystem::path& where) {
  QuarantineStanding standing;
  auto store = find_store(where);
  if (!store.ok() && is_store_damaged(where)) return standing;
  if (!store.ok()) return std::move(store).error();
  if (!*store) return standing;
  TRY(const auto records, store.value()->publishes("", std::nullopt));
  for (const auto& record : records) {
    Known known{record, {}, false};
    if (auto receipt = receipt_from_json(record.receipt); receipt.ok()) {
      known.receipt = std::move(receipt).value();
      known.has_receipt = true;
    }
    const auto id = record.publish_id.text();
    if (record.status == PublishStatus::planned) standing.x_unsettled_runs.insert(record.run_id);
    for (const auto& segment : known.receipt.quarantine) {
      standing.x_listed_by[segment_key(segment.dataset, segment.segment)].push_back(id);
    }
    standing.x_known.emplace(id, std::move(known));
  }
  standing.join_lanes();
  standing.name_places();
  standing.find_latest();
  return standing;
}

/// A sink that took the place of another one goes on in its line.
void QuarantineStanding::join_lanes() {
  for (const auto& [id, known] : x_known) {
    if (!known.receipt.took_over) continue;
    const auto before = x_known.find(known.receipt.took_over->text());
    if (before == x_known.end()) continue;
    const auto old_sink = sink_of(before->second.record.lane);
    const auto sink = sink_of(known.record.lane);
    if (old_sink != sink) x_heirs[old_sink] = sink;
  }
}

/// An older program did not note them: its publishes went where the first one since has gone.
void QuarantineStanding::name_places() {
  std::map<std::string, std::string> first;
  for (const auto& [id, known] : x_known) {
    if (!known.record.place.empty()) first.emplace(sink_of(known.record.lane), known.record.place);
  }
  for (auto& [id, known] : x_known) {
    const auto found = first.find(sink_of(known.record.lane));
    if (known.record.place.empty() && found != first.end()) known.record.place = found->second;
  }
}

std::string QuarantineStanding::sink_of(const Lane& lane) const {
  auto sink = lane.pipeline + "." + lane.sink;
  for (auto heir = x_heirs.find(sink); heir != x_heirs.end(); heir = x_heirs.find(sink)) {
    sink = heir->second;
  }
  // What an interval set aside is replaced by that interval alone.
  if (plan::interval_of_lane(lane.lane)) sink += "@" + lane.lane;
  return sink;
}

std::string QuarantineStanding::line_of(const state::PublishRecord& record) const {
  return sink_of(record.lane) + " " + record.place;
}

void QuarantineStanding::find_latest() {
  const auto raise = [](Uuid& latest, const Uuid& id) { latest = std::max(latest, id); };
  for (const auto& [text, known] : x_known) {
    const auto& record = known.record;
    auto& line = x_latest[line_of(record)];
    if (record.lane.lane == kReplayLane) {
      note_replay(known);
      continue;
    }
    if (has_ended(record.status)) raise(line.ended, record.publish_id);
    if (record.status != PublishStatus::committed || !known.has_receipt) continue;
    if (read_all(known.receipt)) raise(line.read_all, record.publish_id);
    for (const auto& dataset : known.receipt.read_whole) {
      raise(line.read_whole[dataset], record.publish_id);
    }
  }
}

/// What is held is not in quarantine any more, until somebody discards it.
void QuarantineStanding::note_replay(const Known& known) {
  const auto& record = known.record;
  if (!known.receipt.replay) return;
  if (record.status != PublishStatus::committed && record.status != PublishStatus::held) return;
  for (const auto& from : known.receipt.replay->segments) {
    const auto key = segment_key(known.receipt.replay->dataset, from.segment);
    x_replayed[sink_of(record.lane)][key].add(from.rows);
  }
}

/// A publish that did not happen makes room for the next try; one that happened, for one that read
/// the dataset whole.
bool QuarantineStanding::has_made_room(const Known& known, const std::string& dataset) const {
  const auto& record = known.record;
  if (record.status == PublishStatus::superseded || record.status == PublishStatus::discarded) {
    return true;
  }
  const bool is_replay = record.lane.lane == kReplayLane;
  const auto found = x_latest.find(line_of(record));
  if (record.status == PublishStatus::failed && is_replay) return true;
  if (found == x_latest.end()) return false;
  const auto& line = found->second;
  if (record.status == PublishStatus::failed) return line.ended > record.publish_id;
  if (record.status != PublishStatus::committed) return false;
  const auto whole = line.read_whole.find(dataset);
  return line.read_all > record.publish_id ||
         (whole != line.read_whole.end() && whole->second > record.publish_id);
}

std::string QuarantineStanding::status(const std::string& dataset,
                                       const std::string& publish_id) const {
  const auto owner = x_known.find(publish_id);
  if (owner == x_known.end()) return "unknown";
  const auto status = std::string(state::name_of(owner->second.record.status));
  if (!has_made_room(owner->second, dataset)) return status;
  const auto listed = x_listed_by.find(segment_key(dataset, publish_id + ".parquet"));
  if (listed != x_listed_by.end()) {
    for (const auto& id : listed->second) {
      const auto& known = x_known.at(id);
      if (!has_made_room(known, dataset)) {
        return std::string(state::name_of(known.record.status));
      }
    }
  }
  if (status != "discarded") return "superseded";
  // Another publish of the run may list it, and nobody knows yet whether it happened.
  return x_unsettled_runs.contains(owner->second.record.run_id) ? "planned" : status;
}

RowRanges QuarantineStanding::replayed(const std::string& dataset,
                                       const std::string& publish_id) const {
  const auto key = segment_key(dataset, publish_id + ".parquet");
  std::optional<RowRanges> all;
  const auto listed = x_listed_by.find(key);
  if (listed == x_listed_by.end()) return {};
  std::set<std::string> sinks;
  for (const auto& id : listed->second) {
    const auto& known = x_known.at(id);
    if (!has_made_room(known, dataset)) sinks.insert(sink_of(known.record.lane));
  }
  for (const auto& sink : sinks) {
    const auto by_sink = x_replayed.find(sink);
    RowRanges rows;
    if (by_sink != x_replayed.end()) {
      const auto found = by_sink->second.find(key);
      if (found != by_sink->second.end()) rows = found->second;
    }
    all = all ? all->shared_with(rows) : rows;
  }
  return all.value_or(RowRanges());
}

std::string QuarantineStanding::lane(const std::string& publish_id) const {
  const auto found = x_known.find(publish_id);
  if (found == x_known.end()) return "";
  return line_of(found->second.record);
}

}  // namespace leat::app
