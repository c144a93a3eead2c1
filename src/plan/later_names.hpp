#pragma once

#include <string_view>

namespace leat::plan {

/// Connectors that the product will have: named in a file they are refused as not built yet, not as
/// unknown.
bool is_later_source(std::string_view name);
bool is_later_sink(std::string_view name);

}  // namespace leat::plan
