#pragma once

#include <map>
#include <string>

#include <duckdb.hpp>
#include <duckdb/parser/query_node.hpp>
#include <duckdb/parser/statement/select_statement.hpp>

namespace leat {
namespace internals {

/// Puts something of ours in the place of each dataset that a SELECT names.
///
/// A dataset `x` becomes a common table expression "leat x", named by every use of `x` with the
/// alias `x`. So the author's SQL stays as it was written, with the places that its errors name.
class NamedTables {
 public:
  /// What stands for a dataset, and whether it may be scanned only once.
  struct Definition {
    duckdb::unique_ptr<duckdb::SelectStatement> select;
    bool scan_once;
  };

  void define(const std::string& name, Definition definition);
  /// Throws duckdb::CatalogException when the SELECT names something else.
  void put_into(duckdb::SelectStatement& select);

 private:
  std::map<std::string, Definition> x_definitions;
};

}  // namespace internals
}  // namespace leat
