#include <string>
#include <utility>

#include "engine/internals/fault.hpp"
#include "engine/internals/flat_chunk.hpp"
#include "engine/internals/registration.hpp"

namespace leat {
namespace internals {
namespace {

struct BarrierContext : duckdb::TableFunctionInfo {
  explicit BarrierContext(const leat_registry& from) : registry(from) {}
  const leat_registry& registry;
};

struct BarrierBind : duckdb::FunctionData {
  explicit BarrierBind(const leat_barrier& from) : barrier(from) {}
  duckdb::unique_ptr<duckdb::FunctionData> Copy() const override {
    return duckdb::make_uniq<BarrierBind>(barrier);
  }
  bool Equals(const duckdb::FunctionData& other) const override { return this == &other; }
  bool SupportStatementCache() const override { return false; }
  const leat_barrier& barrier;
};

struct BarrierLocal : duckdb::LocalTableFunctionState {
  void* judge = nullptr;
};

duckdb::unique_ptr<duckdb::FunctionData> bind_barrier(duckdb::ClientContext&,
                                                      duckdb::TableFunctionBindInput& input,
                                                      duckdb::vector<duckdb::LogicalType>& types,
                                                      duckdb::vector<std::string>& names) {
  const auto& registry = static_cast<BarrierContext&>(*input.info).registry;
  const auto handle = duckdb::UBigIntValue::Get(input.inputs[1]);
  const auto* barrier = registry.barrier(registry.self, handle);
  if (barrier == nullptr) throw duckdb::BinderException("leat_barrier is not for use in SQL");
  const auto visible = input.input_table_types.size() - barrier->hidden;
  expect_columns(barrier->table, input.input_table_types, visible);
  for (duckdb::idx_t i = 0; i < visible; ++i) {
    types.push_back(input.input_table_types[i]);
    names.push_back(input.input_table_names[i]);
  }
  return duckdb::make_uniq<BarrierBind>(*barrier);
}

duckdb::unique_ptr<duckdb::LocalTableFunctionState> open_barrier(
    duckdb::ExecutionContext&, duckdb::TableFunctionInitInput& input,
    duckdb::GlobalTableFunctionState*) {
  const auto& judge = static_cast<const BarrierBind&>(*input.bind_data).barrier.judge;
  auto local = duckdb::make_uniq<BarrierLocal>();
  local->judge = judge.open_local(judge.self);
  if (local->judge == nullptr) throw_failure(judge);
  return std::move(local);
}

duckdb::OperatorResultType pass_barrier(duckdb::ExecutionContext&, duckdb::TableFunctionInput& data,
                                        duckdb::DataChunk& input, duckdb::DataChunk& output) {
  const auto& judge = static_cast<const BarrierBind&>(*data.bind_data).barrier.judge;
  auto* const local = static_cast<BarrierLocal&>(*data.local_state).judge;
  flatten(input);
  duckdb::SelectionVector selected(STANDARD_VECTOR_SIZE);
  size_t count = 0;
  if (!judge.consume(judge.self, local, reinterpret_cast<duckdb_data_chunk>(&input),
                     selected.data(), &count)) {
    throw_failure(judge);
  }
  for (duckdb::idx_t i = 0; i < output.ColumnCount(); ++i) {
    if (count == input.size()) {
      output.data[i].Reference(input.data[i]);
    } else {
      output.data[i].Slice(input.data[i], selected, count);
    }
  }
  output.SetCardinality(count);
  return duckdb::OperatorResultType::NEED_MORE_INPUT;
}

}  // namespace

duckdb::TableFunction barrier_function(const leat_registry& registry) {
  duckdb::TableFunction function("leat_barrier",
                                 {duckdb::LogicalType::TABLE, duckdb::LogicalType::UBIGINT},
                                 nullptr, bind_barrier, nullptr, open_barrier);
  function.in_out_function = pass_barrier;
  function.function_info = duckdb::make_shared_ptr<BarrierContext>(registry);
  return function;
}

}  // namespace internals
}  // namespace leat
