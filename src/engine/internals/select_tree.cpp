#include "engine/internals/select_tree.hpp"

#include <algorithm>
#include <utility>

#include <duckdb/parser/expression/function_expression.hpp>
#include <duckdb/parser/expression/subquery_expression.hpp>
#include <duckdb/parser/parsed_expression_iterator.hpp>
#include <duckdb/parser/parser.hpp>
#include <duckdb/parser/query_node/recursive_cte_node.hpp>
#include <duckdb/parser/query_node/set_operation_node.hpp>
#include <duckdb/parser/result_modifier.hpp>
#include <duckdb/parser/tableref/list.hpp>
#include "engine/internals/fault.hpp"
#include "engine/internals/function_names.hpp"

namespace leat {
namespace internals {
namespace {

using duckdb::ParserException;
using duckdb::StringUtil;

void add_scans(std::map<std::string, unsigned>& to, const std::map<std::string, unsigned>& from) {
  for (const auto& entry : from) to[entry.first] = std::min(2U, to[entry.first] + entry.second);
}

bool looks_like_a_file(const std::string& name) {
  return name.find_first_of("./\\*?:") != std::string::npos;
}

std::string lower(const std::string& text) { return StringUtil::Lower(text); }

}  // namespace

duckdb::unique_ptr<duckdb::SelectStatement> parse_one_select(const std::string& sql) {
  duckdb::Parser parser;
  parser.ParseQuery(sql);
  auto& statements = parser.statements;
  if (statements.empty()) throw ParserException("there is no SELECT here");
  if (statements.size() > 1) {
    throw ParserException(duckdb::optional_idx(statements[0]->query.size()),
                          "a second statement follows; only one SELECT may stand here");
  }
  auto& statement = *statements[0];
  if (statement.type == duckdb::StatementType::MULTI_STATEMENT) {
    throw ParserException("PIVOT must say which values it makes columns of: ON x IN ('a', 'b')");
  }
  if (statement.type != duckdb::StatementType::SELECT_STATEMENT) {
    throw ParserException("only a SELECT may stand here, not " +
                          duckdb::StatementTypeToString(statement.type));
  }
  if (!statement.named_param_map.empty()) {
    throw ParserException("there is a parameter marker (? or $1) here, which nothing fills");
  }
  return duckdb::unique_ptr_cast<duckdb::SQLStatement, duckdb::SelectStatement>(
      std::move(statements[0]));
}

bool changes_row_count(const std::string& function_name) {
  const auto name = lower(function_name);
  const auto* const end = kRowCountChangers + kRowCountChangersSize;
  return std::binary_search(kRowCountChangers, end, name,
                            [](const std::string& a, const std::string& b) { return a < b; });
}

SelectTree::SelectTree(OnTable on_table, OnComplaint on_complaint)
    : x_on_table(std::move(on_table)), x_on_complaint(std::move(on_complaint)) {}

bool SelectTree::walk(duckdb::QueryNode& node) { return walk_node(node, x_scans); }

const SelectTree::Cte* SelectTree::find_cte(const std::string& name) const {
  for (auto cte = x_ctes.rbegin(); cte != x_ctes.rend(); ++cte) {
    if (StringUtil::CIEquals(cte->name, name)) return &*cte;
  }
  return nullptr;
}

bool SelectTree::walk_node(duckdb::QueryNode& node, Scans& scans) {
  const auto outer = x_ctes.size();
  walk_ctes(node);
  const bool body = walk_body(node, scans);
  const bool modifiers = walk_modifiers(node, scans);
  x_ctes.resize(outer, Cte{"", {}, false});
  return body && modifiers;
}

void SelectTree::walk_ctes(duckdb::QueryNode& node) {
  for (auto& entry : node.cte_map.map) {
    auto& query = *entry.second->query->node;
    Cte cte{entry.first, {}, false};
    if (query.type == duckdb::QueryNodeType::RECURSIVE_CTE_NODE) {
      const auto self = x_ctes.size();
      x_ctes.push_back(Cte{entry.first, {}, false});
      walk_node(query, cte.scans);
      x_ctes.resize(self, Cte{"", {}, false});
      add_scans(cte.scans, Scans(cte.scans));  // the recursion scans its inputs again and again
    } else {
      cte.row_wise = walk_node(query, cte.scans);
    }
    x_ctes.push_back(std::move(cte));
  }
}

bool SelectTree::walk_body(duckdb::QueryNode& node, Scans& scans) {
  switch (node.type) {
    case duckdb::QueryNodeType::SELECT_NODE:
      return walk_select(node.Cast<duckdb::SelectNode>(), scans);
    case duckdb::QueryNodeType::SET_OPERATION_NODE:
      for (auto& child : node.Cast<duckdb::SetOperationNode>().children) walk_node(*child, scans);
      return false;
    case duckdb::QueryNodeType::RECURSIVE_CTE_NODE: {
      auto& recursive = node.Cast<duckdb::RecursiveCTENode>();
      walk_node(*recursive.left, scans);
      walk_node(*recursive.right, scans);
      return false;
    }
    default:
      x_on_complaint("this kind of query is not known", duckdb::optional_idx());
      return false;
  }
}

bool SelectTree::walk_select(duckdb::SelectNode& node, Scans& scans) {
  bool row_wise = walk_ref(*node.from_table, scans);
  for (auto& item : node.select_list) row_wise &= walk_expression(*item, scans);
  if (node.where_clause) row_wise &= walk_expression(*node.where_clause, scans);
  for (auto& group : node.groups.group_expressions) walk_expression(*group, scans);
  if (node.having) walk_expression(*node.having, scans);
  if (node.qualify) walk_expression(*node.qualify, scans);
  const bool grouped = !node.groups.group_expressions.empty() ||
                       !node.groups.grouping_sets.empty() || node.having ||
                       node.aggregate_handling != duckdb::AggregateHandling::STANDARD_HANDLING;
  return row_wise && !grouped && !node.qualify && !node.sample;
}

bool SelectTree::walk_modifiers(duckdb::QueryNode& node, Scans& scans) {
  bool row_wise = true;
  for (auto& modifier : node.modifiers) {
    row_wise &= modifier->type == duckdb::ResultModifierType::ORDER_MODIFIER;
  }
  duckdb::ParsedExpressionIterator::EnumerateQueryNodeModifiers(
      node, [&](duckdb::unique_ptr<duckdb::ParsedExpression>& child) {
        row_wise &= walk_expression(*child, scans);
      });
  return row_wise;
}

bool SelectTree::walk_ref(duckdb::TableRef& ref, Scans& scans) {
  bool row_wise = !ref.sample;
  switch (ref.type) {
    case duckdb::TableReferenceType::BASE_TABLE:
      return walk_table(ref.Cast<duckdb::BaseTableRef>(), scans) && row_wise;
    case duckdb::TableReferenceType::SUBQUERY:
      return walk_node(*ref.Cast<duckdb::SubqueryRef>().subquery->node, scans) && row_wise;
    case duckdb::TableReferenceType::JOIN: {
      auto& join = ref.Cast<duckdb::JoinRef>();
      walk_ref(*join.left, scans);
      walk_ref(*join.right, scans);
      if (join.condition) walk_expression(*join.condition, scans);
      return false;
    }
    case duckdb::TableReferenceType::TABLE_FUNCTION: walk_table_function(ref, scans); return false;
    case duckdb::TableReferenceType::EXPRESSION_LIST:
      for (auto& row : ref.Cast<duckdb::ExpressionListRef>().values) {
        for (auto& value : row) walk_expression(*value, scans);
      }
      return false;
    case duckdb::TableReferenceType::PIVOT: walk_pivot(ref, scans); return false;
    case duckdb::TableReferenceType::EMPTY_FROM: return false;
    default:
      x_on_complaint("only datasets may be selected from here", ref.query_location);
      return false;
  }
}

bool SelectTree::walk_table(duckdb::BaseTableRef& table, Scans& scans) {
  if (!table.schema_name.empty() || !table.catalog_name.empty()) {
    x_on_complaint("`" + table.schema_name + "." + table.table_name +
                       "` has a dot: a dataset goes by its plain name",
                   table.query_location);
    return false;
  }
  if (const auto* cte = find_cte(table.table_name)) {
    add_scans(scans, cte->scans);
    return cte->row_wise;
  }
  if (looks_like_a_file(table.table_name)) {
    x_on_complaint("'" + table.table_name +
                       "' names a file: declare a source for it and select from the source's name",
                   table.query_location);
    return false;
  }
  add_scans(scans, {{lower(table.table_name), 1U}});
  x_on_table(table);
  return true;
}

void SelectTree::walk_table_function(duckdb::TableRef& ref, Scans& scans) {
  auto& table_function = ref.Cast<duckdb::TableFunctionRef>();
  auto& call = table_function.function->Cast<duckdb::FunctionExpression>();
  const auto* const end = kTableFunctions + kTableFunctionsSize;
  if (std::find(kTableFunctions, end, lower(call.function_name)) == end) {
    x_on_complaint("the table function `" + call.function_name +
                       "` may not be used here: declare a source and select from its name",
                   ref.query_location);
  }
  for (auto& child : call.children) walk_expression(*child, scans);
  if (table_function.subquery) walk_node(*table_function.subquery->node, scans);
}

void SelectTree::walk_pivot(duckdb::TableRef& ref, Scans& scans) {
  auto& pivot = ref.Cast<duckdb::PivotRef>();
  walk_ref(*pivot.source, scans);
  for (auto& aggregate : pivot.aggregates) walk_expression(*aggregate, scans);
  for (auto& column : pivot.pivots) {
    for (auto& expression : column.pivot_expressions) walk_expression(*expression, scans);
    for (auto& entry : column.entries) {
      if (entry.expr) walk_expression(*entry.expr, scans);
    }
    if (column.subquery) walk_node(*column.subquery, scans);
  }
}

bool SelectTree::walk_expression(duckdb::ParsedExpression& expression, Scans& scans) {
  bool row_wise = true;
  switch (expression.GetExpressionClass()) {
    case duckdb::ExpressionClass::SUBQUERY:
      walk_node(*expression.Cast<duckdb::SubqueryExpression>().subquery->node, scans);
      row_wise = false;
      break;
    case duckdb::ExpressionClass::WINDOW: row_wise = false; break;
    case duckdb::ExpressionClass::FUNCTION:
      row_wise = !changes_row_count(expression.Cast<duckdb::FunctionExpression>().function_name);
      break;
    default: break;
  }
  duckdb::ParsedExpressionIterator::EnumerateChildren(
      expression,
      [&](duckdb::ParsedExpression& child) { row_wise &= walk_expression(child, scans); });
  return row_wise;
}

}  // namespace internals
}  // namespace leat

bool leat_parse_select(const char* sql, const leat_select_listener* listener) {
  bool row_wise = false;
  leat_fault fault{};
  const auto complain = [listener](const std::string& message, duckdb::optional_idx offset) {
    listener->complain(listener->self, message.c_str(),
                       offset.IsValid() ? static_cast<int64_t>(offset.GetIndex()) : -1);
  };
  const auto table = [listener](duckdb::BaseTableRef& ref) {
    const auto offset = ref.query_location;
    listener->table(listener->self, ref.table_name.c_str(),
                    offset.IsValid() ? offset.GetIndex() : 0);
  };
  const bool parsed = leat::internals::guarded(&fault, [&] {
    auto select = leat::internals::parse_one_select(sql);
    row_wise = leat::internals::SelectTree(table, complain).walk(*select->node);
  });
  if (parsed) return row_wise;
  listener->complain(listener->self, fault.message, fault.offset);
  leat_fault_clear(&fault);
  return false;
}
