#include "app/quarantine_segments.hpp"

#include <algorithm>

#include "app/project.hpp"
#include "app/quarantine_standing.hpp"
#include "base/names.hpp"
#include "base/uuid.hpp"
#include "io/files.hpp"
#include "run/quarantine_acts.hpp"
#include "run/segment_sql.hpp"

namespace leat::app {

namespace fs = std::filesystem;

/// Sinks that stand at different places judge the rows that they read each by themselves, so a row
/// may lie in segments of several. Each of them has read a beginning of the same stream: a row is
/// there as often as in the sink that has it most.
std::string standing_rows_sql(const std::vector<SegmentEntry>& entries) {
  std::vector<run::SegmentPart> parts;
  std::string lanes;
  for (const auto& entry : entries) {
    parts.push_back({entry.path, entry.publish_id, entry.settled});
    lanes += (lanes.empty() ? "" : ", ") + std::string("(") + quote_literal(entry.publish_id) +
             ", " + (entry.lane.empty() ? "NULL::VARCHAR" : quote_literal(entry.lane)) + ")";
  }
  const auto rows = run::segment_rows_sql(parts);
  if (parts.size() == 1) return rows;
  const std::string row =
      "pipeline, dataset, file, record_no, line_no, byte_offset, failed_checks, raw";
  return "(SELECT * FROM (SELECT *, row_number() OVER (PARTITION BY coalesce(leat_lane, CASE WHEN"
         " file IS NULL THEN '' ELSE publish_id END), " +
         row + " ORDER BY publish_id) AS leat_nth FROM " + rows + " LEFT JOIN (VALUES " + lanes +
         ") AS leat_lanes(leat_publish, leat_lane) ON leat_publish = publish_id)"
         " QUALIFY row_number() OVER (PARTITION BY " +
         row + ", leat_nth ORDER BY publish_id) = 1)";
}

bool is_open(const SegmentEntry& entry) {
  return entry.status != "superseded" && entry.status != "discarded";
}

bool is_publish_id(const std::string& asked) {
  return asked.size() >= 8 && !is_node_name(asked) && asked.find('.') == std::string::npos;
}

bool is_asked(const SegmentEntry& entry, const std::string& asked) {
  return is_same_name(entry.dataset, asked) ||
         is_same_name(entry.pipeline + "." + entry.dataset, asked) ||
         (asked.size() >= 8 && entry.publish_id.starts_with(asked));
}

Instant planned_at(const std::string& publish_id) {
  const auto id = parse_uuid(publish_id);
  std::int64_t past = 0;
  for (int i = 0; id.ok() && i < 6; ++i) past = past * 256 + id->bytes[i];
  return Instant(Micros(past * 1000));
}

Result<std::vector<SegmentEntry>> find_segments(const fs::path& where, bool all) {
  const auto artifacts = artifacts_folder(where);
  TRY(const auto standing, QuarantineStanding::read(where));
  TRY(auto paths, io::expand_glob(io::local_files(), artifacts, "quarantine/*/*/*.parquet"));
  std::sort(paths.begin(), paths.end(),
            [](const auto& a, const auto& b) { return a.filename() < b.filename(); });
  std::vector<SegmentEntry> entries;
  for (const auto& path : paths) {
    SegmentEntry entry;
    entry.path = path;
    entry.publish_id = path.stem().string();
    entry.set_aside_at = planned_at(entry.publish_id);
    entry.dataset = path.parent_path().filename().string();
    entry.pipeline = path.parent_path().parent_path().filename().string();
    entry.status = standing.status(entry.dataset, entry.publish_id);
    entry.lane = standing.lane(entry.publish_id);
    if (!all && !is_open(entry)) continue;
    TRY(auto acts, run::read_acts(io::local_files(), path));
    entry.settled = standing.replayed(entry.dataset, entry.publish_id);
    entry.settled.add(acts.dropped.ranges());
    entry.patched = std::move(acts.patched);
    entries.push_back(std::move(entry));
  }
  return entries;
}

Error nothing_of(const std::string& asked, const std::vector<SegmentEntry>& entries) {
  std::vector<std::string> names;
  for (const auto& entry : entries) names.push_back(entry.dataset);
  Error error(Fault::config, "nothing of `" + asked + "` is in quarantine");
  return std::move(error).hint(entries.empty() ? "the quarantine is empty"
                                               : name_hint(asked, names));
}

}  // namespace leat::app
