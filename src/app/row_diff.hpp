#pragma once

#include <string>
#include <vector>

#include "engine/session.hpp"

namespace leat::app {

/// Rows that are on one side only.
struct RowDiff {
  std::vector<std::string> columns;
  std::vector<engine::TextRow> missing;     ///< Expected, and did not come.
  std::vector<engine::TextRow> unexpected;  ///< Came, and was not expected.
  bool empty() const { return missing.empty() && unexpected.empty(); }
};

/// Compares two sets of rows, each row as often as it comes; the order does not count. In the
/// columns that `is_real` marks numbers are alike when they differ by less than one part in 10^9.
RowDiff diff_rows(std::vector<engine::TextRow> expected, std::vector<engine::TextRow> actual,
                  const std::vector<bool>& is_real);

}  // namespace leat::app
