#include "config/option_set.hpp"

#include <algorithm>

#include "base/assert.hpp"
#include "base/names.hpp"

namespace leat::config {

std::string_view name_of(ValueKind kind) {
  switch (kind) {
    case ValueKind::boolean: return "true or false";
    case ValueKind::integer: return "a whole number";
    case ValueKind::number: return "a number";
    case ValueKind::text: return "text";
    case ValueKind::bytes: return "a number of bytes such as 512MB";
    case ValueKind::duration: return "a duration such as 30m";
    case ValueKind::share: return "a share such as 5%";
    case ValueKind::secret: return "a secret: \"${secret:name}\"";
    case ValueKind::sql: return "SQL";
    case ValueKind::any: return "a value";
    case ValueKind::list: return "a list";
    case ValueKind::map: return "a map";
    case ValueKind::table: return "a map of options";
  }
  return "a value";
}

OptionSet::OptionSet(std::vector<OptionEntry> entries) : x_entries(std::move(entries)) {
  for (const auto& entry : x_entries) {
    LEAT_ASSERT(!entry.summary.empty());
    if (!entry.later) x_keys.push_back(entry.key);
  }
}

std::optional<std::size_t> OptionSet::find(std::string_view key) const {
  for (std::size_t i = 0; i < x_entries.size(); ++i) {
    if (x_entries[i].key == key) return i;
  }
  return std::nullopt;
}

void OptionSet::add_unknown(const Node& key, Findings& findings) const {
  findings.add(key, "unknown key " + shown(key), name_hint(key.text, x_keys));
}

void OptionSet::add_no_map(const Node& node, Findings& findings) const {
  const auto first = std::find_if(x_entries.begin(), x_entries.end(),
                                  [](const OptionEntry& entry) { return entry.required; });
  constexpr std::size_t kNamesMax = 12;
  std::string hint;
  if (node.is_scalar() && first != x_entries.end()) {
    hint = "write `{ " + first->key + ": " + node.text + " }`";
  } else if (x_keys.size() <= kNamesMax) {
    hint = "its options: " + join_names(x_keys);
  }
  findings.add(node,
               "expected " + std::string(name_of(ValueKind::table)) + ", found " + shown(node),
               std::move(hint));
}

void OptionSet::add_later(const Node& key, Findings& findings) {
  findings.add(key, "`" + key.text + "` is not built yet", "take it out for now");
}

void OptionSet::add_missing(const Node& map, Findings& findings) const {
  for (const auto& entry : x_entries) {
    if (!entry.required || map.find(entry.key)) continue;
    findings.add(map, "`" + entry.key + "` is missing",
                 "`" + entry.key + "`: " + entry.summary +
                     (entry.example.empty() ? "" : " Example: " + entry.example));
  }
}

}  // namespace leat::config
