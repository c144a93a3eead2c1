#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "config/findings.hpp"
#include "config/node.hpp"

namespace leat::config {

/// What a YAML file may cost to read.
struct YamlLimits {
  std::size_t bytes_max = 1u << 20;
  std::size_t nodes_max = 100'000;  ///< Nodes that aliases repeat are counted each time.
  std::size_t depth_max = 64;
};

/// Reads one YAML document, with the place of every key and value. Scalars stay text.
///
/// Promise   nothing when the text has no whole tree. Else the tree, also with findings: entries
///           with a bad or repeated key are told and left out, so that what else is wrong can be
///           told with them. An empty document is a null. Keys of a map are scalars and unique.
///           Refused by name: duplicate keys, merge keys, tags, several documents, aliases without
///           end.
/// Errors    config, into `findings`, which also takes over the text to show lines of it.
std::optional<Node> parse_yaml(std::string_view text, const std::string& file, Findings& findings,
                               const YamlLimits& limits = {});

}  // namespace leat::config
