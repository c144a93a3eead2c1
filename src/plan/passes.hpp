#pragma once

#include <vector>

#include "plan/plan.hpp"

namespace leat::plan {

/// Cuts the graph into streaming queries, as few as can be: a stream ends where a dataset has a
/// sink, where two consumers need it, where a program gets it or made it, where its counts are
/// asked for, where a model has a condition, or checks that something else builds on, and where set
/// checks need more of it than its counts.
///
/// A source whose rows nothing keeps yields only the columns that set checks ask for, unless
/// `measures_all`.
///
/// Promise   the passes are in order of work; every source and model upstream of a sink is in
///           exactly one pass; so is what their checks consult; every other is in none.
/// Shape     `models` in order of work: none before its inputs.
std::vector<PassNode> plan_passes(const std::vector<SourceNode>& sources,
                                  const std::vector<ModelNode>& models,
                                  const std::vector<SinkNode>& sinks, bool measures_all = false);

/// Those that only the checks of `upstream` look at, and what these rest on, in order of work.
std::vector<std::string> consulted_by(const std::vector<std::string>& upstream,
                                      const std::vector<SourceNode>& sources,
                                      const std::vector<ModelNode>& models);

/// Every source and model that the datasets rest on and themselves, in order of work; what they ask
/// for the counts of is among them.
std::vector<std::string> upstream_of(const std::vector<std::string>& datasets,
                                     const std::vector<SourceNode>& sources,
                                     const std::vector<ModelNode>& models);
std::vector<std::string> upstream_of(const std::string& dataset,
                                     const std::vector<SourceNode>& sources,
                                     const std::vector<ModelNode>& models);

}  // namespace leat::plan
