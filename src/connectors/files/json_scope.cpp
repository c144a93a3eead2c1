#include "connectors/files/json_scope.hpp"

#include "base/utf8.hpp"
#include "connectors/files/json_split.hpp"

namespace leat::connectors::files {
namespace {

constexpr std::size_t kKeysToldMax = 20;

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

/// Takes the value of the key, and tells the keys that were there instead.
bool find_key(const std::string& key, text_values::Arena& arena, JsonValue& value,
              std::vector<std::string>& seen) {
  JsonObjectWalk walk(value.raw);
  JsonMember member;
  while (walk.next(member)) {
    auto name = key_of(member, arena);
    if (name == key) {
      value = member.value;
      return true;
    }
    if (seen.size() < kKeysToldMax) seen.push_back(std::move(name));
  }
  return false;
}

}  // namespace

void JsonScope::add(const std::vector<std::string>& path, std::size_t slot, bool is_named) {
  x_by_key[path.front()].targets.push_back({slot, {path.begin() + 1, path.end()}});
  if (!is_named) return;
  x_named.push_back({path, slot, false, {}, {}});
  ++x_unfound;
}

void JsonScope::look_for_named(std::string_view object, text_values::Arena& arena) {
  for (auto& named : x_named) {
    if (named.is_found) continue;
    auto value = json_value_of(object);
    std::size_t depth = 0;
    std::vector<std::string> seen;
    for (; depth < named.path.size() && is_object(value); ++depth) {
      seen.clear();
      if (!find_key(named.path[depth], arena, value, seen)) break;
    }
    named.is_found = depth == named.path.size();
    if (named.is_found) {
      --x_unfound;
      x_has_news = true;
    } else if (value.kind == JsonValue::Kind::null) {
      continue;  // Nobody can tell what would be below it.
    } else if (x_objects <= kObjectsToFind || named.sought.empty()) {
      named.sought = named.path[depth];
      named.seen = std::move(seen);
      x_has_news = true;
    }
  }
}

void JsonScope::note_other() {
  if (x_seen.wants_others()) x_new_others.push_back(x_key);
}

void JsonScope::settle_seen(bool is_whole) {
  if (x_new_keys.empty() && x_new_others.empty()) return;
  if (is_whole) {
    x_has_news = true;
    for (auto* key : x_new_keys) {
      key->is_seen = true;
      for (const auto& target : key->targets) x_seen.add_found(target.slot);
    }
    for (const auto& name : x_new_others) x_seen.add_other(name);
  }
  x_new_keys.clear();
  x_new_others.clear();
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
