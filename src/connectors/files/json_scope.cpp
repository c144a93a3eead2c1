#include "connectors/files/json_scope.hpp"

#include "base/utf8.hpp"
#include "connectors/files/json_split.hpp"

namespace leat::connectors::files {
namespace {

std::string shown(std::string_view key) { return "`" + printable(key) + "`"; }

std::string key_of(const JsonMember& member, text_values::Arena& arena) {
  return member.has_escapes ? std::string(undo_escapes(member.key, arena).view())
                            : std::string(member.key);
}

bool is_object(const JsonValue& value) {
  return value.kind == JsonValue::Kind::nested && value.raw.front() == '{';
}

/// Follows `value` along the keys. What is wrong; where nothing is there it becomes null.
std::string descend(const std::string& first, const std::vector<std::string>& keys,
                    text_values::Arena& arena, JsonValue& value) {
  const std::string* above = &first;
  for (const auto& key : keys) {
    if (value.kind == JsonValue::Kind::null) return "";
    if (!is_object(value)) return "the key " + shown(*above) + " holds no object";
    JsonObjectWalk walk(value.raw);
    JsonMember member;
    JsonValue found;
    bool is_found = false;
    while (walk.next(member)) {
      if (key_of(member, arena) != key) continue;
      if (is_found) return "the key " + shown(key) + " comes twice";
      is_found = true;
      found = member.value;
    }
    value = found;
    above = &key;
  }
  return "";
}

}  // namespace

void JsonScope::add(const std::vector<std::string>& path, std::size_t slot) {
  x_by_key[path.front()].targets.push_back({slot, {path.begin() + 1, path.end()}});
}

std::string JsonScope::unknown() const {
  return "the key " + shown(x_key) +
         " was not among the first records; declare the columns that are wanted";
}

std::string JsonScope::twice() const { return "the key " + shown(x_key) + " comes twice"; }

std::string JsonScope::descend(const std::vector<std::string>& below, text_values::Arena& arena,
                               JsonValue& value) const {
  return files::descend(x_key, below, arena, value);
}

JsonValue json_value_of(std::string_view text) {
  switch (text.front()) {
    case '"': {
      const auto inside = text.substr(1, text.size() - 2);
      return {JsonValue::Kind::text, inside, inside.find('\\') != inside.npos};
    }
    case '{':
    case '[': return {JsonValue::Kind::nested, text, false};
    case 'n': return {JsonValue::Kind::null, text, false};
    case 't':
    case 'f': return {JsonValue::Kind::boolean, text, false};
    default: return {JsonValue::Kind::number, text, false};
  }
}

bool JsonElements::next(std::string_view& element) {
  constexpr std::string_view kBetween = " \t\r\n,";
  x_at = x_text.find_first_not_of(kBetween, x_at);
  if (x_at == x_text.npos || x_text[x_at] == ']') {
    x_at = x_text.size();
    return false;
  }
  ElementEnd end;
  const auto size = end.find(x_text.substr(x_at));
  element = x_text.substr(x_at, size);
  x_at += element.size();
  return true;
}

}  // namespace leat::connectors::files
