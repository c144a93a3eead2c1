#include <string>
#include <utility>
#include <vector>

#include "engine/internals/fault.hpp"
#include "engine/internals/flat_chunk.hpp"
#include "engine/internals/registration.hpp"
#include "engine/internals/stage_writer.hpp"

namespace leat {
namespace internals {
namespace {

using Writers = std::vector<duckdb::unique_ptr<StageWriter>>;

struct TeeContext : duckdb::CopyFunctionInfo {
  explicit TeeContext(const leat_registry& from) : registry(from) {}
  const leat_registry& registry;
};

struct TeeBind : duckdb::FunctionData {
  explicit TeeBind(const leat_tee& from) : tee(from), writers(std::make_shared<Writers>()) {}
  duckdb::unique_ptr<duckdb::FunctionData> Copy() const override {
    auto copy = duckdb::make_uniq<TeeBind>(tee);
    copy->writers = writers;
    return std::move(copy);
  }
  bool Equals(const duckdb::FunctionData& other) const override { return this == &other; }
  bool SupportStatementCache() const override { return false; }

  const leat_tee& tee;
  std::shared_ptr<Writers> writers;
};

struct TeeGlobal : duckdb::GlobalFunctionData {
  explicit TeeGlobal(const TeeBind& from) : bind(from) {}
  const TeeBind& bind;
  std::vector<duckdb::unique_ptr<StageWriter::Global>> writers;
};

struct TeeLocal : duckdb::LocalFunctionData {
  void* judge = nullptr;
  duckdb::DataChunk kept;
  std::vector<duckdb::unique_ptr<StageWriter::Local>> writers;
};

TeeBind& as_tee(duckdb::FunctionData& bind) { return static_cast<TeeBind&>(bind); }

duckdb::unique_ptr<duckdb::FunctionData> bind_tee(
    duckdb::ClientContext& context, duckdb::CopyFunctionBindInput& input,
    const duckdb::vector<std::string>&, const duckdb::vector<duckdb::LogicalType>& types) {
  const auto& registry = static_cast<TeeContext&>(*input.function_info).registry;
  const auto option = input.info.options.find("handle");
  const leat_tee* tee = nullptr;
  if (option != input.info.options.end() && option->second.size() == 1) {
    tee = registry.tee(registry.self, option->second[0].GetValue<uint64_t>());
  }
  if (tee == nullptr) throw duckdb::BinderException("the format leat is not for use in SQL");
  expect_columns(tee->table, types, types.size());
  auto bind = duckdb::make_uniq<TeeBind>(*tee);
  const duckdb::vector<std::string> own(tee->table.names, tee->table.names + tee->table.size);
  for (size_t i = 0; i < tee->stages_size; ++i) {
    bind->writers->push_back(duckdb::make_uniq<StageWriter>(context, tee->stages[i], own, types));
  }
  return std::move(bind);
}

duckdb::unique_ptr<duckdb::GlobalFunctionData> open_tee(duckdb::ClientContext& context,
                                                        duckdb::FunctionData& bind,
                                                        const std::string&) {
  auto global = duckdb::make_uniq<TeeGlobal>(as_tee(bind));
  for (const auto& writer : *as_tee(bind).writers) global->writers.push_back(writer->open(context));
  return std::move(global);
}

void tell_operator(duckdb::GlobalFunctionData& state, const duckdb::PhysicalOperator& op) {
  auto& global = static_cast<TeeGlobal&>(state);
  for (size_t i = 0; i < global.writers.size(); ++i) {
    (*global.bind.writers)[i]->tell_operator(*global.writers[i], op);
  }
}

duckdb::unique_ptr<duckdb::LocalFunctionData> open_local(duckdb::ExecutionContext& context,
                                                         duckdb::FunctionData& bind) {
  const auto& judge = as_tee(bind).tee.judge;
  auto local = duckdb::make_uniq<TeeLocal>();
  local->judge = judge.open_local(judge.self);
  if (local->judge == nullptr) throw_failure(judge);
  for (const auto& writer : *as_tee(bind).writers) {
    local->writers.push_back(writer->open_local(context));
  }
  return std::move(local);
}

void sink_rows(duckdb::ExecutionContext& context, duckdb::FunctionData& bind,
               duckdb::GlobalFunctionData& state, duckdb::LocalFunctionData& local_state,
               duckdb::DataChunk& input) {
  auto& global = static_cast<TeeGlobal&>(state);
  auto& local = static_cast<TeeLocal&>(local_state);
  const auto& judge = as_tee(bind).tee.judge;
  flatten(input);
  duckdb::SelectionVector selected(STANDARD_VECTOR_SIZE);
  size_t count = 0;
  if (!judge.consume(judge.self, local.judge, reinterpret_cast<duckdb_data_chunk>(&input),
                     selected.data(), &count)) {
    throw_failure(judge);
  }
  if (count == 0) return;
  auto* rows = &input;
  if (count < input.size()) {
    if (local.kept.ColumnCount() == 0) local.kept.InitializeEmpty(input.GetTypes());
    local.kept.Slice(input, selected, count);
    rows = &local.kept;
  }
  for (size_t i = 0; i < local.writers.size(); ++i) {
    (*as_tee(bind).writers)[i]->write(context, *global.writers[i], *local.writers[i], *rows);
  }
}

void combine(duckdb::ExecutionContext& context, duckdb::FunctionData& bind,
             duckdb::GlobalFunctionData& state, duckdb::LocalFunctionData& local_state) {
  auto& global = static_cast<TeeGlobal&>(state);
  auto& local = static_cast<TeeLocal&>(local_state);
  for (size_t i = 0; i < local.writers.size(); ++i) {
    (*as_tee(bind).writers)[i]->combine(context, *global.writers[i], *local.writers[i]);
  }
}

void finalize(duckdb::ClientContext& context, duckdb::FunctionData& bind,
              duckdb::GlobalFunctionData& state) {
  auto& global = static_cast<TeeGlobal&>(state);
  for (size_t i = 0; i < global.writers.size(); ++i) {
    (*as_tee(bind).writers)[i]->finalize(context, *global.writers[i]);
  }
}

/// Rows that have an order keep it, and then one thread writes; others are written by all.
duckdb::CopyFunctionExecutionMode mode(bool keeps_order, bool) {
  return keeps_order ? duckdb::CopyFunctionExecutionMode::REGULAR_COPY_TO_FILE
                     : duckdb::CopyFunctionExecutionMode::PARALLEL_COPY_TO_FILE;
}

}  // namespace

duckdb::CopyFunction tee_function(const leat_registry& registry) {
  duckdb::CopyFunction function("leat");
  function.copy_to_bind = bind_tee;
  function.copy_to_initialize_global = open_tee;
  function.initialize_operator = tell_operator;
  function.copy_to_initialize_local = open_local;
  function.copy_to_sink = sink_rows;
  function.copy_to_combine = combine;
  function.copy_to_finalize = finalize;
  function.execution_mode = mode;
  function.extension = "leat";
  function.function_info = duckdb::make_shared_ptr<TeeContext>(registry);
  return function;
}

}  // namespace internals
}  // namespace leat
