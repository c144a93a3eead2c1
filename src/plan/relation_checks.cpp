#include "plan/relation_checks.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "base/names.hpp"

namespace leat::plan {
namespace {

bool is_instant(const data::Type& type) {
  return type.id == data::TypeId::date || type.id == data::TypeId::timestamp ||
         type.id == data::TypeId::timestamp_tz;
}

bool can_be_compared(const data::Type& a, const data::Type& b) {
  if (a.id == b.id) return a.id != data::TypeId::other || a == b;
  return (a.is_numeric() && b.is_numeric()) || (a.is_text() && b.is_text()) ||
         (is_instant(a) && is_instant(b));
}

void bind_columns(const CompareTest& test, const data::Schema& own, const data::Schema& others,
                  config::Findings& findings) {
  const auto& other = *test.other;
  for (std::size_t i = 0; i < other.columns.size(); ++i) {
    const auto theirs = others.find(other.columns[i]);
    if (!theirs) {
      findings.add(other.place, "`" + other.dataset + "` has no column `" + other.columns[i] + "`",
                   name_hint(other.columns[i], others.names()), other.length);
      continue;
    }
    const auto& column = others.columns[*theirs];
    const auto& mine = own.columns[*own.find(test.columns[i])];
    if (can_be_compared(mine.type, column.type)) continue;
    findings.add(other.place,
                 "`" + mine.name + "` is " + data::sql_of(mine.type) + " and " + other.dataset +
                     "." + column.name + " is " + data::sql_of(column.type) +
                     ": they cannot be compared",
                 "cast one of them", other.length);
  }
}

using Edges = std::map<std::string, std::vector<std::string>>;

/// The names from `from` to `to`, both included; empty when there is no way.
std::vector<std::string> way(const Edges& edges, const std::string& from, const std::string& to,
                             std::set<std::string>& seen) {
  if (from == to) return {from};
  if (!seen.insert(from).second) return {};
  const auto found = edges.find(from);
  if (found == edges.end()) return {};
  for (const auto& next : found->second) {
    auto rest = way(edges, next, to, seen);
    if (rest.empty()) continue;
    rest.insert(rest.begin(), from);
    return rest;
  }
  return {};
}

}  // namespace

void bind_relation(Check& check, const std::string& dataset, const Draft& draft,
                   config::Findings& findings) {
  auto* test = std::get_if<CompareTest>(&check.test);
  if (test == nullptr || !test->other) return;
  auto& other = *test->other;
  const auto declared = draft.declared_name(other.dataset);
  if (declared.empty()) {
    findings.add(other.place, "`" + other.dataset + "` is no source or model",
                 name_hint(other.dataset, draft.names), other.length);
    return;
  }
  if (declared == dataset) {
    findings.add(other.place, "`" + dataset + "` cannot be compared with itself here",
                 "compare with a model of it", other.length);
    return;
  }
  other.dataset = declared;
  check.consults = {declared};
  const auto* own = draft.schema_of(dataset);
  const auto* others = draft.schema_of(declared);
  if (own == nullptr || !own->has_value() || others == nullptr || !others->has_value()) return;
  bind_columns(*test, **own, **others, findings);
}

void refuse_circles(const std::vector<Consult>& consults, const Draft& draft,
                    config::Findings& findings) {
  Edges edges;
  for (const auto& model : draft.models) {
    auto& before = edges[model.name] = model.inputs;
    before.insert(before.end(), model.needs.begin(), model.needs.end());
  }
  for (const auto& consult : consults) edges[consult.dataset].push_back(consult.other);
  for (const auto& consult : consults) {
    std::set<std::string> seen;
    const auto back = way(edges, consult.other, consult.dataset, seen);
    if (back.empty()) continue;
    findings.add(consult.place,
                 "`" + consult.dataset + "` is judged by rows that rest on itself: " +
                     consult.dataset + " → " + join_names(back, " → "),
                 "", consult.length);
  }
}

}  // namespace leat::plan
