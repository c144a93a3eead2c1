#include <string>

#include <duckdb/function/cast/cast_function_set.hpp>
#include <duckdb/function/cast/default_casts.hpp>
#include <duckdb/function/scalar_function.hpp>
#include "engine/internals/fault.hpp"

/// Texts that a cast makes may lie in its own state, so they are copied while that lives.
bool leat_cast(duckdb_connection connection, duckdb_vector from, size_t rows, duckdb_vector to,
               leat_fault* fault) {
  using namespace leat::internals;
  return guarded(fault, [&] {
    auto& context = *as_connection(connection).context;
    auto& source = as_vector(from);
    auto& target = as_vector(to);
    duckdb::GetCastFunctionInput input(context);
    const auto cast = duckdb::CastFunctionSet::Get(context).GetCastFunction(
        source.GetType(), target.GetType(), input);
    duckdb::unique_ptr<duckdb::FunctionLocalState> state;
    if (cast.init_local_state != nullptr) {
      duckdb::CastLocalStateParameters parameters(context, cast.cast_data.get());
      state = cast.init_local_state(parameters);
    }
    std::string first_refusal;
    duckdb::CastParameters parameters(cast.cast_data.get(), false, &first_refusal, state.get());
    duckdb::Vector made(target.GetType(), rows);
    cast.function(source, made, rows, parameters);
    made.Flatten(rows);
    duckdb::VectorOperations::Copy(made, target, rows, 0, 0);
  });
}
