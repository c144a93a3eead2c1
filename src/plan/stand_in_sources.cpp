#include "plan/stand_in_sources.hpp"

#include <string>
#include <vector>

#include "base/names.hpp"

namespace leat::plan {
namespace {

DraftSource* find_source(Draft& draft, const std::string& name) {
  for (auto& source : draft.sources) {
    if (is_same_name(source.node.name, name)) return &source;
  }
  return nullptr;
}

/// Another source can stand in for one whose columns it has.
void join_fallback(DraftSource& source, Draft& draft, config::Findings& findings) {
  const auto& at = *source.on_error_node;
  auto* fallback = find_source(draft, source.on_error.fallback);
  if (fallback == nullptr || fallback == &source) {
    std::vector<std::string> others;
    for (const auto& other : draft.sources) {
      if (&other != &source) others.push_back(other.node.name);
    }
    const auto hint = others.empty() ? "declare the source that is to be read in place of `" +
                                           source.node.name + "`"
                                     : name_hint(source.on_error.fallback, others);
    return findings.add(at, "`" + source.on_error.fallback + "` is not another source", hint);
  }
  source.on_error.fallback = fallback->node.name;
  if (!fallback->judged) return;
  if (!source.judged) {
    source.judged = fallback->judged;
    source.schema = fallback->judged;
  }
  Contract own;
  own.on_drift = OnDrift::drop_column;
  for (const auto& column : source.judged->columns) {
    own.columns.emplace_back();
    own.columns.back().name = column.name;
    own.columns.back().type = column.type;
  }
  source.from_fallback = compare(source.node.name, own, *fallback->judged, false);
  for (const auto& change : source.from_fallback.changes) {
    if (!change.to.empty()) continue;
    findings.add(at, "source `" + fallback->node.name + "` has no column `" + change.column +
                         "`, so it cannot stand in for `" + source.node.name + "`");
  }
}

}  // namespace

void settle_failures(Draft& draft, config::Findings& findings) {
  for (auto& source : draft.sources) {
    if (!source.on_error.fallback.empty()) join_fallback(source, draft, findings);
    if (source.failure.empty() || source.judged) continue;
    findings.add(*source.node.options, source.failure,
                 "its columns are not known either: a contract or `columns` would tell them");
  }
}

}  // namespace leat::plan
