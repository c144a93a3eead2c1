#include "app/format.hpp"

#include <utility>

#include "app/catalog.hpp"
#include "app/project.hpp"
#include "config/yaml.hpp"
#include "config/yaml_order.hpp"
#include "io/files.hpp"
#include "plan/pipeline_file.hpp"
#include "plan/project_file.hpp"

namespace leat::app {
namespace {

namespace fs = std::filesystem;
using config::KeyOrder;
using config::OptionSet;
using Path = std::vector<std::string>;

KeyOrder order_of(const OptionSet& set, bool others_first) {
  KeyOrder order;
  order.others_first = others_first;
  for (const auto& entry : set.entries()) order.keys.push_back(entry.key);
  return order;
}

/// The table that a path below `set` leads to; null when it leads out of tables.
const OptionSet* table_at(const OptionSet* set, const Path& path, std::size_t from) {
  for (auto i = from; set != nullptr && i < path.size(); ++i) {
    const auto found = set->find(path[i]);
    set = found ? set->entries()[*found].shape.table : nullptr;
  }
  return set;
}

const OptionSet* connector_options(const std::string& section, const std::string& name) {
  if (section == "sources") {
    const auto* entry = catalog().source(name);
    return entry ? entry->options : nullptr;
  }
  const auto* entry = catalog().sink(name);
  return entry ? entry->options : nullptr;
}

std::optional<KeyOrder> pipeline_order(const Path& path) {
  if (path.empty()) return order_of(plan::pipeline_options(), false);
  const bool is_node = path[0] == "sources" || path[0] == "models" || path[0] == "sinks";
  if (is_node && path.size() == 1) return std::nullopt;
  if (is_node && path.size() == 2) {
    if (path[0] == "models") return order_of(plan::model_options(), true);
    return order_of(path[0] == "sources" ? plan::source_options() : plan::sink_options(), true);
  }
  if (is_node) {
    const auto* set = table_at(connector_options(path[0], path[2]), path, 3);
    return set ? std::optional(order_of(*set, false)) : std::nullopt;
  }
  const auto* set = table_at(&plan::pipeline_options(), path, 0);
  return set ? std::optional(order_of(*set, false)) : std::nullopt;
}

std::optional<KeyOrder> project_order(const Path& path) {
  const auto* set = table_at(&plan::project_options(), path, 0);
  return set ? std::optional(order_of(*set, false)) : std::nullopt;
}

struct Pending {
  Formatted formatted;
  std::string text;
};

Result<Pending> format_one(const fs::path& file, config::Findings& findings) {
  TRY(const auto text, io::read_text(io::local_files(), file));
  const auto root = config::parse_yaml(text, file.string(), findings);
  Pending pending{{file, false}, text};
  if (!root || !root->is_map()) return pending;
  const bool is_project = file.filename() == "leat.yml";
  auto ordered = config::in_order(text, *root, is_project ? project_order : pipeline_order);
  if (!ordered) {
    findings.add(Place{file.string(), 1, 1},
                 "the keys cannot be put in order without changing what the file means",
                 "an alias (*name) must stand below its anchor (&name): write the value twice");
    return pending;
  }
  pending.formatted.changed = *ordered != text;
  pending.text = std::move(*ordered);
  return pending;
}

/// Pipelines, and the project file of a folder.
Result<std::vector<fs::path>> files_of(const std::vector<fs::path>& where) {
  std::vector<fs::path> out;
  for (const auto& place : where) {
    if (fs::is_directory(place) && io::local_files().exists(place / "leat.yml")) {
      out.push_back(place / "leat.yml");
    }
    TRY(const auto found, find_pipelines(place));
    out.insert(out.end(), found.begin(), found.end());
  }
  return out;
}

}  // namespace

Result<std::vector<Formatted>> format_files(const std::vector<fs::path>& where, bool only_check) {
  TRY(const auto files, files_of(where));
  config::Findings findings;
  std::vector<Pending> all;
  for (const auto& file : files) {
    TRY(auto pending, format_one(file, findings));
    all.push_back(std::move(pending));
  }
  if (!findings.empty()) return Error::of(findings.take());
  std::vector<Formatted> out;
  for (const auto& pending : all) {
    out.push_back(pending.formatted);
    if (only_check || !pending.formatted.changed) continue;
    TRY(io::write_durably(io::local_files(), pending.formatted.file, pending.text));
  }
  return out;
}

}  // namespace leat::app
