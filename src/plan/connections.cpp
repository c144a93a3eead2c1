#include "plan/connections.hpp"

#include <algorithm>

#include "base/names.hpp"
#include "config/read_value.hpp"

namespace leat::plan {
namespace {

/// Null when it was told why there is none.
const FileNode* find(const config::Node& named, const std::string& connector,
                     const std::vector<FileNode>& connections, config::Findings& findings) {
  std::vector<std::string> names;
  for (const auto& connection : connections) {
    names.push_back(connection.name);
    if (!named.is_scalar() || connection.name != named.text) continue;
    if (connection.connector == connector) return &connection;
    findings.add(named, "connection `" + named.text + "` is one of `" + connection.connector +
                            "`, not of `" + connector + "`");
    return nullptr;
  }
  findings.add(named, "there is no connection " + config::shown(named),
               names.empty()
                   ? "connections stand in leat.yml: connections: {dw: {" + connector + ": {…}}}"
                   : name_hint(named.text, names));
  return nullptr;
}

}  // namespace

config::Node with_connection(const config::Node& options, const std::string& connector,
                             const config::OptionSet* known,
                             const std::vector<FileNode>* connections, config::Findings& findings) {
  const auto* named = options.find(kConnectionKey);
  if (named == nullptr || known == nullptr || !known->find(kConnectionKey)) return options;
  auto merged = options;
  std::erase_if(merged.entries, [](const auto& entry) { return entry.key.text == kConnectionKey; });
  const auto* connection = find(*named, connector, *connections, findings);
  if (connection == nullptr || !connection->options->is_map()) return merged;
  for (const auto& entry : connection->options->entries) {
    if (options.find(entry.key.text) == nullptr) merged.entries.push_back(entry);
  }
  return merged;
}

}  // namespace leat::plan
