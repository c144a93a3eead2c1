#pragma once

#include "base/result.hpp"
#include "data/schema.hpp"

namespace leat::connectors::files {

/// The type as which the engine reads its values from JSON that it wrote, so that a cast makes them
/// again: bytes and bits lie there as texts, also inside of lists.
std::string read_from_json(const data::Type& type);

/// Do all columns, or those that are nested, come back from JSON as they went there?
/// Errors    config, naming the first one that does not.
Status require_exact_json(const data::Schema& schema, bool only_nested);

}  // namespace leat::connectors::files
