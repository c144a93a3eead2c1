#pragma once

#include <string>

#include <duckdb.hpp>
#include <duckdb/parser/statement/select_statement.hpp>

namespace leat {
namespace internals {

/// SELECT CAST(NULL AS type) AS name, …: columns and nothing else.
duckdb::unique_ptr<duckdb::SelectStatement> empty_select(
    const duckdb::vector<std::string>& names, const duckdb::vector<duckdb::LogicalType>& types);

}  // namespace internals
}  // namespace leat
