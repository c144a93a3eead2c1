#pragma once

#include <duckdb.hpp>
#include <duckdb/function/copy_function.hpp>
#include <duckdb/function/table_function.hpp>
#include "engine/internals/engine_internals.h"

namespace leat {
namespace internals {

/// Throws duckdb::BinderException when columns are not those of `table`.
void expect_columns(const leat_table& table, const duckdb::vector<duckdb::LogicalType>& types,
                    size_t size);

/// Throws what made a judge or a taker fail.
[[noreturn]] void throw_failure(const leat_judge& judge);
[[noreturn]] void throw_failure(const leat_taker& taker);

duckdb::TableFunction barrier_function(const leat_registry& registry);
duckdb::CopyFunction tee_function(const leat_registry& registry);

}  // namespace internals
}  // namespace leat
