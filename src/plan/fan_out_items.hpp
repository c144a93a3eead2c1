#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "config/environment.hpp"
#include "config/findings.hpp"
#include "config/node.hpp"
#include "config/template.hpp"
#include "config/values.hpp"

namespace leat::plan {

/// One item of a `for_each`, with the source that its values make.
struct FileItem {
  std::string key;
  std::shared_ptr<const config::Node> node;  ///< The whole source, `{{ item.… }}` put in.
};

/// A source whose items are the rows of another node, as it is written: `{{ item.… }}` still open.
struct WrittenItems {
  config::Located<std::string> from;
  std::string key;
  std::shared_ptr<const config::Node> source;
  std::vector<config::Located<std::string>> used;  ///< The names behind `item.`, each once.
  std::vector<Place> open;                         ///< The scalars that wait for a value.
  std::shared_ptr<const config::Values> values;
  const config::Environment* environment = nullptr;
};

/// By the name of a source as it is written.
struct ItemsBySource {
  std::map<std::string, std::vector<FileItem>> known;
  std::map<std::string, WrittenItems> late;
};

/// Makes a source for each item of every `for_each` below `sources`. In the tree the first takes
/// the place of what was written, so that all else reads a source as ever; where the items are rows
/// that nobody has read yet, one whose values are all "1".
///
/// Calls     before the templates of the tree are put in: `values` are those of everything else.
ItemsBySource expand_items(config::Node& tree, const config::Environment& environment,
                           const config::Values& values, config::Findings& findings);

}  // namespace leat::plan
