#include <algorithm>
#include <chrono>
#include <string>
#include <thread>
#include <utility>

#include <duckdb/optimizer/optimizer.hpp>
#include <duckdb/parser/parsed_data/copy_info.hpp>
#include <duckdb/parser/statement/copy_statement.hpp>
#include <duckdb/planner/planner.hpp>
#include "engine/internals/fault.hpp"
#include "engine/internals/named_tables.hpp"
#include "engine/internals/select_tree.hpp"

namespace leat {
namespace internals {
namespace {

/// `over`, with `statement` as its table "leat rows".
duckdb::unique_ptr<duckdb::SelectStatement> wrap(
    const char* over, duckdb::unique_ptr<duckdb::SelectStatement> statement) {
  if (over[0] == '\0') return statement;
  auto outer = parse_one_select(over);
  auto rows = duckdb::make_uniq<duckdb::CommonTableExpressionInfo>();
  rows->query = std::move(statement);
  rows->materialized = duckdb::CTEMaterialize::CTE_MATERIALIZE_NEVER;
  outer->node->cte_map.map["leat rows"] = std::move(rows);
  return outer;
}

duckdb::unique_ptr<duckdb::SelectStatement> over_inputs(const char* select,
                                                        const leat_input* inputs, size_t size,
                                                        const char* over) {
  auto statement = parse_one_select(select);
  NamedTables named;
  for (size_t i = 0; i < size; ++i) {
    named.define(inputs[i].name, {parse_one_select(inputs[i].select), true});
  }
  named.put_into(*statement);
  return wrap(over, std::move(statement));
}

/// The engine's own loop asks again and again while its other threads work, or wait for a server:
/// a processor that those could use.
duckdb::unique_ptr<duckdb::QueryResult> run_to_end(duckdb::PendingQueryResult& pending) {
  using State = duckdb::PendingExecutionResult;
  constexpr std::chrono::microseconds kFirst{20};
  constexpr std::chrono::microseconds kLongest{1000};
  auto pause = kFirst;
  for (;;) {
    const auto state = pending.ExecuteTask();
    if (state == State::EXECUTION_ERROR) pending.GetErrorObject().Throw();
    if (duckdb::PendingQueryResult::IsResultReady(state)) return pending.Execute();
    if (state == State::BLOCKED) pending.WaitForTask();
    if (state != State::NO_TASKS_AVAILABLE) {
      pause = kFirst;
      continue;
    }
    std::this_thread::sleep_for(pause);
    pause = std::min(pause * 2, kLongest);
  }
}

}  // namespace
}  // namespace internals
}  // namespace leat

bool leat_run_pass(duckdb_connection connection, const char* select, const leat_input* inputs,
                   size_t inputs_size, const char* over, uint64_t handle, const char* scratch_path,
                   leat_fault* fault) {
  using namespace leat::internals;
  return guarded(fault, [&] {
    auto copy = duckdb::make_uniq<duckdb::CopyStatement>();
    auto& info = *copy->info;
    info.is_from = false;
    info.format = "leat";
    info.is_format_auto_detected = false;
    // The engine removes this path when a statement fails, so nothing may ever be there.
    info.file_path = scratch_path;
    info.options["handle"] = {duckdb::Value::UBIGINT(handle)};
    info.options["use_tmp_file"] = {duckdb::Value::BOOLEAN(false)};
    info.select_statement = std::move(over_inputs(select, inputs, inputs_size, over)->node);
    auto pending = as_connection(connection).PendingQuery(std::move(copy));
    if (pending->HasError()) pending->GetErrorObject().Throw();
    auto result = run_to_end(*pending);
    if (result->HasError()) result->GetErrorObject().Throw();
  });
}

bool leat_explain_pass(duckdb_connection connection, const char* select, const leat_input* inputs,
                       size_t inputs_size, const char* over, leat_text_fn text, void* self,
                       leat_fault* fault) {
  using namespace leat::internals;
  return guarded(fault, [&] {
    auto& context = *as_connection(connection).context;
    context.RunFunctionInTransaction([&] {
      duckdb::Planner planner(context);
      planner.CreatePlan(over_inputs(select, inputs, inputs_size, over));
      duckdb::Optimizer optimizer(*planner.binder, context);
      const auto plan = optimizer.Optimize(std::move(planner.plan));
      const auto printed = plan->ToString();
      text(self, printed.data(), printed.size());
    });
  });
}
