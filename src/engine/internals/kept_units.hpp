#pragma once

#include <duckdb.hpp>
#include <duckdb/planner/expression.hpp>

namespace leat {
namespace internals {

/// Are numbers of `child` part of what `expression` yields as amounts of their own unit? So are
/// those that are added up, or one of which is chosen; products have units of their own.
bool passes_unit_on(const duckdb::Expression& expression, const duckdb::Expression& child);

}  // namespace internals
}  // namespace leat
