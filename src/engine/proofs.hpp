#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "core/check.hpp"
#include "core/source.hpp"

namespace leat::engine {

class Session;

/// The checks that need not look at any row: what the scan knows of its columns proves that every
/// row passes. One that is proved has no `where`.
///
/// Shape     one entry a check of `checks`: is it proved?
/// Promise   a check is proved only where each value that the facts allow passes: no value at all,
///           or one between bounds that both pass, of a kind of check that passes all between two.
///           A floating-point column may hold NaN, which its bounds do not tell, so that has to
///           pass too. Where facts cannot be told nothing is proved.
/// Errors    those of the session.
Result<std::vector<bool>> proved_checks(Session& session, const data::Schema& schema,
                                        const std::vector<Check>& checks, const TellFacts& facts);

}  // namespace leat::engine
