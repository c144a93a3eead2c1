#include "plan/plan_verdicts.hpp"

#include <algorithm>
#include <set>

#include "base/names.hpp"
#include "plan/passes.hpp"

namespace leat::plan {
namespace {

/// What stands for the options that nobody wrote.
const config::Node& no_options() {
  static const config::Node node = [] {
    config::Node map;
    map.kind = config::Node::Kind::map;
    return map;
  }();
  return node;
}

std::string free_name(const std::string& dataset, const std::vector<std::string>& taken) {
  auto name = dataset + "_verdict";
  while (std::any_of(taken.begin(), taken.end(),
                     [&](const auto& other) { return is_same_name(other, name); })) {
    name += "_";
  }
  return name;
}

FileSink verdict_of(const FileCheck& check, const std::string& dataset, const Draft& draft) {
  FileSink sink;
  sink.node.name = free_name(dataset, draft.names);
  sink.node.key = check.dataset_key;
  sink.node.connector = "verdict";
  sink.node.connector_key = check.dataset_key;
  sink.node.options = &no_options();
  sink.from = dataset;
  sink.from_node = check.dataset_key;
  sink.keys = &no_options();
  return sink;
}

/// Every dataset in the order of work.
std::vector<std::string> in_order(const std::vector<SourceNode>& sources,
                                  const std::vector<ModelNode>& models) {
  std::vector<std::string> names;
  for (const auto& source : sources) names.push_back(source.name);
  for (const auto& model : models) names.push_back(model.name);
  return names;
}

}  // namespace

std::vector<FileSink> sinks_of(const PipelineFile& file, const std::vector<SourceNode>& sources,
                               const std::vector<ModelNode>& models, const Draft& draft) {
  auto sinks = file.sinks;
  if (!sinks.empty()) return sinks;
  std::set<std::string> judged;
  // A source that stands in for another one is judged in its place.
  for (const auto& source : sources) judged.insert(source.on_error.fallback);
  const auto names = in_order(sources, models);
  for (auto name = names.rbegin(); name != names.rend(); ++name) {
    if (judged.contains(*name)) continue;
    const auto check = std::find_if(file.checks.begin(), file.checks.end(), [&](const auto& one) {
      return is_same_name(one.dataset, *name);
    });
    if (check == file.checks.end()) continue;
    sinks.push_back(verdict_of(*check, *name, draft));
    const auto upstream = upstream_of(*name, sources, models);
    judged.insert(upstream.begin(), upstream.end());
    const auto consulted = consulted_by(upstream, sources, models);
    judged.insert(consulted.begin(), consulted.end());
  }
  std::reverse(sinks.begin(), sinks.end());
  return sinks;
}

}  // namespace leat::plan
