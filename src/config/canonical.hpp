#pragma once

#include <string>

#include "config/node.hpp"

namespace leat::config {

/// A tree as one JSON text, what a digest is taken of: keys in the order of the file, scalars as
/// strings with variables put in, a scalar with a template as it is written, secrets by name.
///
/// Promise   equal texts mean equal trees, comments, quotes and layout aside.
std::string canonical_text(const Node& node);

}  // namespace leat::config
