#include "plan/plan_strategy.hpp"

#include <algorithm>

#include "base/names.hpp"
#include "engine/sql.hpp"

namespace leat::plan {
namespace {

using config::Located;

/// The keys of a sink that only some strategies have a use for.
struct KeyUse {
  const char* key;
  std::vector<Strategy> strategies;
};

const std::vector<KeyUse>& key_uses() {
  static const std::vector<KeyUse> uses = {
      {"key", {Strategy::merge, Strategy::scd2, Strategy::replace, Strategy::delete_insert}},
      {"by", {Strategy::delete_insert}},
      {"version", {Strategy::merge, Strategy::scd2}},
      {"update", {Strategy::merge}},
      {"delete_when", {Strategy::merge}},
      {"valid_from", {Strategy::scd2}},
      {"valid_to", {Strategy::scd2}},
      {"current", {Strategy::scd2}},
      {"compare", {Strategy::scd2}},
      {"deletes", {Strategy::scd2}},
  };
  return uses;
}

/// One sink's strategy under judgement.
class StrategyPlan {
 public:
  StrategyPlan(const FileSink& draft, const SinkSpec& spec, const data::Schema& schema,
               config::Findings& findings)
      : x_draft(draft), x_spec(spec), x_schema(schema), x_findings(findings) {}

  StrategyOptions plan(const std::vector<std::string>& inherited, const PlanServices& services) {
    refuse_useless_keys();
    x_out.create = x_draft.create;
    x_out.on_schema_change = x_draft.on_schema_change;
    refuse_with_partitions();
    switch (x_draft.strategy) {
      case Strategy::replace: plan_compared_key(inherited); break;
      case Strategy::append: break;
      case Strategy::merge: plan_merge(inherited, services); break;
      case Strategy::delete_insert: plan_delete_insert(inherited); break;
      case Strategy::scd2: plan_scd2(inherited); break;
    }
    return std::move(x_out);
  }

 private:
  void refuse_useless_keys() {
    for (const KeyUse& use : key_uses()) {
      const auto* entry = x_draft.keys->find_entry(use.key);
      const auto& fit = use.strategies;
      if (entry == nullptr) continue;
      if (std::find(fit.begin(), fit.end(), x_draft.strategy) != fit.end()) continue;
      std::vector<std::string> names;
      for (const Strategy strategy : fit)
        names.push_back("`" + std::string(name_of(strategy)) + "`");
      x_findings.add(
          entry->key,
          std::string("`") + use.key + "` is for " + join_names(names, " and ") +
              ", and this sink has `strategy: " + std::string(name_of(x_draft.strategy)) + "`",
          "leave it out, or choose that strategy");
    }
  }

  /// Files of other partitions stay as they are, so all must have the same columns.
  void refuse_with_partitions() {
    if (!x_spec.replaces_partitions()) return;
    const auto* change = x_draft.keys->find_entry("on_schema_change");
    if (change != nullptr && x_draft.on_schema_change != OnSchemaChange::fail) {
      x_findings.add(change->key, "with `partition_by` only `on_schema_change: fail` can be kept",
                     "publish with `strategy: replace` when the columns change");
    }
    const auto* by = x_draft.keys->find_entry("by");
    if (by == nullptr || x_draft.strategy != Strategy::delete_insert) return;
    x_findings.add(by->key, "with `partition_by` whole partitions are replaced", "leave `by` out");
  }

  const config::Node& strategy_place() const {
    return x_draft.strategy_node != nullptr ? *x_draft.strategy_node : *x_draft.node.key;
  }

  void add(const Located<std::string>& at, std::string message, std::string hint = "") {
    x_findings.add(at.place, std::move(message), std::move(hint), at.length);
  }

  /// The column as the dataset spells it; empty when it has none of this name.
  std::string column(const Located<std::string>& name) {
    if (const auto index = x_schema.find(name.text)) return x_schema.columns[*index].name;
    add(name, "`" + x_draft.from + "` has no column `" + name.text + "`",
        name_hint(name.text, x_schema.names()));
    return "";
  }

  std::vector<std::string> columns(const ColumnList& names) {
    std::vector<std::string> out;
    for (const auto& name : names) {
      auto found = column(name);
      if (found.empty()) continue;
      if (std::find(out.begin(), out.end(), found) != out.end()) {
        add(name, "column `" + found + "` is named twice");
        continue;
      }
      out.push_back(std::move(found));
    }
    return out;
  }

