#include "app/quarantine.hpp"

#include <algorithm>
#include <map>

#include "app/project.hpp"
#include "app/quarantine_standing.hpp"
#include "base/names.hpp"
#include "io/files.hpp"

namespace leat::app {
namespace {

namespace fs = std::filesystem;

std::string files_sql(const std::vector<fs::path>& paths) {
  std::string list;
  for (const auto& path : paths) list += (list.empty() ? "" : ", ") + quote_literal(path.string());
  return "read_parquet([" + list + "])";
}

/// The rows of several segments. Sinks that stand at different places judge the rows that they
/// read each by themselves, so a row may lie in segments of several. Each of them has read a
/// beginning of the same stream: a row is there as often as in the sink that has it most.
std::string rows_sql(const std::vector<SegmentEntry>& entries) {
  std::vector<fs::path> paths;
  std::string lanes;
  for (const auto& entry : entries) {
    paths.push_back(entry.path);
    lanes += (lanes.empty() ? "" : ", ") + std::string("(") + quote_literal(entry.publish_id) +
             ", " + (entry.lane.empty() ? "NULL::VARCHAR" : quote_literal(entry.lane)) + ")";
  }
  if (paths.size() == 1) return files_sql(paths);
  const std::string row =
      "pipeline, dataset, file, record_no, line_no, byte_offset, failed_checks, raw";
  return "(SELECT * FROM (SELECT *, row_number() OVER (PARTITION BY coalesce(leat_lane, CASE WHEN"
         " file IS NULL THEN '' ELSE publish_id END), " +
         row + " ORDER BY publish_id) AS leat_nth FROM " + files_sql(paths) +
         " LEFT JOIN (VALUES " + lanes +
         ") AS leat_lanes(leat_publish, leat_lane) ON leat_publish = publish_id)"
         " QUALIFY row_number() OVER (PARTITION BY " +
         row + ", leat_nth ORDER BY publish_id) = 1)";
}

bool is_open(const SegmentEntry& entry) {
  return entry.status != "superseded" && entry.status != "discarded";
}

/// Counts the rows of `entries`, which are all of one dataset, each row once.
Status count_rows(engine::Session& session, const std::vector<SegmentEntry*>& entries) {
  std::vector<SegmentEntry> some;
  for (const auto* entry : entries) some.push_back(*entry);
  const auto from = rows_sql(some);
  TRY(const auto totals,
      session.query("SELECT publish_id, count(*) FROM " + from + " GROUP BY ALL"));
  TRY(const auto counts,
      session.query("SELECT publish_id, c, count(*) FROM (SELECT publish_id, unnest(failed_checks)"
                    " AS c FROM " +
                    from + ") GROUP BY ALL ORDER BY 3 DESC, 2"));
  std::map<std::string, SegmentEntry*> by_id;
  for (auto* entry : entries) by_id[entry->publish_id] = entry;
  for (const auto& row : totals.rows) {
    const auto entry = by_id.find(row[0].value_or(""));
    if (entry != by_id.end()) entry->second->rows = std::stoull(row[1].value_or("0"));
  }
  for (const auto& row : counts.rows) {
    const auto entry = by_id.find(row[0].value_or(""));
    if (entry == by_id.end()) continue;
    entry->second->checks.emplace_back(row[1].value_or(""), std::stoull(row[2].value_or("0")));
  }
  return {};
}

/// The open segments of each dataset together; others each by itself.
std::vector<std::vector<SegmentEntry*>> group(std::vector<SegmentEntry>& entries) {
  std::vector<std::vector<SegmentEntry*>> groups;
  std::map<std::string, std::size_t> open;
  for (auto& entry : entries) {
    if (!is_open(entry)) {
      groups.push_back({&entry});
      continue;
    }
    const auto [at, fresh] = open.emplace(entry.pipeline + "/" + entry.dataset, groups.size());
    if (fresh) groups.emplace_back();
    groups[at->second].push_back(&entry);
  }
  return groups;
}

Result<std::vector<SegmentEntry>> find_segments(const fs::path& where, bool all) {
  const auto artifacts = artifacts_folder(where);
  TRY(const auto standing, QuarantineStanding::read(state_folder(where) / "state.db"));
  TRY(auto paths, io::expand_glob(io::local_files(), artifacts, "quarantine/*/*/*.parquet"));
  std::sort(paths.begin(), paths.end(),
            [](const auto& a, const auto& b) { return a.filename() < b.filename(); });
  std::vector<SegmentEntry> entries;
  for (const auto& path : paths) {
    SegmentEntry entry;
    entry.path = path;
    entry.publish_id = path.stem().string();
    entry.dataset = path.parent_path().filename().string();
    entry.pipeline = path.parent_path().parent_path().filename().string();
    entry.status = standing.status(entry.dataset, entry.publish_id);
    entry.lane = standing.lane(entry.publish_id);
    if (all || is_open(entry)) entries.push_back(std::move(entry));
  }
  return entries;
}

Error not_found(const std::string& asked, const std::vector<SegmentEntry>& entries) {
  std::vector<std::string> names;
  for (const auto& entry : entries) names.push_back(entry.dataset);
  Error error(Fault::config, "nothing of `" + asked + "` is in quarantine");
  return std::move(error).hint(entries.empty() ? "the quarantine is empty"
                                               : name_hint(asked, names));
}

}  // namespace

Result<std::vector<SegmentEntry>> list_quarantine(const fs::path& where, bool all) {
  TRY(auto entries, find_segments(where, all));
  if (entries.empty()) return entries;
  TRY(auto session, engine::Session::open({}));
  for (const auto& some : group(entries)) {
    if (auto counted = count_rows(*session, some); !counted.ok()) {
      return std::move(counted).error().during("while reading " + some.front()->path.string());
    }
  }
  if (!all) std::erase_if(entries, [](const auto& entry) { return entry.rows == 0; });
  return entries;
}

Result<QuarantineRows> show_quarantine(const fs::path& where, const std::string& dataset_or_id,
                                       std::size_t limit) {
  const bool by_id = dataset_or_id.size() >= 8 && !is_node_name(dataset_or_id);
  TRY(const auto entries, find_segments(where, by_id));
  std::vector<SegmentEntry> found;
  for (const auto& entry : entries) {
    if (is_same_name(entry.dataset, dataset_or_id) ||
        (dataset_or_id.size() >= 8 && entry.publish_id.starts_with(dataset_or_id))) {
      found.push_back(entry);
    }
  }
  if (found.empty()) return not_found(dataset_or_id, entries);
  TRY(auto session, engine::Session::open({}));
  QuarantineRows out;
  TRY(const auto total, session->query("SELECT count(*) FROM " + rows_sql(found)));
  out.rows = std::stoull(total.rows.at(0).at(0).value_or("0"));
  TRY(out.table,
      session->query("SELECT dataset, file, record_no, line_no, byte_offset, failed_checks,"
                     " message, raw FROM " +
                     rows_sql(found) + " ORDER BY publish_id, file, record_no LIMIT " +
                     std::to_string(limit)));
  return out;
}

}  // namespace leat::app
