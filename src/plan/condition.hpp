#pragma once

#include <string>
#include <vector>

#include "config/node.hpp"
#include "config/options.hpp"

namespace leat::plan {

/// When a node is part of a run.
struct Condition {
  std::string sql;            ///< A boolean; empty: always.
  std::string written;        ///< For people.
  bool leaves_empty = false;  ///< Where it is not, others find it empty instead of being skipped.
  std::vector<std::string> needs;  ///< Nodes whose counts it asks for.
};

/// The keys of a condition.
struct ConditionKeys {
  std::optional<config::SqlText> when;
  std::string when_skipped = "skip";
};

template <typename O>
std::vector<config::TableLine<O>> with_condition(std::vector<config::TableLine<O>> lines,
                                                 bool has_consumers = true) {
  using config::option;
  lines.push_back(option("when", &ConditionKeys::when,
                         "SQL that must be true for the node to be part of a run; "
                         "{{ nodes.x.rows }} is known when x has run.")
                      .example("\"{{ params.full }}\""));
  if (!has_consumers) return lines;
  lines.push_back(option("when_skipped", &ConditionKeys::when_skipped,
                         "What becomes of those that read it when it is left out.")
                      .choices({"skip", "empty"}));
  return lines;
}

/// Names x of `{{ nodes.x.… }}` in a text, each once.
std::vector<std::string> nodes_named(std::string_view written);

Condition condition_of(const ConditionKeys& keys);

/// Values `nodes.<name>.rows` and their like, whose numbers are known when the node has run.
void add_node_values(const std::vector<std::string>& names, config::Values& values);

}  // namespace leat::plan
