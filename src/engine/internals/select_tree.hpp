#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include <duckdb.hpp>
#include <duckdb/parser/query_node/select_node.hpp>
#include <duckdb/parser/statement/select_statement.hpp>
#include <duckdb/parser/tableref/basetableref.hpp>

namespace leat {
namespace internals {

/// The one SELECT that `sql` is. Throws duckdb::ParserException.
duckdb::unique_ptr<duckdb::SelectStatement> parse_one_select(const std::string& sql);

/// Says whether an expression of this function name makes many rows one, or one many.
bool changes_row_count(const std::string& function_name);

/// Walks a parsed SELECT: which datasets it names, what it may not do, and whether it is row-wise.
///
/// Calls     set the listeners, then `walk` once.
class SelectTree {
 public:
  using OnTable = std::function<void(duckdb::BaseTableRef& table)>;
  using OnComplaint = std::function<void(const std::string& message, duckdb::optional_idx offset)>;

  SelectTree(OnTable on_table, OnComplaint on_complaint);
  /// Returns whether each row in gives at most one row out.
  bool walk(duckdb::QueryNode& node);
  /// How often a dataset is scanned if every common table expression is inlined; 2 means many.
  const std::map<std::string, unsigned>& scans() const { return x_scans; }

 private:
  using Scans = std::map<std::string, unsigned>;
  /// A name that a WITH clause gave.
  struct Cte {
    std::string name;
    Scans scans;
    bool row_wise;
  };

  bool walk_node(duckdb::QueryNode& node, Scans& scans);
  void walk_ctes(duckdb::QueryNode& node);
  bool walk_body(duckdb::QueryNode& node, Scans& scans);
  bool walk_select(duckdb::SelectNode& node, Scans& scans);
  bool walk_modifiers(duckdb::QueryNode& node, Scans& scans);
  bool walk_ref(duckdb::TableRef& ref, Scans& scans);
  bool walk_table(duckdb::BaseTableRef& table, Scans& scans);
  void walk_table_function(duckdb::TableRef& ref, Scans& scans);
  void walk_pivot(duckdb::TableRef& ref, Scans& scans);
  bool walk_expression(duckdb::ParsedExpression& expression, Scans& scans);
  const Cte* find_cte(const std::string& name) const;

  OnTable x_on_table;
  OnComplaint x_on_complaint;
  std::vector<Cte> x_ctes;
  Scans x_scans;
};

}  // namespace internals
}  // namespace leat
