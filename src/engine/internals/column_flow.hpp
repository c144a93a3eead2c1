#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include <duckdb.hpp>
#include <duckdb/planner/logical_operator.hpp>
#include "engine/internals/engine_internals.h"

namespace leat {
namespace internals {

/// Where the columns of a bound plan come from.
///
/// Every operator gives equations: this column of mine is made of those of my inputs. They are
/// solved by going round until nothing changes, so that recursive queries, common table expressions
/// and correlated subqueries need no order.
///
/// Calls     `read` once with the root, then `solve`, then the rest.
/// Promise   nothing is missed: where an operator is not known, each of its columns is taken to
///           rest on all columns below it.
class ColumnFlow {
 public:
  using Binding = std::pair<duckdb::idx_t, duckdb::idx_t>;  ///< Table index, column index.
  using Origin = std::pair<std::string, duckdb::idx_t>;     ///< Table, column.
  /// How a column feeds another one.
  struct How {
    leat_use use;
    bool keeps_unit;  ///< Its numbers go on as amounts of the same unit.
  };
  using Origins = std::map<Origin, How>;

  void read(duckdb::LogicalOperator& root);
  void solve();
  const Origins& origins(const Binding& binding) const;
  /// What filters, join conditions and groups look at.
  Origins deciding() const;

 private:
  using Uses = std::vector<std::pair<Binding, How>>;

  void read_one(duckdb::LogicalOperator& op);
  void read_get(duckdb::LogicalOperator& op);
  void read_aggregate(duckdb::LogicalOperator& op);
  void read_set(duckdb::LogicalOperator& op);
  void read_values(duckdb::LogicalOperator& op);
  void read_pivot(duckdb::LogicalOperator& op);
  void read_join(duckdb::LogicalOperator& op);
  void read_delim_get(duckdb::LogicalOperator& op);
  void read_unknown(duckdb::LogicalOperator& op);
  void link(duckdb::idx_t table, duckdb::LogicalOperator& child);
  void make(const Binding& binding, const duckdb::Expression& expression, leat_use at_least);
  void decide_by(duckdb::LogicalOperator& op);

  std::map<Binding, Uses> x_made_of;
  std::map<Binding, Origins> x_origins;
  Uses x_deciding;
  /// The joins whose right side is being read and that hand columns down to it.
  std::vector<duckdb::LogicalOperator*> x_delim_joins;
};

}  // namespace internals
}  // namespace leat
