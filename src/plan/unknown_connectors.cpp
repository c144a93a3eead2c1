#include "plan/unknown_connectors.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/names.hpp"
#include "plan/later_names.hpp"

namespace leat::plan {
namespace {

template <typename Entries>
std::vector<std::string> names_of(const Entries& entries) {
  std::vector<std::string> names;
  for (const auto& [name, entry] : entries) names.push_back(name);
  return names;
}

void add_not_built(const FileNode& node, config::Findings& findings) {
  findings.add(*node.connector_key, "connector `" + node.connector + "` is not built yet");
}

/// Of the connectors that have an option, the one with the most; null when none has it.
template <typename Entries>
auto find_widest(const std::string& option, const Entries& entries) {
  decltype(&entries.begin()->second) widest = nullptr;
  for (const auto& [name, entry] : entries) {
    if (entry.options == nullptr || !entry.options->find(option)) continue;
    const bool is_wider =
        widest == nullptr || entry.options->entries().size() > widest->options->entries().size();
    if (is_wider) widest = &entry;
  }
  return widest;
}

/// What others call a connector; json is read, and ndjson is written.
constexpr std::pair<std::string_view, std::string_view> kOtherNames[] = {
    {"excel", "xlsx"}, {"xls", "xlsx"},     {"ndjson", "json"},   {"json", "ndjson"},
    {"jsonl", "json"}, {"jsonl", "ndjson"}, {"feather", "arrow"}, {"ipc", "arrow"},
    {"h5", "hdf5"},    {"tsv", "csv"}};

/// Empty where none of `names` is meant.
std::string other_name_hint(const std::string& typed, const std::vector<std::string>& names) {
  for (const auto& [other, name] : kOtherNames) {
    const bool is_there = std::find(names.begin(), names.end(), name) != names.end();
    if (is_there && is_same_name(other, typed)) return "did you mean `" + std::string(name) + "`?";
  }
  return "";
}

/// For what stands on the wrong side.
std::string wrong_side_hint(const std::string& typed, const std::vector<std::string>& names) {
  auto hint = other_name_hint(typed, names);
  return hint.empty() ? name_hint("", names) : hint;
}

/// An option that stands where its connector should: "people: {path: people.csv}".
template <typename Entries>
std::string connector_hint(const std::string& typed, const Entries& entries) {
  const auto names = names_of(entries);
  if (auto hint = other_name_hint(typed, names); !hint.empty()) return hint;
  if (nearest_name(typed, names)) return name_hint(typed, names);
  const auto* widest = find_widest(typed, entries);
  if (widest == nullptr) return name_hint(typed, names);
  return "`" + typed + "` belongs to a connector, such as `" + widest->name + ": {" + typed +
         ": …}`; " + name_hint("", names);
}

}  // namespace

void add_unknown_source(const FileNode& node, const Catalog& catalog, config::Findings& findings) {
  if (is_later_source(node.connector)) return add_not_built(node, findings);
  if (catalog.sink(node.connector) != nullptr) {
    return findings.add(*node.connector_key, "`" + node.connector + "` is a sink, not a source",
                        wrong_side_hint(node.connector, names_of(catalog.sources())));
  }
  findings.add(*node.connector_key, "unknown source connector `" + node.connector + "`",
               connector_hint(node.connector, catalog.sources()));
}

void add_unknown_sink(const FileNode& node, const Catalog& catalog, config::Findings& findings) {
  if (is_later_sink(node.connector)) return add_not_built(node, findings);
  if (catalog.source(node.connector) != nullptr) {
    return findings.add(*node.connector_key, "`" + node.connector + "` is a source, not a sink",
                        wrong_side_hint(node.connector, names_of(catalog.sinks())));
  }
  findings.add(*node.connector_key, "unknown sink connector `" + node.connector + "`",
               connector_hint(node.connector, catalog.sinks()));
}

}  // namespace leat::plan
