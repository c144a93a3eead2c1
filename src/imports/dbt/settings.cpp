#include "imports/dbt/settings.hpp"

#include <algorithm>
#include <array>

#include "base/names.hpp"

namespace leat::imports::dbt {
namespace {

using config::Node;

constexpr std::array<std::string_view, 4> kTranslated{"enabled", "materialized", "column_types",
                                                      "delimiter"};
constexpr std::array<std::string_view, 4> kOfNoRow{"tags", "meta", "docs", "quote_columns"};
/// Settings that are maps; without a `+` any other map is a folder.
constexpr std::array<std::string_view, 10> kMaps{
    "column_types", "contract",  "docs",      "grants",   "meta",
    "persist_docs", "post-hook", "post_hook", "pre-hook", "pre_hook"};

template <std::size_t size>
bool is_one_of(std::string_view word, const std::array<std::string_view, size>& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool is_setting(const Node::Entry& entry) {
  const auto& key = entry.key.text;
  return key.starts_with('+') || !entry.value.is_map() || is_one_of(key, kMaps);
}

std::string without_plus(const std::string& key) {
  return key.starts_with('+') ? key.substr(1) : key;
}

/// "models/staging/orders.sql" is "staging/orders" below the paths.
std::string below_the_paths(const std::string& path) {
  const auto from = path.find('/') + 1;  // Of a path without a folder the whole.
  const auto slash = path.rfind('/');
  auto dot = path.rfind('.');
  if (dot == path.npos || (slash != path.npos && dot < slash)) dot = path.size();
  return path.substr(from, dot - from);
}

}  // namespace

void Settings::take(Keys& keys, const std::string& key, const Node& value, const Place& place,
                    const std::string& of, std::vector<Left>& left) {
  if (is_one_of(key, kOfNoRow)) return;
  const bool is_jinja = value.is_scalar() && value.text.find("{{") != value.text.npos;
  if (is_one_of(key, kTranslated) && !is_jinja) {
    keys[key] = value;
    return;
  }
  left.push_back({place.file, place.line,
                  "`" + key + "` of " + of + (is_jinja ? ", which is written in Jinja" : "")});
}

void Settings::read_folder(const Node& folder, const std::string& path, std::vector<Left>& left) {
  for (const auto& entry : folder.entries) {
    const auto& key = entry.key.text;
    if (is_setting(entry)) {
      const auto of = path.empty() ? std::string("the project") : "`" + path + "`";
      take(x_by_path[path], without_plus(key), entry.value, entry.key.place, of, left);
    } else {
      read_folder(entry.value, path.empty() ? key : path + "/" + key, left);
    }
  }
}

void Settings::read_section(const Node& section, const std::string& project,
                            std::vector<Left>& left) {
  Node of_all = section;
  std::erase_if(of_all.entries, [](const auto& entry) { return !is_setting(entry); });
  read_folder(of_all, "", left);
  if (const auto* own = section.find(project)) read_folder(*own, "", left);
}

void Settings::read_config(const Node& config, const std::string& name, std::vector<Left>& left) {
  for (const auto& entry : config.entries) {
    take(x_by_name[name], without_plus(entry.key.text), entry.value, entry.key.place,
         "`" + name + "`", left);
  }
}

const Node* Settings::find(std::string_view key, const std::string& name,
                           const std::string& path) const {
  const auto in = [&](const std::map<std::string, Keys>& all, const std::string& at) {
    const auto keys = all.find(at);
    if (keys == all.end()) return static_cast<const Node*>(nullptr);
    const auto found = keys->second.find(key);
    return found == keys->second.end() ? nullptr : &found->second;
  };
  if (const auto* own = in(x_by_name, name)) return own;
  for (auto at = below_the_paths(path);;) {
    if (const auto* found = in(x_by_path, at)) return found;
    if (at.empty()) return nullptr;
    const auto slash = at.rfind('/');
    at = slash == at.npos ? "" : at.substr(0, slash);
  }
}

bool is_off(const Node* setting) {
  constexpr std::array<std::string_view, 3> kOff{"false", "no", "off"};
  return setting != nullptr && setting->is_scalar() && is_one_of(to_lower(setting->text), kOff);
}

}  // namespace leat::imports::dbt
