#pragma once

#include <string>

#include "app/selection.hpp"
#include "cli/output.hpp"

namespace leat::cli {

/// Pictures of the chosen nodes. An edge leads from a node to what reads it; a node that lies
/// between two chosen ones and is not chosen itself is left out, with its edges.

/// A tree below each node that nothing chosen reads; what was drawn above is only named.
std::string graph_text(const app::SelectedGraph& selected, const Output& output);
/// For Markdown: a flowchart of Mermaid.
std::string graph_mermaid(const app::SelectedGraph& selected);
/// For Graphviz.
std::string graph_dot(const app::SelectedGraph& selected);

}  // namespace leat::cli
