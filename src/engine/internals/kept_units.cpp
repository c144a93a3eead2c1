#include "engine/internals/kept_units.hpp"

#include <algorithm>
#include <array>
#include <string>

#include <duckdb/planner/expression/bound_aggregate_expression.hpp>
#include <duckdb/planner/expression/bound_case_expression.hpp>
#include <duckdb/planner/expression/bound_function_expression.hpp>
#include <duckdb/planner/expression/bound_window_expression.hpp>

namespace leat {
namespace internals {
namespace {

using duckdb::Expression;
using duckdb::ExpressionType;

template <size_t N>
bool is_among(const std::array<const char*, N>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool function_keeps(const std::string& name) {
  static const std::array<const char*, 9> names{
      {"+", "-", "abs", "round", "floor", "ceil", "trunc", "greatest", "least"}};
  return is_among(names, name);
}

bool aggregate_keeps(const std::string& name) {
  static const std::array<const char*, 16> names{
      {"sum", "sum_no_overflow", "fsum", "kahan_sum", "sumkahan", "min", "max", "avg", "mean",
       "median", "mode", "first", "last", "any_value", "quantile_cont", "quantile_disc"}};
  return is_among(names, name);
}

bool is_first(const duckdb::vector<duckdb::unique_ptr<Expression>>& children,
              const Expression& child) {
  return !children.empty() && children.front().get() == &child;
}

/// Conditions choose, and are no part of the value.
bool is_result(const duckdb::BoundCaseExpression& expression, const Expression& child) {
  if (expression.else_expr.get() == &child) return true;
  return std::any_of(
      expression.case_checks.begin(), expression.case_checks.end(),
      [&](const duckdb::BoundCaseCheck& one) { return one.then_expr.get() == &child; });
}

bool window_keeps(const duckdb::BoundWindowExpression& window) {
  switch (window.GetExpressionType()) {
    case ExpressionType::WINDOW_FIRST_VALUE:
    case ExpressionType::WINDOW_LAST_VALUE:
    case ExpressionType::WINDOW_NTH_VALUE:
    case ExpressionType::WINDOW_LAG:
    case ExpressionType::WINDOW_LEAD: return true;
    default: return window.aggregate && aggregate_keeps(window.aggregate->name);
  }
}

}  // namespace

bool passes_unit_on(const Expression& expression, const Expression& child) {
  switch (expression.GetExpressionClass()) {
    case duckdb::ExpressionClass::BOUND_CAST: return true;
    case duckdb::ExpressionClass::BOUND_CASE:
      return is_result(expression.Cast<duckdb::BoundCaseExpression>(), child);
    case duckdb::ExpressionClass::BOUND_OPERATOR:
      return expression.GetExpressionType() == ExpressionType::OPERATOR_COALESCE;
    case duckdb::ExpressionClass::BOUND_FUNCTION:
      return function_keeps(expression.Cast<duckdb::BoundFunctionExpression>().function.name);
    case duckdb::ExpressionClass::BOUND_AGGREGATE: {
      auto& aggregate = expression.Cast<duckdb::BoundAggregateExpression>();
      return is_first(aggregate.children, child) && aggregate_keeps(aggregate.function.name);
    }
    case duckdb::ExpressionClass::BOUND_WINDOW: {
      auto& window = expression.Cast<duckdb::BoundWindowExpression>();
      return is_first(window.children, child) && window_keeps(window);
    }
    default: return false;
  }
}

}  // namespace internals
}  // namespace leat
