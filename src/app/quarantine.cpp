#include "app/quarantine.hpp"

#include <algorithm>
#include <map>

#include "app/project.hpp"
#include "base/names.hpp"
#include "io/files.hpp"
#include "state/store.hpp"

namespace leat::app {
namespace {

namespace fs = std::filesystem;

/// What the history says of each publish; empty without history, or when it is damaged.
using Publishes = std::map<std::string, state::PublishRecord>;

Result<Publishes> known_publishes(const fs::path& where) {
  Publishes known;
  const auto path = state_folder(where) / "state.db";
  if (!io::local_files().exists(path)) return known;
  auto store = state::Store::open(path);
  if (!store.ok() && state::is_damaged(path)) return known;
  if (!store.ok()) return std::move(store).error();
  TRY(const auto records, store.value()->publishes("", std::nullopt));
  for (const auto& record : records) known[record.publish_id.text()] = record;
  return known;
}

bool is_replaced(const Publishes& known, const state::PublishRecord& record) {
  if (record.receipt.find("\"strategy\":\"replace\"") == std::string::npos) return false;
  return std::any_of(known.begin(), known.end(), [&](const auto& entry) {
    const auto& other = entry.second;
    return other.lane == record.lane && other.publish_id > record.publish_id &&
           other.status == state::PublishStatus::committed;
  });
}

std::string status_of(const Publishes& known, const std::string& publish_id) {
  const auto found = known.find(publish_id);
  if (found == known.end()) return "unknown";
  const auto status = found->second.status;
  if (status == state::PublishStatus::committed && is_replaced(known, found->second)) {
    return "superseded";
  }
  return std::string(state::name_of(status));
}

std::string files_sql(const std::vector<fs::path>& paths) {
  std::string list;
  for (const auto& path : paths) list += (list.empty() ? "" : ", ") + quote_literal(path.string());
  return "read_parquet([" + list + "])";
}

/// The rows of several segments. Publishes that stand at different places each judge the rows that
/// they read, so a row of a file may lie in several segments: it is shown once, and as often as it
/// is there within one of them.
std::string rows_sql(const std::vector<fs::path>& paths) {
  if (paths.size() == 1) return files_sql(paths);
  const std::string row = "dataset, file, record_no, line_no, byte_offset, failed_checks, raw";
  return "(SELECT * FROM (SELECT *, row_number() OVER (PARTITION BY publish_id, " + row +
         ") AS leat_nth FROM " + files_sql(paths) +
         ") QUALIFY row_number() OVER (PARTITION BY CASE WHEN file IS NULL THEN run_id END, " +
         row + ", leat_nth ORDER BY publish_id) = 1)";
}

Status count_checks(engine::Session& session, SegmentEntry& entry) {
  const auto from = files_sql({entry.path});
  TRY(const auto total, session.query("SELECT count(*) FROM " + from));
  entry.rows = std::stoull(total.rows.at(0).at(0).value_or("0"));
  TRY(const auto counts,
      session.query("SELECT c, count(*) FROM (SELECT unnest(failed_checks) AS c FROM " + from +
                    ") GROUP BY c ORDER BY 2 DESC, 1"));
  for (const auto& row : counts.rows) {
    entry.checks.emplace_back(row[0].value_or(""), std::stoull(row[1].value_or("0")));
  }
  return {};
}

Result<std::vector<SegmentEntry>> find_segments(const fs::path& where, bool all) {
  const auto artifacts = artifacts_folder(where);
  TRY(const auto known, known_publishes(where));
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
    entry.status = status_of(known, entry.publish_id);
    const bool gone = entry.status == "superseded" || entry.status == "discarded";
    if (all || !gone) entries.push_back(std::move(entry));
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
  for (auto& entry : entries) {
    if (auto counted = count_checks(*session, entry); !counted.ok()) {
      return std::move(counted).error().during("while reading " + entry.path.string());
    }
  }
  return entries;
}

Result<QuarantineRows> show_quarantine(const fs::path& where, const std::string& dataset_or_id,
                                       std::size_t limit) {
  const bool by_id = dataset_or_id.size() >= 8 && !is_node_name(dataset_or_id);
  TRY(const auto entries, find_segments(where, by_id));
  std::vector<fs::path> paths;
  for (const auto& entry : entries) {
    if (to_lower(entry.dataset) == to_lower(dataset_or_id) ||
        (dataset_or_id.size() >= 8 && entry.publish_id.starts_with(dataset_or_id))) {
      paths.push_back(entry.path);
    }
  }
  if (paths.empty()) return not_found(dataset_or_id, entries);
  TRY(auto session, engine::Session::open({}));
  QuarantineRows out;
  TRY(const auto total, session->query("SELECT count(*) FROM " + rows_sql(paths)));
  out.rows = std::stoull(total.rows.at(0).at(0).value_or("0"));
  TRY(out.table,
      session->query("SELECT dataset, file, record_no, line_no, byte_offset, failed_checks,"
                     " message, raw FROM " +
                     rows_sql(paths) + " ORDER BY publish_id, file, record_no LIMIT " +
                     std::to_string(limit)));
  return out;
}

}  // namespace leat::app
