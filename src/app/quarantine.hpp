#pragma once

#include <filesystem>
#include <optional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "core/row_ranges.hpp"
#include "engine/session.hpp"

namespace leat::app {

/// One file of rows that were set aside.
struct SegmentEntry {
  std::string pipeline;
  std::string dataset;
  std::string publish_id;
  std::string status;      ///< committed, held, failed, superseded, unknown (no history of it)
  std::string lane;        ///< The sink whose publish it is; empty: unknown.
  std::uint64_t rows = 0;  ///< Those that no earlier segment of the dataset has.
  std::vector<std::pair<std::string, std::uint64_t>> checks;  ///< Rows by failed check.
  std::filesystem::path path;
  Instant set_aside_at{};
  RowRanges settled = {};                             ///< Rows of it that were replayed or dropped.
  std::map<std::uint64_t, std::string> patched = {};  ///< By row: the values it was given.
};

/// Segments of the project of `where`, oldest first. Without `all` those are left out that a later
/// publish of the same sink has replaced, or whose rows all lie in others; then the rows of a
/// dataset add up to what `show_quarantine` shows of it.
Result<std::vector<SegmentEntry>> list_quarantine(const std::filesystem::path& where, bool all);

/// What a rule has set aside of a dataset.
struct RuleEntry {
  std::string pipeline;
  std::string dataset;
  std::string rule;        ///< Id of the check; "decode".
  std::uint64_t rows = 0;  ///< That stand.
  Instant first_seen{};    ///< When a run first set rows aside for it, as far as segments are left.
  Instant last_seen{};
  std::string example;  ///< Where the first row came from; of rows that came from no file the row.
  /// When the first segment of the dataset that is open is let go; nothing: never.
  std::optional<Instant> expires_at;
};

/// By pipeline and dataset, the rule with most rows first.
Result<std::vector<RuleEntry>> list_rules(const std::filesystem::path& where);

struct QuarantineRows {
  std::uint64_t rows = 0;  ///< All there are; the table may hold fewer.
  engine::TextTable table;
};

/// Rows that stand of a dataset, or of a publish by the beginning of its id.
Result<QuarantineRows> show_quarantine(const std::filesystem::path& where, const std::string& asked,
                                       std::size_t limit);

}  // namespace leat::app
