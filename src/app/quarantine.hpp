#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "base/result.hpp"
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
};

/// Segments of the project of `where`, oldest first. Without `all` those are left out that a later
/// publish of the same sink has replaced, or whose rows all lie in others; then the rows of a
/// dataset add up to what `show_quarantine` shows of it.
Result<std::vector<SegmentEntry>> list_quarantine(const std::filesystem::path& where, bool all);

struct QuarantineRows {
  std::uint64_t rows = 0;  ///< All there are; the table may hold fewer.
  engine::TextTable table;
};

/// Rows of a dataset, or of a publish by the beginning of its id.
Result<QuarantineRows> show_quarantine(const std::filesystem::path& where,
                                       const std::string& dataset_or_id, std::size_t limit);

}  // namespace leat::app
