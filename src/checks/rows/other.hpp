#pragma once

#include "checks/rows/row_check.hpp"
#include "core/compare_check.hpp"

namespace leat::checks::rows {

/// Reads "node.column" or {node, columns}; nothing and a finding where it is neither.
std::optional<OtherColumns> read_other(const config::Node& node, config::Findings& findings);

/// The key is among those of the other dataset.
Check make_relation_check(const std::string& kind, const std::vector<std::string>& columns,
                          const ColumnOptions& options, const OtherColumns& other);

}  // namespace leat::checks::rows
