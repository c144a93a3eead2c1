#pragma once

#include <string>

#include "base/result.hpp"

namespace leat::app {

/// The JSON Schema of `pipeline`, `project` or `test` files, for editors; made of the same option
/// tables that read them, with every connector and check of this build.
Result<std::string> json_schema(const std::string& what);

}  // namespace leat::app
