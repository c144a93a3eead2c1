#include "engine/internals/registration.hpp"

#include <duckdb/main/extension/extension_loader.hpp>
#include "engine/internals/fault.hpp"

namespace leat {
namespace internals {

void expect_columns(const leat_table& table, const duckdb::vector<duckdb::LogicalType>& types,
                    size_t size) {
  bool same = size == table.size;
  for (size_t i = 0; same && i < size; ++i) same = types[i] == as_type(table.types[i]);
  if (same) return;
  std::string expected;
  std::string found;
  for (size_t i = 0; i < table.size; ++i) expected += " " + as_type(table.types[i]).ToString();
  for (size_t i = 0; i < size; ++i) found += " " + types[i].ToString();
  throw duckdb::InternalException("the columns of %s are not the planned ones: planned%s, found%s",
                                  std::string(table.name), expected, found);
}

void throw_failure(const leat_judge& judge) {
  throw duckdb::InvalidInputException(std::string(judge.failure(judge.self)));
}

void throw_failure(const leat_taker& taker) {
  throw duckdb::InvalidInputException(std::string(taker.failure(taker.self)));
}

}  // namespace internals
}  // namespace leat

bool leat_register(duckdb_connection connection, const leat_registry* registry, leat_fault* fault) {
  using namespace leat::internals;
  return guarded(fault, [&] {
    auto& database = *as_connection(connection).context->db;
    duckdb::ExtensionLoader loader(database, "leat");
    loader.RegisterFunction(barrier_function(*registry));
    loader.RegisterFunction(tee_function(*registry));
  });
}
