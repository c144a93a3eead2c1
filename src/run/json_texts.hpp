#pragma once

#include <duckdb.h>

#include <string>

namespace leat::run {

/// SQL of one member of an object, an expression of type JSON, as the engine prints a value of that
/// type, so that it can be cast to it. A list, struct or map is told by its own texts: the numbers
/// and bytes inside of it are as they were written, and keys of a map may be of any type. What is
/// not shaped like the type comes as it is.
std::string cell_of_json(const std::string& object, const std::string& member,
                         duckdb_logical_type type);

}  // namespace leat::run
