#include "plan/plan.hpp"

#include <algorithm>

#include "base/names.hpp"

namespace leat::plan {
namespace {

template <typename T>
const T* by_name(const std::vector<T>& nodes, std::string_view name) {
  for (const auto& node : nodes) {
    if (node.name == name) return &node;
  }
  return nullptr;
}

}  // namespace

std::string_view name_of(Guarantee guarantee) {
  switch (guarantee) {
    case Guarantee::exactly_once: return "exactly_once";
    case Guarantee::idempotent: return "idempotent";
    case Guarantee::at_least_once: return "at_least_once";
  }
  return "at_least_once";
}

Lane Plan::lane_of(const SinkNode& sink) const {
  Lane lane{pipeline, sink.name};
  if (sink.by_interval && interval) lane.lane = interval->lane();
  return lane;
}

bool Plan::needs(const SinkNode& sink, std::string_view dataset) {
  const auto has = [&](const std::vector<std::string>& names) {
    return std::find(names.begin(), names.end(), dataset) != names.end();
  };
  return has(sink.upstream) || has(sink.consulted);
}

const SourceNode* Plan::source(std::string_view name) const { return by_name(sources, name); }
const ModelNode* Plan::model(std::string_view name) const { return by_name(models, name); }
const SinkNode* Plan::sink(std::string_view name) const { return by_name(sinks, name); }

const data::Schema& Plan::schema(std::string_view dataset) const {
  const auto* node = source(dataset);
  return node != nullptr ? node->schema : model(dataset)->schema;
}

ColumnNote Plan::note(const std::string& dataset, const std::string& column) const {
  const auto said = notes.find(dataset);
  if (said == notes.end()) return {};
  for (const auto& note : said->second) {
    if (is_same_name(note.name, column)) return note;
  }
  return {};
}

}  // namespace leat::plan
