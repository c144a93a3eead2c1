#include "plan/file_node.hpp"

#include <algorithm>

#include "base/names.hpp"

namespace leat::plan {
namespace {

bool contains(const std::vector<std::string>& keys, const std::string& key) {
  return std::find(keys.begin(), keys.end(), key) != keys.end();
}

}  // namespace

FileNode find_connector(const config::Node::Entry& node,
                        const std::vector<const config::Node::Entry*>& others,
                        const config::OptionSet& reserved, const config::OptionSet& around,
                        std::string_view what, config::Findings& findings) {
  FileNode found;
  found.name = node.key.text;
  found.key = &node.key;
  bool told = false;
  for (const auto* other : others) {
    if (others.size() > 1 && nearest_name(other->key.text, reserved.keys())) {
      reserved.add_unknown(other->key, findings);
      told = true;
    } else if (contains(around.keys(), other->key.text)) {
      findings.add(other->key,
                   config::shown(other->key) + " is no key of " + std::string(what) + " `" +
                       found.name + "`, but of the file",
                   "write it at the top of the file, beside `" + std::string(what) + "s:`");
      told = true;
    } else if (!found.connector_key) {
      found.connector = other->key.text;
      found.connector_key = &other->key;
      found.options = &other->value;
    } else {
      findings.add(other->key,
                   std::string(what) + " `" + found.name + "` has a second connector " +
                       config::shown(other->key) + " beside `" + found.connector + "`",
                   "a node has one connector, and its options inside of it, `" + found.connector +
                       ": {…}`; write another node for the second");
      told = true;
    }
  }
  if (!found.connector_key && !told) {
    findings.add(node.key, std::string(what) + " `" + found.name + "` names no connector",
                 "add one key that does, such as `csv: {path: …}`");
  }
  return found;
}

bool check_node_name(const config::Node& key, config::Findings& findings) {
  if (!is_node_name(key.text)) {
    findings.add(key, config::shown(key) + " cannot be a name",
                 "letters, digits and underscores, not starting with a digit, at most 63");
    return false;
  }
  if (to_lower(key.text) == "this") {
    findings.add(key, "`this` is kept for a sink's own published table", "choose another name");
    return false;
  }
  return true;
}

}  // namespace leat::plan
