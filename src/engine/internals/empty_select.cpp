#include "engine/internals/empty_select.hpp"

#include <utility>

#include <duckdb/parser/expression/cast_expression.hpp>
#include <duckdb/parser/expression/constant_expression.hpp>
#include <duckdb/parser/query_node/select_node.hpp>
#include <duckdb/parser/tableref/emptytableref.hpp>

namespace leat {
namespace internals {

duckdb::unique_ptr<duckdb::SelectStatement> empty_select(
    const duckdb::vector<std::string>& names, const duckdb::vector<duckdb::LogicalType>& types) {
  auto node = duckdb::make_uniq<duckdb::SelectNode>();
  node->from_table = duckdb::make_uniq<duckdb::EmptyTableRef>();
  for (duckdb::idx_t i = 0; i < names.size(); ++i) {
    auto cell = duckdb::make_uniq<duckdb::CastExpression>(
        types[i], duckdb::make_uniq<duckdb::ConstantExpression>(duckdb::Value()));
    cell->SetAlias(names[i]);
    node->select_list.push_back(std::move(cell));
  }
  auto select = duckdb::make_uniq<duckdb::SelectStatement>();
  select->node = std::move(node);
  return select;
}

}  // namespace internals
}  // namespace leat
