#pragma once

#include <vector>

#include "state/sql_store.hpp"

namespace leat::state {

/// The leases of a store: see Store. Each call but `all_leases` is part of a transaction that the
/// caller has begun.
Result<Lease> take_lease(SqlDatabase& database, const Lease& wanted, Micros length,
                         bool may_be_held);
Status renew_lease(SqlDatabase& database, const Lease& lease, Micros length);
Status release_lease(SqlDatabase& database, const Lease& lease);
Result<std::vector<Lease>> all_leases(SqlDatabase& database);
/// Those of intervals that were given back: there is no end to their names.
Status forget_leases(SqlDatabase& database);

}  // namespace leat::state
