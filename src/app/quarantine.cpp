#include "app/quarantine.hpp"

#include <algorithm>
#include <map>

#include "app/expire_quarantine.hpp"
#include "app/quarantine_segments.hpp"
#include "base/names.hpp"
#include "run/segment_sql.hpp"

namespace leat::app {
namespace {

namespace fs = std::filesystem;

/// Counts the rows of `entries`, which are all of one dataset, each row once.
Status count_rows(engine::Session& session, const std::vector<SegmentEntry*>& entries) {
  std::vector<SegmentEntry> some;
  for (const auto* entry : entries) some.push_back(*entry);
  const auto from = standing_rows_sql(some);
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

/// The last values that somebody gave rows of these segments.
std::string patches_sql(const std::vector<SegmentEntry>& entries) {
  std::string values;
  for (const auto& entry : entries) {
    for (const auto& [row, text] : entry.patched) {
      values += (values.empty() ? "(" : ", (") + quote_literal(entry.publish_id) + ", " +
                std::to_string(row) + ", " + quote_literal(text) + ")";
    }
  }
  if (values.empty()) {
    return "(SELECT NULL::VARCHAR AS leat_of, NULL::BIGINT AS leat_row, NULL::VARCHAR AS"
           " leat_values WHERE false)";
  }
  return "(VALUES " + values + ") AS leat_patches(leat_of, leat_row, leat_values)";
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

/// Of each rule what stands now; when it was broken first and last tell all segments.
std::string rules_sql(const std::vector<SegmentEntry>& all, const std::vector<SegmentEntry>& open) {
  std::vector<run::SegmentPart> parts;
  for (const auto& entry : all) parts.push_back({entry.path, entry.publish_id, {}});
  return "SELECT leat_now.rule, leat_now.rows, seen.first, seen.last, leat_now.example FROM (SELECT"
         " rule, count(*) AS rows, arg_min(place, (publish_id, file, record_no)) AS example FROM"
         " (SELECT unnest(failed_checks) AS rule, publish_id, file, record_no, CASE WHEN file IS"
         " NULL THEN raw WHEN line_no IS NOT NULL THEN file || ':' || line_no WHEN record_no IS NOT"
         " NULL THEN file || ', record ' || record_no ELSE file END AS place FROM " +
         standing_rows_sql(open) +
         ") GROUP BY rule) AS leat_now JOIN (SELECT rule, min(publish_id) AS first,"
         " max(publish_id) AS last FROM (SELECT unnest(failed_checks) AS rule, publish_id FROM " +
         run::segment_rows_sql(parts) +
         ") GROUP BY rule) AS seen ON seen.rule = leat_now.rule ORDER BY leat_now.rows DESC,"
         " leat_now.rule";
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

Result<std::vector<RuleEntry>> list_rules(const fs::path& where) {
  TRY(const auto all, find_segments(where, true));
  std::map<std::pair<std::string, std::string>, std::vector<SegmentEntry>> by_dataset;
  for (const auto& entry : all) by_dataset[{entry.pipeline, entry.dataset}].push_back(entry);
  std::vector<RuleEntry> rules;
  const auto age = quarantine_age(where);
  TRY(auto session, engine::Session::open({}));
  for (const auto& [names, segments] : by_dataset) {
    std::vector<SegmentEntry> open;
    std::copy_if(segments.begin(), segments.end(), std::back_inserter(open), is_open);
    if (open.empty()) continue;
    std::optional<Instant> expires_at;
    if (age) expires_at = open.front().set_aside_at + *age;
    TRY(const auto found, session->query(rules_sql(segments, open)));
    for (const auto& row : found.rows) {
      RuleEntry rule{names.first, names.second, row[0].value_or(""), 0, {}, {}, {}, {}};
      rule.rows = std::stoull(row[1].value_or("0"));
      rule.first_seen = planned_at(row[2].value_or(""));
      rule.last_seen = planned_at(row[3].value_or(""));
      rule.example = row[4].value_or("");
      rule.expires_at = expires_at;
      rules.push_back(std::move(rule));
    }
  }
  return rules;
}

Result<QuarantineRows> show_quarantine(const fs::path& where, const std::string& asked,
                                       std::size_t limit) {
  TRY(const auto entries, find_segments(where, is_publish_id(asked)));
  std::vector<SegmentEntry> found;
  for (const auto& entry : entries) {
    if (is_asked(entry, asked)) found.push_back(entry);
  }
  if (found.empty()) return nothing_of(asked, entries);
  TRY(auto session, engine::Session::open({}));
  const auto rows = standing_rows_sql(found);
  QuarantineRows out;
  TRY(const auto total, session->query("SELECT count(*) FROM " + rows));
  out.rows = std::stoull(total.rows.at(0).at(0).value_or("0"));
  TRY(out.table,
      session->query("SELECT dataset, file, record_no, line_no, byte_offset, failed_checks,"
                     " message, raw, leat_values AS patched, publish_id, file_row_number AS row"
                     " FROM " +
                     rows + " LEFT JOIN " + patches_sql(found) +
                     " ON leat_of = publish_id AND leat_row = file_row_number"
                     " ORDER BY publish_id, file, record_no LIMIT " +
                     std::to_string(limit)));
  return out;
}

}  // namespace leat::app
