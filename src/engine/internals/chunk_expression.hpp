#pragma once

#include <functional>
#include <string>

#include <duckdb.hpp>
#include <duckdb/planner/expression.hpp>

namespace leat {
namespace internals {

/// Turns every reference to a bound column into one to the column of a chunk; `slot_of` says which.
void refer_to_chunk(duckdb::unique_ptr<duckdb::Expression>& expression,
                    const std::function<duckdb::idx_t(duckdb::idx_t column,
                                                      const duckdb::LogicalType& type)>& slot_of);

/// An SQL expression of ours over the columns of a chunk.
duckdb::unique_ptr<duckdb::Expression> bind_over_chunk(
    duckdb::ClientContext& context, const std::string& sql,
    const duckdb::vector<std::string>& names, const duckdb::vector<duckdb::LogicalType>& types);

}  // namespace internals
}  // namespace leat
