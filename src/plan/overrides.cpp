#include "plan/overrides.hpp"

#include <algorithm>
#include <array>

#include "base/names.hpp"

namespace leat::plan {
namespace {

constexpr std::string_view kPrefix = "LEAT__";

/// "LEAT__POLICY__MIN_SCORE": {"policy", "min_score"}.
std::vector<std::string> path_of(std::string_view variable) {
  std::vector<std::string> path;
  variable.remove_prefix(kPrefix.size());
  for (;;) {
    const auto end = variable.find("__");
    path.push_back(to_lower(variable.substr(0, end)));
    if (end == variable.npos) return path;
    variable.remove_prefix(end + 2);
  }
}

config::Node::Entry* find_entry(config::Node& map, const std::string& lower_key) {
  for (auto& entry : map.entries) {
    if (to_lower(entry.key.text) == lower_key) return &entry;
  }
  return nullptr;
}

bool names_things(const std::string& section) {
  static constexpr std::array<std::string_view, 7> kSections{
      "sources", "models", "sinks", "checks", "params", "connections", "environments"};
  return std::find(kSections.begin(), kSections.end(), section) != kSections.end();
}

config::Node scalar_of(const std::string& variable, std::string value) {
  config::Node node;
  node.kind = config::Node::Kind::scalar;
  node.text = std::move(value);
  node.quoted = true;
  node.place = {variable, 0, 0};
  config::Origin origin;
  origin.written = "${" + variable + "}";
  origin.from_environment = true;
  node.origin = std::make_shared<const config::Origin>(std::move(origin));
  return node;
}

void add_no_such(const std::string& variable, const config::Node& section, const std::string& name,
                 config::Findings& findings) {
  std::vector<std::string> known;
  for (const auto& entry : section.entries) known.push_back(entry.key.text);
  findings.add(Place{variable, 0, 0}, "nothing in this file is named `" + name + "`",
               name_hint(name, known));
}

/// `LEAT__PARAMS__X` is the param's value: it stands where its default does.
void complete_path(std::vector<std::string>& path) {
  if (path.size() == 2 && path[0] == "params") path.push_back("default");
}

void apply(config::Node& root, const std::string& variable, const std::string& value,
           std::vector<std::string> path, config::Findings& findings) {
  complete_path(path);
  auto* at = &root;
  for (std::size_t depth = 0; depth < path.size(); ++depth) {
    if (!at->is_map()) {
      const auto place = at->place;
      *at = config::Node{};
      at->kind = config::Node::Kind::map;
      at->place = place;
    }
    auto* entry = find_entry(*at, path[depth]);
    if (!entry && depth == 1 && names_things(path[0])) {
      return add_no_such(variable, *at, path[depth], findings);
    }
    if (!entry) {
      config::Node key;
      key.kind = config::Node::Kind::scalar;
      key.text = path[depth];
      key.place = {variable, 0, 0};
      at->entries.push_back({std::move(key), config::Node{}});
      entry = &at->entries.back();
    }
    at = &entry->value;
  }
  *at = scalar_of(variable, value);
}

}  // namespace

std::vector<std::string> apply_overrides(config::Node& root, std::span<const std::string> keys,
                                         const config::Environment& environment,
                                         config::Findings& findings) {
  std::vector<std::string> used;
  for (const auto& [variable, value] : environment.starting_with(kPrefix)) {
    auto path = path_of(variable);
    if (std::find(keys.begin(), keys.end(), path.front()) == keys.end()) continue;
    used.push_back(variable);
    apply(root, variable, value, std::move(path), findings);
  }
  return used;
}

void lay_over(config::Node& base, const config::Node& over) {
  if (!base.is_map() || !over.is_map()) {
    base = over;
    return;
  }
  for (const auto& entry : over.entries) {
    const auto same = [&entry](const auto& other) { return other.key.text == entry.key.text; };
    const auto found = std::find_if(base.entries.begin(), base.entries.end(), same);
    if (found == base.entries.end()) {
      base.entries.push_back(entry);
    } else {
      lay_over(found->value, entry.value);
    }
  }
}

}  // namespace leat::plan
