#include "engine/internals/column_flow.hpp"

#include <algorithm>

#include <duckdb/catalog/catalog_entry/table_catalog_entry.hpp>
#include <duckdb/planner/expression/bound_columnref_expression.hpp>
#include <duckdb/planner/expression_iterator.hpp>
#include <duckdb/planner/logical_operator_visitor.hpp>
#include <duckdb/planner/operator/list.hpp>
#include "engine/internals/kept_units.hpp"

namespace leat {
namespace internals {
namespace {

using duckdb::LogicalOperatorType;
using Binding = ColumnFlow::Binding;

Binding binding_of(const duckdb::ColumnBinding& column) {
  return {column.table_index, column.column_index};
}

leat_use stronger(leat_use a, leat_use b) { return std::max(a, b); }

const ColumnFlow::How kCopied{LEAT_COPIED, true};
const ColumnFlow::How kComputed{LEAT_COMPUTED, false};
const ColumnFlow::How kAggregated{LEAT_AGGREGATED, false};

/// Calls `use` for each column that the expression names, and says whether its unit is kept.
template <typename Use>
void for_each_column(const duckdb::Expression& expression, const Use& use, bool keeps_unit = true) {
  if (expression.GetExpressionClass() == duckdb::ExpressionClass::BOUND_COLUMN_REF) {
    use(binding_of(expression.Cast<duckdb::BoundColumnRefExpression>().binding), keeps_unit);
  }
  duckdb::ExpressionIterator::EnumerateChildren(expression, [&](const duckdb::Expression& child) {
    for_each_column(child, use, keeps_unit && passes_unit_on(expression, child));
  });
}

/// Another way from the same column; true: it changes something.
bool take_up(ColumnFlow::How& how, const ColumnFlow::How& other) {
  const ColumnFlow::How both{stronger(how.use, other.use), how.keeps_unit || other.keeps_unit};
  const bool is_new = both.use != how.use || both.keeps_unit != how.keeps_unit;
  how = both;
  return is_new;
}

bool hands_columns_down(const duckdb::LogicalOperator& op) {
  return op.type == LogicalOperatorType::LOGICAL_DELIM_JOIN ||
         op.type == LogicalOperatorType::LOGICAL_DEPENDENT_JOIN;
}

}  // namespace

void ColumnFlow::read(duckdb::LogicalOperator& op) {
  read_one(op);
  for (duckdb::idx_t i = 0; i < op.children.size(); ++i) {
    const bool down = i == 1 && hands_columns_down(op);
    if (down) x_delim_joins.push_back(&op);
    read(*op.children[i]);
    if (down) x_delim_joins.pop_back();
  }
}

void ColumnFlow::read_one(duckdb::LogicalOperator& op) {
  switch (op.type) {
    case LogicalOperatorType::LOGICAL_PROJECTION:
      for (duckdb::idx_t i = 0; i < op.expressions.size(); ++i) {
        const auto table = op.Cast<duckdb::LogicalProjection>().table_index;
        make({table, i}, *op.expressions[i], LEAT_COPIED);
      }
      break;
    case LogicalOperatorType::LOGICAL_WINDOW:
      for (duckdb::idx_t i = 0; i < op.expressions.size(); ++i) {
        const auto table = op.Cast<duckdb::LogicalWindow>().window_index;
        make({table, i}, *op.expressions[i], LEAT_AGGREGATED);
      }
      break;
    case LogicalOperatorType::LOGICAL_UNNEST:
      for (duckdb::idx_t i = 0; i < op.expressions.size(); ++i) {
        const auto table = op.Cast<duckdb::LogicalUnnest>().unnest_index;
        make({table, i}, *op.expressions[i], LEAT_COMPUTED);
      }
      decide_by(op);
      break;
    case LogicalOperatorType::LOGICAL_AGGREGATE_AND_GROUP_BY: read_aggregate(op); break;
    case LogicalOperatorType::LOGICAL_GET: read_get(op); break;
    case LogicalOperatorType::LOGICAL_EXPRESSION_GET: read_values(op); break;
    case LogicalOperatorType::LOGICAL_PIVOT: read_pivot(op); break;
    case LogicalOperatorType::LOGICAL_DELIM_GET: read_delim_get(op); break;
    case LogicalOperatorType::LOGICAL_UNION:
    case LogicalOperatorType::LOGICAL_EXCEPT:
    case LogicalOperatorType::LOGICAL_INTERSECT:
    case LogicalOperatorType::LOGICAL_RECURSIVE_CTE:
    case LogicalOperatorType::LOGICAL_MATERIALIZED_CTE:
    case LogicalOperatorType::LOGICAL_CTE_REF: read_set(op); break;
    case LogicalOperatorType::LOGICAL_JOIN:
    case LogicalOperatorType::LOGICAL_DELIM_JOIN:
    case LogicalOperatorType::LOGICAL_COMPARISON_JOIN:
    case LogicalOperatorType::LOGICAL_ANY_JOIN:
    case LogicalOperatorType::LOGICAL_ASOF_JOIN:
    case LogicalOperatorType::LOGICAL_DEPENDENT_JOIN: read_join(op); break;
    case LogicalOperatorType::LOGICAL_FILTER:
    case LogicalOperatorType::LOGICAL_DISTINCT: decide_by(op); break;
    case LogicalOperatorType::LOGICAL_CROSS_PRODUCT:
    case LogicalOperatorType::LOGICAL_POSITIONAL_JOIN:
    case LogicalOperatorType::LOGICAL_LIMIT:
    case LogicalOperatorType::LOGICAL_ORDER_BY:
    case LogicalOperatorType::LOGICAL_TOP_N:
    case LogicalOperatorType::LOGICAL_SAMPLE:
    case LogicalOperatorType::LOGICAL_DUMMY_SCAN:
    case LogicalOperatorType::LOGICAL_EMPTY_RESULT:
    case LogicalOperatorType::LOGICAL_CHUNK_GET: break;
    default: read_unknown(op); break;
  }
}

void ColumnFlow::read_get(duckdb::LogicalOperator& op) {
  auto& get = op.Cast<duckdb::LogicalGet>();
  const auto table = get.GetTable();
  if (!table) {
    decide_by(op);
    return read_unknown(op);
  }
  const auto& columns = get.GetColumnIds();
  for (duckdb::idx_t i = 0; i < columns.size(); ++i) {
    if (columns[i].IsVirtualColumn()) continue;
    x_origins[{get.table_index, i}].emplace(Origin{table->name, columns[i].GetPrimaryIndex()},
                                            kCopied);
  }
}

void ColumnFlow::read_aggregate(duckdb::LogicalOperator& op) {
  auto& aggregate = op.Cast<duckdb::LogicalAggregate>();
  for (duckdb::idx_t i = 0; i < aggregate.groups.size(); ++i) {
    make({aggregate.group_index, i}, *aggregate.groups[i], LEAT_COPIED);
    for_each_column(*aggregate.groups[i], [this](const Binding& column, bool) {
      x_deciding.emplace_back(column, kCopied);
    });
  }
  for (duckdb::idx_t i = 0; i < aggregate.expressions.size(); ++i) {
    make({aggregate.aggregate_index, i}, *aggregate.expressions[i], LEAT_AGGREGATED);
  }
  for (duckdb::idx_t i = 0; i < aggregate.grouping_functions.size(); ++i) {
    for (const auto group : aggregate.grouping_functions[i]) {
      make({aggregate.groupings_index, i}, *aggregate.groups[group], LEAT_AGGREGATED);
    }
  }
}

/// What stands for the rows of one or two inputs under an index of its own.
void ColumnFlow::read_set(duckdb::LogicalOperator& op) {
  switch (op.type) {
    case LogicalOperatorType::LOGICAL_CTE_REF: {
      auto& ref = op.Cast<duckdb::LogicalCTERef>();
      for (duckdb::idx_t i = 0; i < ref.chunk_types.size(); ++i) {
        x_made_of[{ref.table_index, i}].emplace_back(Binding{ref.cte_index, i}, kCopied);
      }
      break;
    }
    case LogicalOperatorType::LOGICAL_MATERIALIZED_CTE:
      link(op.Cast<duckdb::LogicalCTE>().table_index, *op.children[0]);
      break;
    case LogicalOperatorType::LOGICAL_RECURSIVE_CTE:
      for (auto& child : op.children) {
        link(op.Cast<duckdb::LogicalCTE>().table_index, *child);
      }
      break;
    default: {
      const auto table = op.Cast<duckdb::LogicalSetOperation>().table_index;
      const bool only_first = op.type == LogicalOperatorType::LOGICAL_EXCEPT;
      for (duckdb::idx_t k = 0; k < op.children.size(); ++k) {
        if (k == 0 || !only_first) link(table, *op.children[k]);
        if (op.type == LogicalOperatorType::LOGICAL_UNION) continue;
        for (const auto& column : op.children[k]->GetColumnBindings()) {
          x_deciding.emplace_back(binding_of(column), kCopied);
        }
      }
    }
  }
}

void ColumnFlow::link(duckdb::idx_t table, duckdb::LogicalOperator& child) {
  const auto columns = child.GetColumnBindings();
  for (duckdb::idx_t i = 0; i < columns.size(); ++i) {
    x_made_of[{table, i}].emplace_back(binding_of(columns[i]), kCopied);
  }
}

void ColumnFlow::read_values(duckdb::LogicalOperator& op) {
  auto& get = op.Cast<duckdb::LogicalExpressionGet>();
  for (const auto& row : get.expressions) {
    for (duckdb::idx_t i = 0; i < row.size(); ++i) {
      make({get.table_index, i}, *row[i], LEAT_COMPUTED);
    }
  }
}

/// Groups go through; every other column comes out of the lists that the aggregate below made.
void ColumnFlow::read_pivot(duckdb::LogicalOperator& op) {
  auto& pivot = op.Cast<duckdb::LogicalPivot>();
  const auto below = op.children[0]->GetColumnBindings();
  const auto own = op.GetColumnBindings();
  const auto groups = pivot.bound_pivot.group_count;
  for (duckdb::idx_t i = 0; i < own.size(); ++i) {
    auto& uses = x_made_of[binding_of(own[i])];
    if (i < groups) {
      uses.emplace_back(binding_of(below[i]), kCopied);
      continue;
    }
    for (auto k = groups; k < below.size(); ++k) {
      uses.emplace_back(binding_of(below[k]), kAggregated);
    }
  }
}

void ColumnFlow::read_join(duckdb::LogicalOperator& op) {
  const auto before = x_deciding.size();
  decide_by(op);
  auto& join = static_cast<duckdb::LogicalJoin&>(op);
  if (join.join_type != duckdb::JoinType::MARK) return;
  auto& mark = x_made_of[{join.mark_index, 0}];
  for (auto i = before; i < x_deciding.size(); ++i) {
    mark.emplace_back(x_deciding[i].first, kComputed);
  }
}

void ColumnFlow::read_delim_get(duckdb::LogicalOperator& op) {
  if (x_delim_joins.empty()) return;
  auto& get = op.Cast<duckdb::LogicalDelimGet>();
  auto& join = static_cast<duckdb::LogicalComparisonJoin&>(*x_delim_joins.back());
  const auto& columns = join.duplicate_eliminated_columns;
  for (duckdb::idx_t i = 0; i < get.chunk_types.size() && i < columns.size(); ++i) {
    make({get.table_index, i}, *columns[i], LEAT_COPIED);
  }
}

void ColumnFlow::read_unknown(duckdb::LogicalOperator& op) {
  for (const auto& own : op.GetColumnBindings()) {
    auto& uses = x_made_of[binding_of(own)];
    for (auto& child : op.children) {
      for (const auto& below : child->GetColumnBindings()) {
        if (binding_of(below) != binding_of(own)) {
          uses.emplace_back(binding_of(below), kComputed);
        }
      }
    }
  }
}

void ColumnFlow::make(const Binding& binding, const duckdb::Expression& expression,
                      leat_use at_least) {
  const bool plain = expression.GetExpressionClass() == duckdb::ExpressionClass::BOUND_COLUMN_REF;
  const auto use = stronger(at_least, plain ? LEAT_COPIED : LEAT_COMPUTED);
  auto& uses = x_made_of[binding];
  for_each_column(expression, [&](const Binding& column, bool keeps_unit) {
    uses.emplace_back(column, How{use, keeps_unit});
  });
}

void ColumnFlow::decide_by(duckdb::LogicalOperator& op) {
  duckdb::LogicalOperatorVisitor::EnumerateExpressions(
      op, [this](duckdb::unique_ptr<duckdb::Expression>* expression) {
        for_each_column(**expression, [this](const Binding& column, bool) {
          x_deciding.emplace_back(column, kCopied);
        });
      });
}

void ColumnFlow::solve() {
  bool changed = true;
  while (changed) {
    changed = false;
    for (const auto& entry : x_made_of) {
      for (const auto& use : entry.second) {
        const auto from = origins(use.first);  // a copy: the target may be the same set
        auto& target = x_origins[entry.first];
        for (const auto& origin : from) {
          const How how{stronger(origin.second.use, use.second.use),
                        origin.second.keeps_unit && use.second.keeps_unit};
          const auto added = target.emplace(origin.first, how);
          changed = take_up(added.first->second, how) || added.second || changed;
        }
      }
    }
  }
}

const ColumnFlow::Origins& ColumnFlow::origins(const Binding& binding) const {
  static const Origins nothing;
  const auto found = x_origins.find(binding);
  return found == x_origins.end() ? nothing : found->second;
}

ColumnFlow::Origins ColumnFlow::deciding() const {
  Origins all;
  for (const auto& use : x_deciding) {
    for (const auto& origin : origins(use.first)) {
      take_up(all.emplace(origin.first, origin.second).first->second, origin.second);
    }
  }
  return all;
}

}  // namespace internals
}  // namespace leat
