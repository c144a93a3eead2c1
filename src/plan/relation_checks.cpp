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

/// What stands behind a column, wherever models have copied it from.
struct Origin {
  Pii pii = Pii::none;
  data::Type type;  ///< Before `pii` hid its values.

  bool operator==(const Origin&) const = default;
};

class OriginSearch {
 public:
  OriginSearch(const Draft& draft, const PlanServices& services)
      : x_draft(draft), x_services(services) {}

  /// Nothing: its values are made by a model or a step, or nothing in this pipeline is hidden.
  std::optional<Origin> origin(const std::string& dataset, const std::string& column) const {
    if (!hides_anything()) return std::nullopt;
    if (const auto* source = source_of(x_draft, dataset)) {
      const auto* agreed = contract_column(source->contract, column);
      const auto at = source->judged ? source->judged->find(column) : std::nullopt;
      if (!at) return std::nullopt;
      return Origin{agreed == nullptr ? Pii::none : agreed->pii, source->judged->columns[*at].type};
    }
    for (const auto& model : x_draft.models) {
      if (model.name == dataset && model.step == nullptr) return copied(model, column);
    }
    return std::nullopt;
  }

 private:
  bool hides_anything() const {
    return std::any_of(x_draft.sources.begin(), x_draft.sources.end(), [](const auto& source) {
      return source.contract && source.contract->has_pii();
    });
  }

  std::optional<Origin> copied(const DraftModel& model, const std::string& column) const {
    const auto at = model.schema ? model.schema->find(column) : std::nullopt;
    auto session = x_services.session();
    if (!at || !session.ok()) return std::nullopt;
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
    std::optional<Origin> all;
    for (const auto& use : traced.value.columns[*at]) {
      if (use.feed != engine::Feed::copied) return std::nullopt;
      const auto one = origin(use.table, use.column);
      if (!one || (all && !(*all == *one))) return std::nullopt;
      all = one;
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

/// Columns of a check beside those of another dataset, where `pii` hides some of them.
class HiddenMeeting {
 public:
  HiddenMeeting(CompareTest& test, std::string dataset, const Draft& draft,
                const PlanServices& services, config::Findings& findings)
      : x_test(test),
        x_dataset(std::move(dataset)),
        x_is_source(source_of(draft, x_dataset) != nullptr),
        x_search(draft, services),
        x_findings(findings) {}

  /// The check compares the hash of its own column where the other one is a hash: checks of a
  /// source see its values. `own` becomes the columns as they are compared, `key` their SQL.
  void settle(data::Schema& own, std::vector<std::string>& key) {
    for (std::size_t i = 0; i < x_test.columns.size(); ++i) {
      if (!is_hashed_here(x_test.columns[i], x_test.other->columns[i])) continue;
      own.columns[*own.find(x_test.columns[i])].type = data::Type{};
      key[i] = "sha256(CAST(" + key[i] + " AS VARCHAR))";
    }
  }

 private:
  bool is_hashed_here(const std::string& column, const std::string& other) {
    const auto theirs = x_search.origin(x_test.other->dataset, other);
    if (theirs && theirs->pii == Pii::mask) return refuse_mask(x_test.other->dataset, other);
    const auto mine = x_search.origin(x_dataset, column);
    if (!mine) return false;
    if (mine->pii == Pii::mask && !x_is_source) return refuse_mask(x_dataset, column);
    const bool is_hash = mine->pii == Pii::hash && !x_is_source;
    if (!theirs) return false;
    if (theirs->pii != Pii::hash) return is_hash && refuse_plain(column, other, true);
    if (mine->pii == Pii::none) return refuse_plain(column, other, false);
    if (!have_one_text(mine->type, theirs->type)) refuse_types(column, other, *mine, *theirs);
    return x_is_source;
  }

  /// A mask is the same for all values.
  bool refuse_mask(const std::string& dataset, const std::string& column) {
    add(dataset + "." + column + " is masked, so nothing can be compared with it",
        "`pii: hash` can be compared");
    return false;
  }

  bool refuse_plain(const std::string& column, const std::string& other, bool is_mine_hashed) {
    const auto mine = x_dataset + "." + column;
    const auto theirs = x_test.other->dataset + "." + other;
    const auto& plain = is_mine_hashed ? theirs : mine;
    add((is_mine_hashed ? mine : theirs) + " is a hash (`pii: hash`) and " + plain +
            " is not: no value of one is among the other's",
        "give both `pii: hash` in their contracts; if " + plain +
            " holds such hashes already, say so in a model: lower(" +
            (is_mine_hashed ? other : column) + ") AS …");
    return true;  // It cannot be compared as it is, and has been told.
  }

  void refuse_types(const std::string& column, const std::string& other, const Origin& mine,
                    const Origin& theirs) {
    add("`" + column + "` is " + data::sql_of(mine.type) + " and " + x_test.other->dataset + "." +
            other + " was " + data::sql_of(theirs.type) +
            " before `pii` made hashes of both: equal values have other hashes",
        "give both the same type");
  }

  void add(const std::string& message, const std::string& hint) {
    x_findings.add(x_test.other->place, message, hint, x_test.other->length);
  }

  CompareTest& x_test;
  std::string x_dataset;
  bool x_is_source;
  OriginSearch x_search;
  config::Findings& x_findings;
};

/// A whole number is compared with a floating-point one as whole numbers, of which each is itself.
void meet_exactly(const CompareTest& test, const data::Schema& own, const data::Schema& others,
                  std::vector<std::string>& key, std::vector<std::string>& theirs) {
  for (std::size_t i = 0; i < key.size(); ++i) {
    const auto& a = own.columns[*own.find(test.columns[i])].type;
    const auto& b = others.columns[*others.find(test.other->columns[i])].type;
    if (!meet_inexactly(a, b)) continue;
    auto& floating = a.is_floating() ? key[i] : theirs[i];
    floating = as_whole_sql(floating, a.is_floating() ? b : a);
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
  auto key = quoted_names(test->columns);
  auto theirs = quoted_names(other.columns);
  const auto written = among_sql(key, theirs);
  const auto before = findings.size();
  HiddenMeeting(*test, dataset, draft, services, findings).settle(own, key);
  bind_columns(*test, own, **others, findings);
  if (findings.size() != before) return;
  meet_exactly(*test, own, **others, key, theirs);
  const auto at = test->sql.find(written);
  LEAT_ASSERT(at != std::string::npos);
  test->sql.replace(at, written.size(), among_sql(key, theirs));
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
