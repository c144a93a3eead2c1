#include "plan/plan_checks.hpp"

#include <algorithm>

#include "base/names.hpp"
#include "engine/sql.hpp"
#include "plan/relation_checks.hpp"
#include "plan/sql_hints.hpp"

namespace leat::plan {
namespace {

/// Ids are told apart by a number: the second `range(x)` of a dataset is `range(x)#2`.
void add_unique(std::vector<Check>& all, Check check) {
  const auto taken = [&](const std::string& id) {
    return std::any_of(all.begin(), all.end(), [&](const Check& c) { return c.id == id; });
  };
  const auto base = check.id;
  const bool is_named = check.name != base;
  for (int number = 2; taken(check.id); ++number) check.id = base + "#" + std::to_string(number);
  if (!is_named) check.name = check.id;
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

bool asks_for_counts(const config::Node& value) {
  if (config::waits_for_run(value)) return true;
  const auto in_item = [](const config::Node& item) { return asks_for_counts(item); };
  const auto in_entry = [](const auto& entry) { return asks_for_counts(entry.value); };
  return std::any_of(value.items.begin(), value.items.end(), in_item) ||
         std::any_of(value.entries.begin(), value.entries.end(), in_entry);
}

/// What a set check looks at, by the names of nodes.
class SetBinder {
 public:
  SetBinder(const FileCheck& file, const std::string& dataset, const Draft& draft,
            const PlanServices& services, config::Findings& findings)
      : x_file(file),
        x_dataset(dataset),
        x_draft(draft),
        x_services(services),
        x_findings(findings) {}

  void bind(Check& check) {
    auto* test = std::get_if<SetTest>(&check.test);
    if (test == nullptr || (check.consults.empty() && test->author_sql.empty())) return;
    const auto before = x_findings.size();
    if (!test->author_sql.empty()) consult_tables(test->author_sql, check);
    for (auto& name : check.consults) resolve(name);
    refuse_itself(check);
    if (x_findings.size() != before) return;
    if (!test->author_sql.empty()) bind_sql(test->author_sql, author_node(), check);
    if (x_findings.size() == before) bind_sql(test->sql, *x_file.value, check);
    if (x_findings.size() != before || test->other_sql.empty()) return;
    const auto other = bind_sql(test->other_sql, *x_file.value, check);
    if (other) test->meet(*test, *other);
  }

 private:
  const config::Node& author_node() const {
    return sql_node(*x_file.value, x_file.kind == "sql" ? "sql" : "query");
  }

  void add(const config::Node& node, const engine::SqlComplaint& complaint) {
    const bool placed = node.is_scalar() && complaint.has_offset;
    x_findings.add(placed ? node.place_at(complaint.offset) : node.place, complaint.message,
                   sql_word_hint(complaint, node.text, x_draft.names));
  }

  void consult_tables(const std::string& sql, Check& check) {
    const auto parsed = engine::parse_select(sql);
    for (const auto& complaint : parsed.complaints) add(author_node(), complaint);
    for (const auto& table : parsed.value.tables) {
      const auto known = [&](const std::string& name) { return is_same_name(name, table.name); };
      if (known(x_dataset) || table.name == kJudgedRows) continue;
      if (std::any_of(check.consults.begin(), check.consults.end(), known)) continue;
      check.consults.push_back(table.name);
    }
  }

  void resolve(std::string& name) {
    auto declared = x_draft.declared_name(name);
    if (declared.empty()) {
      x_findings.add(*x_file.value, "the check names `" + name + "`, which is no source or model",
                     name_hint(name, x_draft.names));
    } else {
      name = std::move(declared);
    }
  }

  /// A count that is compared with itself says nothing.
  void refuse_itself(const Check& check) {
    const auto* node = x_file.value->find("equal_to");
    if (node == nullptr || check.consults != std::vector<std::string>{x_dataset}) return;
    x_findings.add(*node, "`" + x_dataset + "` always has as many rows as itself",
                   "name another node");
  }

  /// The columns that it yields; nothing where that is not known, or was told to be wrong.
  std::optional<data::Schema> bind_sql(const std::string& sql, const config::Node& node,
                                       const Check& check) {
    std::vector<engine::NamedSchema> tables;
    const auto see = [&](const std::string& name, const std::string& as) {
      const auto* schema = x_draft.schema_of(name);
      if (schema != nullptr && schema->has_value()) tables.push_back({as, **schema});
    };
    see(x_dataset, std::string(kJudgedRows));
    see(x_dataset, x_dataset);
    for (const auto& name : check.consults) {
      if (name != x_dataset) see(name, name);
    }
    // A broken one was told already.
    if (tables.size() < check.consults.size()) return std::nullopt;
    auto session = x_services.session();
    if (!session.ok()) {
      x_findings.add(node, session.error());
      return std::nullopt;
    }
    const auto bound = engine::bind_select(*session.value(), sql, tables);
    for (const auto& complaint : bound.complaints) {
      if (&node == x_file.value && !node.is_scalar()) {
        x_findings.add(node.place, complaint.message);
      } else {
        add(node, complaint);
      }
    }
    return bound.complaints.empty() ? std::optional(bound.value) : std::nullopt;
  }

  const FileCheck& x_file;
  const std::string& x_dataset;
  const Draft& x_draft;
  const PlanServices& x_services;
  config::Findings& x_findings;
};

/// Rows of a model come in any order.
void judge_order(const FileCheck& draft, const Check& check, const Draft& all,
                 const std::string& dataset, config::Findings& findings) {
  const auto* compare = std::get_if<CompareTest>(&check.test);
  if (compare == nullptr || !compare->needs_order) return;
  const bool model = std::any_of(all.models.begin(), all.models.end(),
                                 [&](const DraftModel& one) { return one.name == dataset; });
  if (!model) return;
  findings.add(*draft.kind_key,
               "`" + draft.kind + "` needs `by` here: the rows of model `" + dataset +
                   "` have no order of their own",
               "add by: <a column that orders them>");
}

void note_consult(const Check& check, const std::string& dataset, std::vector<Consult>& consults) {
  const auto* test = std::get_if<CompareTest>(&check.test);
  if (test == nullptr || check.consults.empty()) return;
  consults.push_back({dataset, check.consults.front(), test->other->place, test->other->length});
}

void add_unknown_check(const FileCheck& draft, const Catalog& catalog, config::Findings& findings) {
  if (catalog.is_later_check(draft.kind)) {
    return config::OptionSet::add_later(*draft.kind_key, findings);
  }
  std::vector<std::string> names;
  for (const auto& [name, entry] : catalog.checks()) names.push_back(name);
  findings.add(*draft.kind_key, "unknown check `" + draft.kind + "`", name_hint(draft.kind, names));
}

bool has_set_test(const std::vector<Check>& checks) {
  return std::any_of(checks.begin(), checks.end(), [](const Check& check) {
    return std::holds_alternative<SetTest>(check.test);
  });
}

/// Checks with the columns that they meet: those of rows all of them, those of sets what `pii`
/// leaves.
struct Compiled {
  std::vector<Check> checks;
  const data::Schema* schema;
};

Compiled compile(const FileCheck& file, const CheckSpec& spec, const data::Schema& judged,
                 const data::Schema& left, config::Findings& findings) {
  const auto before = findings.size();
  Compiled compiled{spec.compile(judged, findings), &judged};
  if (findings.size() != before || judged == left || !has_set_test(compiled.checks)) {
    return compiled;
  }
  config::Findings about_left;
  compiled = {spec.compile(left, about_left), &left};
  for (auto& found : about_left.take()) {
    findings.add(
        found.place, found.message + ", once `pii` of the contract has hidden it",
        "`" + file.kind + "` judges what is left of the rows; checks of single rows see all",
        found.length);
  }
  return compiled;
}

}  // namespace

ChecksByDataset plan_checks(const std::vector<FileCheck>& checks, const PlanServices& services,
                            const Draft& draft, config::Findings& findings) {
  ChecksByDataset out;
  std::vector<Consult> consults;
  for (const auto& check : checks) {
    const auto dataset = draft.declared_name(check.dataset);
    if (dataset.empty()) {
      findings.add(*check.dataset_key, "checks for `" + check.dataset + "`, which is no node",
                   name_hint(check.dataset, draft.names));
      continue;
    }
    if (asks_for_counts(*check.value)) {
      findings.add(*check.value, "a check cannot ask for the counts of a node",
                   "`when` and the SQL of a model can");
      continue;
    }
    const auto* entry = services.catalog->check(check.kind);
    if (entry == nullptr) {
      add_unknown_check(check, *services.catalog, findings);
      continue;
    }
    const auto spec = entry->parse(*check.value, findings);
    const auto* judged = draft.judged_schema_of(dataset);
    const auto* left = draft.schema_of(dataset);
    if (!spec || judged == nullptr || !judged->has_value() || !left->has_value()) continue;
    auto [compiled, schema] = compile(check, *spec, **judged, **left, findings);
    for (auto& one : compiled) {
      judge_author_sql(check, one, *schema, services, findings);
      SetBinder(check, dataset, draft, services, findings).bind(one);
      judge_order(check, one, draft, dataset, findings);
      bind_relation(one, dataset, draft, services, findings);
      note_consult(one, dataset, consults);
      add_unique(out[dataset], std::move(one));
    }
  }
  refuse_circles(consults, draft, findings);
  return out;
}

}  // namespace leat::plan
