#include "engine/internals/chunk_expression.hpp"

#include <duckdb/parser/parser.hpp>
#include <duckdb/planner/binder.hpp>
#include <duckdb/planner/expression/bound_columnref_expression.hpp>
#include <duckdb/planner/expression/bound_reference_expression.hpp>
#include <duckdb/planner/expression_binder.hpp>
#include <duckdb/planner/expression_iterator.hpp>

namespace leat {
namespace internals {

void refer_to_chunk(duckdb::unique_ptr<duckdb::Expression>& expression,
                    const std::function<duckdb::idx_t(duckdb::idx_t column,
                                                      const duckdb::LogicalType& type)>& slot_of) {
  if (expression->GetExpressionClass() == duckdb::ExpressionClass::BOUND_COLUMN_REF) {
    const auto& reference = expression->Cast<duckdb::BoundColumnRefExpression>();
    const auto type = reference.return_type;
    const auto slot = slot_of(reference.binding.column_index, type);
    expression = duckdb::make_uniq<duckdb::BoundReferenceExpression>(type, slot);
    return;
  }
  duckdb::ExpressionIterator::EnumerateChildren(
      *expression,
      [&](duckdb::unique_ptr<duckdb::Expression>& child) { refer_to_chunk(child, slot_of); });
}

duckdb::unique_ptr<duckdb::Expression> bind_over_chunk(
    duckdb::ClientContext& context, const std::string& sql,
    const duckdb::vector<std::string>& names, const duckdb::vector<duckdb::LogicalType>& types) {
  auto parsed = duckdb::Parser::ParseExpressionList(sql);
  auto binder = duckdb::Binder::CreateBinder(context);
  binder->bind_context.AddGenericBinding(binder->GenerateTableIndex(), "chunk", names, types);
  duckdb::ExpressionBinder expression_binder(*binder, context);
  duckdb::ExpressionBinder::QualifyColumnNames(*binder, parsed[0]);
  auto bound = expression_binder.Bind(parsed[0]);
  refer_to_chunk(bound, [](duckdb::idx_t column, const duckdb::LogicalType&) { return column; });
  return bound;
}

}  // namespace internals
}  // namespace leat
