#pragma once

#include <string>

#include "config/findings.hpp"
#include "config/node.hpp"
#include "config/options.hpp"

namespace leat::plan {

/// A named node of a file and the one key that names its connector; looked up in the catalog later.
struct FileNode {
  std::string name;
  const config::Node* key = nullptr;  ///< Where the name stands.
  std::string connector;
  const config::Node* connector_key = nullptr;  ///< Null: it names none, already told.
  const config::Node* options = nullptr;        ///< What stands behind the connector.
};

/// Finds the connector among the entries that are no reserved keys of `reserved`.
///
/// Promise   one finding when there is none or more than one; a key that is nearly a reserved one
///           is told to be that, and one of `around`, the keys of the file, to stand there.
FileNode find_connector(const config::Node::Entry& node,
                        const std::vector<const config::Node::Entry*>& others,
                        const config::OptionSet& reserved, const config::OptionSet& around,
                        std::string_view what, config::Findings& findings);

/// False, with a finding, when this cannot name a node: other signs, or kept for Leat's own use.
bool check_node_name(const config::Node& key, config::Findings& findings);

}  // namespace leat::plan
