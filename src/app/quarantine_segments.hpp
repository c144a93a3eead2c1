#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "app/quarantine.hpp"
#include "base/error.hpp"

namespace leat::app {

/// The segments of the project of `where`, oldest first; without `all` only those that are open.
/// Their rows are not counted yet.
Result<std::vector<SegmentEntry>> find_segments(const std::filesystem::path& where, bool all);

/// When a publish was planned, by its id alone.
Instant planned_at(const std::string& publish_id);

/// May there be rows in it that wait for somebody?
bool is_open(const SegmentEntry& entry);

/// Is it of what was asked for: a dataset, pipeline.dataset, or the beginning of a publish id?
bool is_asked(const SegmentEntry& entry, const std::string& asked);
bool is_publish_id(const std::string& asked);

/// A table expression of the rows that stand in several segments, which are all of one dataset:
/// each once, with `file_row_number`.
std::string standing_rows_sql(const std::vector<SegmentEntry>& entries);

Error nothing_of(const std::string& asked, const std::vector<SegmentEntry>& entries);

}  // namespace leat::app
