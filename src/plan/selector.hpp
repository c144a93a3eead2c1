#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "plan/graph.hpp"

namespace leat::plan {

/// Which nodes are meant, in dbt's grammar.
///
/// Shape     `x` a node, `p.x` node x of pipeline p; wildcards `*`, `?`, `[ab]`; `tag:x`, `path:x`
///           (a file, a folder or a pattern), `pipeline:x`, `kind:source|model|sink`. `+x` with all
///           it rests on, `x+` with all that rests on it, `2+x` and `x+2` so many steps, `@x` with
///           all that rests on it and whatever those rest on. A space or a second text means or,
///           a comma means and.
struct Selectors {
  std::vector<std::string> select;  ///< Empty: everything.
  std::vector<std::string> exclude;
  bool any() const { return !select.empty() || !exclude.empty(); }
};

/// For each node of the graph whether it is meant. A sink is, too, when its dataset is; and left
/// out when its dataset is excluded.
///
/// Errors    config: a selector that cannot be read, or that no node matches, with the nearest
///           name.
Result<std::vector<bool>> select_nodes(const Graph& graph, const Selectors& selectors);

}  // namespace leat::plan
