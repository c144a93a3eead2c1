#include <string>

#include <duckdb/function/scalar_function.hpp>
#include "engine/internals/fault.hpp"

bool leat_cast(duckdb_connection connection, duckdb_vector from, size_t rows, duckdb_vector to,
               leat_fault* fault) {
  using namespace leat::internals;
  return guarded(fault, [&] {
    std::string first_refusal;
    duckdb::VectorOperations::TryCast(*as_connection(connection).context, as_vector(from),
                                      as_vector(to), rows, &first_refusal);
    as_vector(to).Flatten(rows);
  });
}
