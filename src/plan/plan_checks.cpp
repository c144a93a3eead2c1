#include "plan/plan_checks.hpp"

#include <algorithm>

#include "base/names.hpp"
#include "engine/sql.hpp"

namespace leat::plan {
namespace {

/// Ids are told apart by a number: the second `range(x)` of a dataset is `range(x)#2`.
void add_unique(std::vector<Check>& all, Check check) {
  const auto taken = [&](const std::string& id) {
    return std::any_of(all.begin(), all.end(), [&](const Check& c) { return c.id == id; });
  };
  const auto base = check.id;
  for (int number = 2; taken(check.id); ++number) check.id = base + "#" + std::to_string(number);
  all.push_back(std::move(check));
}

/// The scalar in which the author wrote this SQL, as near as can be told.
const config::Node& sql_node(const config::Node& value, std::string_view key) {
  const auto* inner = value.find(key);
  return inner != nullptr ? *inner : value;
}

void judge_sql(const std::string& sql, const config::Node& node, const data::Schema& schema,
               const PlanServices& services, config::Findings& findings) {
  auto session = services.session();
  if (!session.ok()) return findings.add(node, session.error());
  const auto bound = engine::bind_row_test(*session.value(), sql, schema);
  for (const auto& complaint : bound.complaints) {
    const auto place =
        node.is_scalar() && complaint.has_offset ? node.place_at(complaint.offset) : node.place;
    findings.add(place, complaint.message, complaint.hint, complaint.length);
  }
}

/// SQL that the author wrote is bound now; what checks wrote themselves is right by construction.
void judge_author_sql(const FileCheck& draft, const Check& check, const data::Schema& schema,
                      const PlanServices& services, config::Findings& findings) {
  const auto* row = std::get_if<RowTest>(&check.test);
  if (row != nullptr && draft.kind == "expression") {
    judge_sql(row->sql, sql_node(*draft.value, "sql"), schema, services, findings);
  }
  if (!check.where_sql.empty()) {
    judge_sql(check.where_sql, sql_node(*draft.value, "where"), schema, services, findings);
  }
}

void add_unknown_check(const FileCheck& draft, const Catalog& catalog, config::Findings& findings) {
  if (catalog.is_later_check(draft.kind)) {
    return config::OptionSet::add_later(*draft.kind_key, findings);
  }
  std::vector<std::string> names;
  for (const auto& [name, entry] : catalog.checks()) names.push_back(name);
  findings.add(*draft.kind_key, "unknown check `" + draft.kind + "`", name_hint(draft.kind, names));
}

}  // namespace

ChecksByDataset plan_checks(const std::vector<FileCheck>& checks, const PlanServices& services,
                            const Draft& draft, config::Findings& findings) {
  ChecksByDataset out;
  for (const auto& check : checks) {
    const auto dataset = draft.declared_name(check.dataset);
    if (dataset.empty()) {
      findings.add(*check.dataset_key, "checks for `" + check.dataset + "`, which is no node",
                   name_hint(check.dataset, draft.names));
      continue;
    }
    const auto* entry = services.catalog->check(check.kind);
    if (entry == nullptr) {
      add_unknown_check(check, *services.catalog, findings);
      continue;
    }
    const auto spec = entry->parse(*check.value, findings);
    const auto* schema = draft.schema_of(dataset);
    if (!spec || schema == nullptr || !schema->has_value()) continue;
    for (auto& compiled : spec->compile(**schema, findings)) {
      judge_author_sql(check, compiled, **schema, services, findings);
      add_unique(out[dataset], std::move(compiled));
    }
  }
  return out;
}

}  // namespace leat::plan
