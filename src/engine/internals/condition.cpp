#include <string>
#include <utility>
#include <vector>

#include <duckdb/execution/expression_executor.hpp>
#include <duckdb/planner/binder.hpp>
#include <duckdb/planner/expression/bound_cast_expression.hpp>
#include <duckdb/planner/expression_binder/where_binder.hpp>
#include "engine/internals/chunk_expression.hpp"
#include "engine/internals/fault.hpp"
#include "engine/internals/select_tree.hpp"

struct leat_test {
  duckdb::shared_ptr<duckdb::ClientContext> context;
  duckdb::unique_ptr<duckdb::Expression> expression;
  std::vector<size_t> columns;
  duckdb::vector<duckdb::LogicalType> types;
};

struct leat_test_run {
  explicit leat_test_run(const leat_test& test) : executor(*test.context, *test.expression) {
    input.InitializeEmpty(test.types);
    one_row.InitializeEmpty(test.types);
    output.Initialize(*test.context, {duckdb::LogicalType::BOOLEAN});
  }
  duckdb::ExpressionExecutor executor;
  duckdb::DataChunk input;
  duckdb::DataChunk one_row;
  duckdb::DataChunk output;
};

namespace leat {
namespace internals {
namespace {

constexpr const char kPrefix[] = "SELECT ";

/// The one expression that `sql` is, and nothing behind it.
duckdb::unique_ptr<duckdb::ParsedExpression> parse_expression(const std::string& sql) {
  auto select = parse_one_select(kPrefix + sql);
  const bool plain = select->node->type == duckdb::QueryNodeType::SELECT_NODE &&
                     select->node->modifiers.empty() && select->node->cte_map.map.empty();
  if (plain) {
    auto& node = select->node->Cast<duckdb::SelectNode>();
    const bool alone = node.from_table->type == duckdb::TableReferenceType::EMPTY_FROM &&
                       !node.where_clause && node.groups.group_expressions.empty() &&
                       !node.having && !node.qualify && !node.sample;
    if (alone && node.select_list.size() == 1 && node.select_list[0]->GetAlias().empty()) {
      return std::move(node.select_list[0]);
    }
  }
  throw duckdb::ParserException("only one expression may stand here, without any clause behind it");
}

/// Where the column stands among those that the test reads.
size_t slot_of(size_t column, const duckdb::LogicalType& type, leat_test& test) {
  size_t slot = 0;
  while (slot < test.columns.size() && test.columns[slot] != column) ++slot;
  if (slot == test.columns.size()) {
    test.columns.push_back(column);
    test.types.push_back(type);
  }
  return slot;
}

void bind_test(duckdb::ClientContext& context, const char* sql, const leat_table& table,
               leat_test& test) {
  auto parsed = parse_expression(sql);
  if (parsed->HasSubquery()) {
    throw duckdb::BinderException("a check judges one row, so it cannot hold a subquery");
  }
  duckdb::vector<std::string> names;
  duckdb::vector<duckdb::LogicalType> types;
  for (size_t i = 0; i < table.size; ++i) {
    names.push_back(table.names[i]);
    types.push_back(as_type(table.types[i]));
  }
  auto binder = duckdb::Binder::CreateBinder(context);
  binder->bind_context.AddGenericBinding(binder->GenerateTableIndex(), table.name, names, types);
  duckdb::WhereBinder where(*binder, context);
  where.target_type = duckdb::LogicalType(duckdb::LogicalTypeId::INVALID);
  duckdb::ExpressionBinder::QualifyColumnNames(*binder, parsed);
  test.expression = where.Bind(parsed);
  const auto id = test.expression->return_type.id();
  if (id != duckdb::LogicalTypeId::BOOLEAN && id != duckdb::LogicalTypeId::SQLNULL) {
    duckdb::Value value;
    const bool is_null =
        test.expression->IsFoldable() &&
        duckdb::ExpressionExecutor::TryEvaluateScalar(context, *test.expression, value) &&
        value.IsNull();
    throw duckdb::BinderException("this must be true or false, and it is " +
                                  (is_null ? std::string("always null")
                                           : "of type " + test.expression->return_type.ToString()));
  }
  test.expression = duckdb::BoundCastExpression::AddCastToType(
      context, std::move(test.expression), duckdb::LogicalType(duckdb::LogicalTypeId::BOOLEAN));
  if (test.expression->IsVolatile()) {
    throw duckdb::BinderException("a check must say the same whenever it is asked: nothing random");
  }
  refer_to_chunk(test.expression, [&](size_t column, const duckdb::LogicalType& type) {
    return slot_of(column, type, test);
  });
}

/// Evaluates over `chunk` and says of each row what came out.
template <typename Say>
void evaluate(leat_test_run& run, duckdb::DataChunk& chunk, Say say) {
  run.output.Reset();
  auto& result = run.output.data[0];
  run.executor.ExecuteExpression(chunk, result);
  duckdb::UnifiedVectorFormat format;
  result.ToUnifiedFormat(chunk.size(), format);
  const auto* values = duckdb::UnifiedVectorFormat::GetData<bool>(format);
  for (duckdb::idx_t i = 0; i < chunk.size(); ++i) {
    const auto at = format.sel->get_index(i);
    if (format.validity.RowIsValid(at)) say(i, values[at]);
  }
}

}  // namespace
}  // namespace internals
}  // namespace leat

