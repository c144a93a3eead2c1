#include "plan/relation_checks.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "base/names.hpp"
#include "core/compare_check.hpp"
#include "engine/column_lineage.hpp"

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

const ContractColumn* contract_column(const std::optional<Contract>& contract,
                                      std::string_view name) {
  if (!contract) return nullptr;
  for (const auto& column : contract->columns) {
    if (is_same_name(column.name, name)) return &column;
  }
  return nullptr;
}

const DraftSource* source_of(const Draft& draft, const std::string& name) {
  for (const auto& source : draft.sources) {
    if (source.node.name == name) return &source;
  }
  return nullptr;
}

/// The type that the values of a column had before `pii` made hashes of them, wherever models have
/// copied it from; nothing: it is no such hash.
class HashSearch {
 public:
  HashSearch(const Draft& draft, const PlanServices& services)
      : x_draft(draft), x_services(services) {}

  std::optional<data::Type> hashed(const std::string& dataset, const std::string& column) const {
    if (const auto* source = source_of(x_draft, dataset)) {
      const auto* agreed = contract_column(source->contract, column);
      if (agreed == nullptr || agreed->pii != Pii::hash || !source->judged) return std::nullopt;
      const auto at = source->judged->find(column);
      return at ? std::optional(source->judged->columns[*at].type) : std::nullopt;
    }
    for (const auto& model : x_draft.models) {
      if (model.name == dataset && model.step == nullptr) return copied(model, column);
    }
    return std::nullopt;
  }

 private:
  std::optional<data::Type> copied(const DraftModel& model, const std::string& column) const {
    const bool any_pii = std::any_of(
        x_draft.sources.begin(), x_draft.sources.end(),
        [](const auto& source) { return source.contract && source.contract->has_pii(); });
    const auto at = model.schema ? model.schema->find(column) : std::nullopt;
    auto session = x_services.session();
    if (!any_pii || !at || !session.ok()) return std::nullopt;
    std::vector<engine::NamedSchema> tables;
    for (const auto& input : model.inputs) {
      const auto* schema = x_draft.schema_of(input);
      if (schema == nullptr || !schema->has_value()) return std::nullopt;
      const bool is_there = std::any_of(tables.begin(), tables.end(),
                                        [&](const auto& table) { return table.name == input; });
      if (!is_there) tables.push_back({input, **schema});
    }
    const auto traced = engine::trace_columns(*session.value(), model.select(), tables);
    if (!traced.complaints.empty() || *at >= traced.value.columns.size()) return std::nullopt;
    std::optional<data::Type> all;
    for (const auto& use : traced.value.columns[*at]) {
      if (use.feed != engine::Feed::copied) return std::nullopt;
      const auto type = hashed(use.table, use.column);
      if (!type || (all && !(*all == *type))) return std::nullopt;
      all = type;
    }
    return all;
  }

  const Draft& x_draft;
  const PlanServices& x_services;
};

/// Equal values of both have one text, of which the hash is taken.
bool have_one_text(const data::Type& a, const data::Type& b) {
  return a == b || (a.is_whole() && b.is_whole()) || (a.is_text() && b.is_text());
}

/// Makes the check compare the hash of its own column where the other one is a hash as well; `own`
/// becomes the columns as they are compared.
void meet_hashes(CompareTest& test, const DraftSource* source, const HashSearch& search,
                 data::Schema& own, config::Findings& findings) {
  const auto& other = *test.other;
  std::vector<std::string> key;
  bool any = false;
  for (std::size_t i = 0; i < test.columns.size(); ++i) {
    key.push_back(quote_identifier(test.columns[i]));
    const auto* agreed =
        source == nullptr ? nullptr : contract_column(source->contract, test.columns[i]);
    if (agreed == nullptr || agreed->pii != Pii::hash) continue;
    const auto theirs = search.hashed(other.dataset, other.columns[i]);
    if (!theirs) continue;
    auto& mine = own.columns[*own.find(test.columns[i])];
    if (!have_one_text(mine.type, *theirs)) {
      findings.add(other.place,
                   "`" + mine.name + "` is " + data::sql_of(mine.type) + " and " + other.dataset +
                       "." + other.columns[i] + " was " + data::sql_of(*theirs) +
                       " before `pii` made hashes of both: equal values have other hashes",
                   "give both the same type", other.length);
    }
    mine.type = data::Type{};
    key.back() = "sha256(CAST(" + key.back() + " AS VARCHAR))";
    any = true;
  }
  if (!any) return;
  const auto before = among_sql(quoted_names(test.columns));
  const auto at = test.sql.find(before);
  if (at != std::string::npos) test.sql.replace(at, before.size(), among_sql(key));
}

/// A mask is the same for all values.
void refuse_masks(const OtherColumns& other, const Draft& draft, config::Findings& findings) {
  const auto* source = source_of(draft, other.dataset);
  for (const auto& name : other.columns) {
    const auto* agreed = source == nullptr ? nullptr : contract_column(source->contract, name);
    if (agreed == nullptr || agreed->pii != Pii::mask) continue;
    findings.add(other.place,
                 other.dataset + "." + name + " is masked, so nothing can be compared with it",
                 "`pii: hash` can be compared", other.length);
  }
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
                   const PlanServices& services, config::Findings& findings) {
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
  const auto* judged = draft.judged_schema_of(dataset);
  const auto* others = draft.schema_of(declared);
  if (judged == nullptr || !judged->has_value() || others == nullptr || !others->has_value()) {
    return;
  }
  auto own = **judged;
  refuse_masks(other, draft, findings);
  meet_hashes(*test, source_of(draft, dataset), HashSearch(draft, services), own, findings);
  bind_columns(*test, own, **others, findings);
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
