#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "config/environment.hpp"
#include "config/findings.hpp"
#include "config/node.hpp"
#include "config/template.hpp"

namespace leat::plan {

/// One item of a `for_each`, with the source that its values make.
struct FileItem {
  std::string key;
  std::shared_ptr<const config::Node> node;  ///< The whole source, `{{ item.… }}` put in.
};

/// By the name of a source as it is written.
using ItemsBySource = std::map<std::string, std::vector<FileItem>>;

/// Makes a source for each item of every `for_each` below `sources`. In the tree the first takes
/// the place of what was written, so that all else reads a source as ever.
///
/// Calls     before the templates of the tree are put in: `values` are those of everything else.
ItemsBySource expand_items(config::Node& tree, const config::Environment& environment,
                           const config::Values& values, config::Findings& findings);

}  // namespace leat::plan