bool leat_test_bind(duckdb_connection connection, const char* sql, const leat_table* table,
                    leat_test** test, leat_fault* fault) {
  using namespace leat::internals;
  const bool bound = guarded(fault, [&] {
    auto& context = as_connection(connection).context;
    auto made = duckdb::make_uniq<leat_test>();
    made->context = context;
    context->RunFunctionInTransaction([&] { bind_test(*context, sql, *table, *made); });
    *test = made.release();
  });
  const auto prefix = static_cast<int64_t>(sizeof(kPrefix) - 1);
  if (!bound && fault->offset >= 0) {
    fault->offset = fault->offset > prefix ? fault->offset - prefix : 0;
  }
  return bound;
}

void leat_test_free(leat_test* test) { duckdb::unique_ptr<leat_test>(test).reset(); }

size_t leat_test_columns(const leat_test* test, const size_t** columns) {
  *columns = test->columns.data();
  return test->columns.size();
}

bool leat_test_open(const leat_test* test, leat_test_run** run, leat_fault* fault) {
  return leat::internals::guarded(
      fault, [&] { *run = duckdb::make_uniq<leat_test_run>(*test).release(); });
}

void leat_test_close(leat_test_run* run) { duckdb::unique_ptr<leat_test_run>(run).reset(); }

bool leat_test_judge(leat_test_run* run, const duckdb_vector* vectors, size_t rows,
                     uint64_t* is_true, uint64_t* is_false, leat_fault* fault) {
  using namespace leat::internals;
  for (size_t word = 0; word < (rows + 63) / 64; ++word) is_true[word] = is_false[word] = 0;
  return guarded(fault, [&] {
    for (duckdb::idx_t i = 0; i < run->input.ColumnCount(); ++i) {
      run->input.data[i].Reference(as_vector(vectors[i]));
    }
    run->input.SetCardinality(rows);
    evaluate(*run, run->input, [&](duckdb::idx_t row, bool value) {
      (value ? is_true : is_false)[row >> 6] |= uint64_t{1} << (row & 63);
    });
  });
}

bool leat_test_judge_row(leat_test_run* run, const duckdb_vector* vectors, size_t row,
                         bool* is_true, bool* is_false, leat_fault* fault) {
  using namespace leat::internals;
  *is_true = *is_false = false;
  return guarded(fault, [&] {
    duckdb::SelectionVector only(1);
    only.set_index(0, row);
    for (duckdb::idx_t i = 0; i < run->one_row.ColumnCount(); ++i) {
      run->one_row.data[i].Slice(as_vector(vectors[i]), only, 1);
    }
    run->one_row.SetCardinality(1);
    evaluate(*run, run->one_row,
             [&](duckdb::idx_t, bool value) { (value ? *is_true : *is_false) = true; });
  });
}
