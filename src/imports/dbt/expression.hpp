#pragma once

#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace leat::imports::dbt {

/// A value of Jinja: null, true, a number, a text, a list, a map.
using Value = nlohmann::ordered_json;

/// The key of the map that stands for a macro, as `adapter.dispatch` gives one: its name.
constexpr std::string_view kMacroKey = "__macro";

struct CallArguments {
  std::vector<Value> values;
  std::map<std::string, Value, std::less<>> named;

  /// The named one, else the one at `index`, else `otherwise`.
  Value get(std::string_view name, std::size_t index, Value otherwise = nullptr) const;
};

/// What an expression may name.
struct Names {
  std::function<const Value*(const std::string&)> find;
  /// `name` may be a path: "dbt_utils.star".
  std::function<Result<Value>(const std::string& name, const CallArguments&)> call;
};

/// The value of a Jinja expression: literals, lists, names, attributes, calls, filters,
/// arithmetic, comparison, `and`, `or`, `not`, `in`, `is`, `a if b else c`.
///
/// Errors  config  what is not understood, or not known.
Result<Value> evaluate(std::string_view expression, const Names& names);

/// As Jinja prints it, and whether it counts as true.
std::string text_of(const Value& value);
bool is_true(const Value& value);

}  // namespace leat::imports::dbt
