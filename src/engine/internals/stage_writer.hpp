#pragma once

#include <string>
#include <vector>

#include <duckdb.hpp>
#include <duckdb/execution/expression_executor.hpp>
#include <duckdb/function/copy_function.hpp>
#include "engine/internals/engine_internals.h"

namespace leat {
namespace internals {

/// What writes one stage: one of the engine's own file writers, or a taker of chunks.
///
/// Threads   immutable once made.
class StageWriter {
 public:
  struct Local {
    duckdb::unique_ptr<duckdb::ExpressionExecutor> executor;  ///< Null: columns go as they are.
    duckdb::DataChunk converted;
    duckdb::unique_ptr<duckdb::LocalFunctionData> writer;
    duckdb::DataChunk flat;  ///< Of a taker: the rows, no longer a selection of others.
    void* taken = nullptr;   ///< The taker's own.
  };
  struct Global {
    duckdb::unique_ptr<duckdb::GlobalFunctionData> writer;
    duckdb::CopyFunctionFileStatistics statistics;
    duckdb::atomic<duckdb::idx_t> rows_taken{0};
  };

  StageWriter(duckdb::ClientContext& context, leat_stage& stage,
              const duckdb::vector<std::string>& names,
              const duckdb::vector<duckdb::LogicalType>& types);

  duckdb::unique_ptr<Global> open(duckdb::ClientContext& context) const;
  void tell_operator(Global& global, const duckdb::PhysicalOperator& op) const;
  duckdb::unique_ptr<Local> open_local(duckdb::ExecutionContext& context) const;
  void write(duckdb::ExecutionContext& context, Global& global, Local& local,
             duckdb::DataChunk& rows) const;
  void combine(duckdb::ExecutionContext& context, Global& global, Local& local) const;
  /// Closes the file and fills in the stage's rows_written.
  void finalize(duckdb::ClientContext& context, Global& global) const;

 private:
  void convert_casts(duckdb::ClientContext& context, duckdb::vector<duckdb::LogicalType>& types);
  void convert_to_json(duckdb::ClientContext& context, const duckdb::vector<std::string>& names,
                       const duckdb::vector<duckdb::LogicalType>& types);
  void give(Local& local, duckdb::DataChunk& rows) const;
  void bind_writer(duckdb::ClientContext& context, const duckdb::vector<std::string>& names,
                   const duckdb::vector<duckdb::LogicalType>& types);

  leat_stage& x_stage;
  duckdb::CopyFunction x_function;
  duckdb::unique_ptr<duckdb::FunctionData> x_bind;
  duckdb::vector<duckdb::unique_ptr<duckdb::Expression>> x_conversion;
  duckdb::vector<duckdb::LogicalType> x_converted_types;
  bool x_nested_numbers = false;  ///< JSON with floating point numbers inside of nested values.
};

}  // namespace internals
}  // namespace leat
