#include "imports/dbt/filters.hpp"

#include <algorithm>
#include <cctype>
#include <cstdlib>

#include "base/text.hpp"

namespace leat::imports::dbt {
namespace {

std::string mapped(std::string text, int (*change)(int)) {
  for (auto& c : text) c = char(change(static_cast<unsigned char>(c)));
  return text;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  if (from.empty()) return text;
  for (auto at = text.find(from); at != text.npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

std::string joined(const Value& list, const std::string& between) {
  std::string out;
  for (std::size_t i = 0; i < list.size(); ++i) out += (i ? between : "") + text_of(list[i]);
  return out;
}

std::int64_t whole(const std::string& text) { return std::strtoll(text.c_str(), nullptr, 10); }

}  // namespace

Result<Value> apply_filter(const std::string& name, const Value& value,
                           const CallArguments& arguments) {
  const auto text = text_of(value);
  if (name == "upper") return Value(mapped(text, std::toupper));
  if (name == "lower") return Value(mapped(text, std::tolower));
  if (name == "trim") return Value(std::string(trimmed(text)));
  if (name == "string") return Value(text);
  if (name == "int") return Value(whole(text));
  if (name == "length" || name == "count") {
    return Value(std::int64_t(value.is_string() ? text.size() : value.size()));
  }
  if (name == "join" && value.is_array())
    return Value(joined(value, text_of(arguments.get("d", 0, ""))));
  if (name == "replace") {
    return Value(
        replaced(text, text_of(arguments.get("old", 0, "")), text_of(arguments.get("new", 1, ""))));
  }
  if (name == "default") return value.is_null() ? arguments.get("default_value", 0, "") : value;
  if (name == "list" || name == "as_text" || name == "as_native") return value;
  if (value.is_array() && !value.empty()) {
    if (name == "first") return value.front();
    if (name == "last") return value.back();
  }
  return Error(Fault::config, "the filter `" + name + "` is not understood");
}

}  // namespace leat::imports::dbt
