#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "config/node.hpp"

namespace leat::config {

/// The keys of the map at a path ("", "sinks", "sinks/out") in the order that they should have.
/// Keys that are not listed come first where `others_first`, else last, in the order of the file.
/// Nothing: leave this map as it is.
struct KeyOrder {
  std::vector<std::string> keys;
  bool others_first = false;
};
using KeyOrders = std::function<std::optional<KeyOrder>(const std::vector<std::string>& path)>;

/// The text with the keys of its block maps in order. Comments go with the key below them; a
/// comment at the start that an empty line ends stays there. Flow maps (`{a: 1}`) and lists stay
/// as they are. One empty line at most between two keys; none at the start; LF at the ends.
///
/// Promise   the tree is the same but for the order of keys; done twice it is the same text.
///           Nothing: the text cannot be put in order without changing its meaning.
std::optional<std::string> in_order(const std::string& text, const Node& root,
                                    const KeyOrders& orders);

/// The same keys and values, whatever the order of keys?
bool same_tree(const Node& a, const Node& b);

}  // namespace leat::config
