#pragma once

#include <vector>

#include "state/sql_store.hpp"

namespace leat::state {

/// Runs that are kept no longer, at most a thousand: a long history goes away run by run, not in
/// one long wait.
Result<std::vector<Uuid>> runs_to_forget(SqlDatabase& database, const Retention& retention,
                                         Instant now);

/// Removes a run and what belongs to it; part of a transaction that the caller has begun. A publish
/// stays while it waits, while its stage lies somewhere, while rows that it set aside are explained
/// by it, and while it is the last of its lane.
Status forget_run(SqlDatabase& database, const Uuid& run_id);

}  // namespace leat::state
