#pragma once

#include <string>

#include "imports/dbt/expression.hpp"

namespace leat::imports::dbt {

/// `value | name(arguments)`.
///
/// Errors  config  a filter that is not known.
Result<Value> apply_filter(const std::string& name, const Value& value,
                           const CallArguments& arguments);

}  // namespace leat::imports::dbt
