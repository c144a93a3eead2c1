#pragma once

#include <string>
#include <vector>

#include "config/findings.hpp"
#include "config/node.hpp"
#include "config/option_set.hpp"
#include "plan/file_node.hpp"

namespace leat::plan {

/// The key by which a node names a connection of leat.yml.
inline constexpr const char* kConnectionKey = "connection";

/// The options of a node over those of the connection that it names: what it says itself counts.
/// Without the key, or where the connector does not know it, they are as they are.
/// Findings: no such connection, one of another connector.
config::Node with_connection(const config::Node& options, const std::string& connector,
                             const config::OptionSet* known,
                             const std::vector<FileNode>* connections, config::Findings& findings);

}  // namespace leat::plan
