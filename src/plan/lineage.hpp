#pragma once

#include <string>
#include <vector>

#include "engine/column_lineage.hpp"
#include "plan/plan.hpp"

namespace leat::plan {

/// One column of a node and what feeds it, one step back.
struct LineageColumn {
  std::string name;
  std::vector<engine::ColumnUse> from;
};

struct LineageNode {
  std::string name;
  std::string kind;    ///< source, model, step, sink
  std::string detail;  ///< "csv", "models/x.sql"
  std::vector<std::string> inputs;
  std::vector<LineageColumn> columns;
  std::vector<engine::ColumnUse> deciding;  ///< What decides which rows it has.
};

/// Table and column lineage of a pipeline; sinks as they stand in the plan.
struct Lineage {
  std::vector<LineageNode> nodes;  ///< Inputs first.

  const LineageNode* node(const std::string& name) const;  ///< Letter case aside.
};

/// The columns of sources that a column rests on in the end.
std::vector<engine::ColumnUse> roots_of(const Lineage& lineage, const std::string& node,
                                        const std::string& column);
/// The columns that are made of this one, one step on.
std::vector<engine::ColumnUse> made_of(const Lineage& lineage, const std::string& node,
                                       const std::string& column);
/// All nodes that a node rests on, or that rest on it; without itself.
std::vector<std::string> nodes_before(const Lineage& lineage, const std::string& node);
std::vector<std::string> nodes_after(const Lineage& lineage, const std::string& node);

/// From the bound plan of each model's SELECT.
/// Errors    internal: a SELECT that the plan had bound cannot be bound any more.
Result<Lineage> lineage_of(const Plan& plan, engine::Session& session);

}  // namespace leat::plan
