#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "imports/dbt/expression.hpp"

namespace leat::imports::dbt {

/// A macro of the project: what stands between `{% macro … %}` and `{% endmacro %}`.
struct Macro {
  std::vector<std::string> parameters;
  std::map<std::string, std::string> defaults;  ///< Expressions, by parameter.
  std::string body;
};
using Macros = std::map<std::string, Macro, std::less<>>;

/// What templates call beside the project's own macros: ref, source, var, config …
using Builtin = std::function<Result<Value>(const std::string& name, const CallArguments&)>;

/// The text of a Jinja template with everything put in: `{{ }}`, `set`, `if`, `for`, comments.
///
/// Errors  config  what cannot be put in; the message begins with its line: "7: `x` is not known".
Result<std::string> render(std::string_view text, const Macros& macros, const Builtin& builtin,
                           const std::map<std::string, Value>& variables);

/// The macros that a file defines; those whose head is not understood are left out.
Macros macros_of(std::string_view text);

}  // namespace leat::imports::dbt
