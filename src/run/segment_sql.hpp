#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/row_ranges.hpp"

namespace leat::run {

/// A segment of rows that were set aside.
struct SegmentPart {
  std::filesystem::path path;
  std::string publish_id;
  RowRanges left_out;  ///< Rows that are not meant.
};

/// A table expression of their rows, with `file_row_number`: the number of a row in its segment.
std::string segment_rows_sql(const std::vector<SegmentPart>& parts);

}  // namespace leat::run