  void plan_key(const std::vector<std::string>& inherited) {
    if (!x_draft.key.empty()) {
      x_out.key = columns(x_draft.key);
      return;
    }
    for (const auto& name : inherited) {
      if (const auto index = x_schema.find(name)) {
        x_out.key.push_back(x_schema.columns[*index].name);
      } else {
        x_findings.add(strategy_place(),
                       "the model's key `" + name + "` is no column of `" + x_draft.from + "`",
                       name_hint(name, x_schema.names()));
      }
    }
    if (!inherited.empty()) return;
    x_findings.add(strategy_place(), "`" + std::string(name_of(x_draft.strategy)) + "` needs a key",
                   "add `key: [column]` here or to the model: the columns that name a row");
  }

  void refuse_in_key(const ColumnList& names, const char* what) {
    for (const auto& name : names) {
      const auto index = x_schema.find(name.text);
      if (!index) continue;
      const auto& key = x_out.key;
      const auto& found = x_schema.columns[*index].name;
      if (std::find(key.begin(), key.end(), found) == key.end()) continue;
      add(name, "column `" + found + "` is part of the key, which never changes",
          std::string("leave it out of `") + what + "`");
    }
  }

  void plan_version(bool is_time) {
    if (x_draft.version.text.empty()) return;
    x_out.version = column(x_draft.version);
    if (x_out.version.empty()) return;
    const auto& type = x_schema.columns[*x_schema.find(x_out.version)].type;
    const bool time = type.id == data::TypeId::date || type.id == data::TypeId::timestamp ||
                      type.id == data::TypeId::timestamp_tz;
    if (time || (!is_time && (type.is_numeric() || type.id == data::TypeId::varchar))) return;
    add(x_draft.version,
        "`version` is " + x_out.version + " " + data::sql_of(type) +
            (is_time ? ", which is no date or timestamp" : ", which tells no newer from older"),
        is_time ? "scd2 takes it as the time since when a row holds"
                : "name a number, a date or a timestamp");
  }

  void plan_merge(const std::vector<std::string>& inherited, const PlanServices& services) {
    plan_key(inherited);
    plan_version(false);
    x_out.update = columns(x_draft.update);
    refuse_in_key(x_draft.update, "update");
    if (x_draft.delete_when.empty()) return;
    x_out.delete_when = x_draft.delete_when.text;
    auto session = services.session();
    if (!session.ok()) return x_findings.add(strategy_place(), session.error());
    const auto bound = engine::bind_row_test(*session.value(), x_out.delete_when, x_schema);
    for (const auto& complaint : bound.complaints) {
      x_findings.add(x_draft.delete_when.place_at(complaint.offset), complaint.message);
    }
  }

  /// Rows of the target and of the stage are told to be the same one by it; none is needed.
  void plan_compared_key(const std::vector<std::string>& inherited) {
    if (!x_draft.key.empty() || !inherited.empty()) plan_key(inherited);
  }

  void plan_delete_insert(const std::vector<std::string>& inherited) {
    plan_compared_key(inherited);
    x_out.by = columns(x_draft.by);
    if (!x_draft.by.empty() || x_spec.replaces_partitions()) return;
    x_findings.add(strategy_place(), "`delete_insert` needs `by`",
                   "add `by: column`: rows of the target with the values that come are replaced");
  }

  void plan_scd2(const std::vector<std::string>& inherited) {
    plan_key(inherited);
    plan_version(true);
    x_out.compare = columns(x_draft.compare);
    refuse_in_key(x_draft.compare, "compare");
    x_out.close_deleted = x_draft.close_deleted;
    x_out.valid_from = own_column(x_draft.valid_from, "valid_from");
    x_out.valid_to = own_column(x_draft.valid_to, "valid_to");
    x_out.current = own_column(x_draft.current, "current");
  }

  /// The names of the three columns that scd2 adds: none that is there already.
  std::string own_column(const Located<std::string>& name, const char* key) {
    const auto* written = x_draft.keys->find(key);
    const auto& place = written != nullptr ? *written : strategy_place();
    const bool is_twice = std::find(x_own.begin(), x_own.end(), to_lower(name.text)) != x_own.end();
    if (is_twice || x_schema.find(name.text)) {
      x_findings.add(place, "scd2 adds a column `" + name.text + "`, and there is one already",
                     std::string("give it another name: `") + key + ": …`");
    }
    x_own.push_back(to_lower(name.text));
    return name.text;
  }

  const FileSink& x_draft;
  const SinkSpec& x_spec;
  const data::Schema& x_schema;
  config::Findings& x_findings;
  StrategyOptions x_out;
  std::vector<std::string> x_own;
};

}  // namespace

StrategyOptions plan_strategy(const FileSink& draft, const std::vector<std::string>& inherited,
                              const SinkSpec& spec, const data::Schema& schema,
                              const PlanServices& services, config::Findings& findings) {
  return StrategyPlan(draft, spec, schema, findings).plan(inherited, services);
}

}  // namespace leat::plan
