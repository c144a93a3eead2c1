#include "core/meet_columns.hpp"

#include <algorithm>

#include "base/names.hpp"

namespace leat {
namespace {

using Columns = std::vector<data::Column>;

/// "`a BIGINT`" for messages.
std::string column_text(const data::Column& column) {
  return "`" + column.name + " " + data::sql_of(column.type) + "`";
}

/// Column `index` of one of them, or of both, where they differ.
std::string difference(const Columns& ours, const Columns& there, std::size_t index) {
  const auto number = std::to_string(index + 1);
  if (index >= there.size()) {
    return "it has no column " + number + ", which of the new rows is " + column_text(ours[index]);
  }
  const auto its = "its column " + number + " is " + column_text(there[index]);
  if (index >= ours.size()) return its + ", and the new rows have no column " + number;
  return its + ", that of the new rows is " + column_text(ours[index]);
}

bool is_same_column(const data::Column& left, const data::Column& right) {
  return is_same_name(left.name, right.name) && left.type == right.type;
}

const data::Column* find(const Columns& columns, const std::string& name) {
  const auto found = std::find_if(columns.begin(), columns.end(), [&](const data::Column& column) {
    return is_same_name(column.name, name);
  });
  return found == columns.end() ? nullptr : &*found;
}

std::string cannot(const PublishPlan& plan, const std::string& place) {
  return "cannot " + std::string(name_of(plan.strategy)) +
         (plan.strategy == Strategy::append ? " to " : " into ") + place + ": ";
}

/// What would be taken: of another type no rule takes a column. The first one is named, as in the
/// message.
std::string way_out(const PublishPlan& plan, const Columns& ours, const Columns& there,
                    ColumnsMay may) {
  const data::Column* other = nullptr;
  bool brings_new = false;
  for (const data::Column& column : ours) {
    const data::Column* same = find(there, column.name);
    brings_new = brings_new || same == nullptr;
    if (other == nullptr && same != nullptr && same->type != column.type) other = same;
  }
  std::string hint;
  if (other != nullptr) {
    hint = "cast `" + other->name + "` to " + data::sql_of(other->type) + " in a model, ";
  } else if (may == ColumnsMay::change && brings_new) {
    hint = "set `on_schema_change: add_columns` to take them in, or `ignore` to leave them out, ";
  } else if (may == ColumnsMay::change) {
    hint = "set `on_schema_change: ignore`, ";
  }
  if (plan.strategy != Strategy::replace) hint += "use `strategy: replace`, ";
  return hint + (hint.empty() ? "publish to another target" : "another target") +
         ", or a model that yields its columns";
}

Status require_same(const PublishPlan& plan, const Columns& ours, const Columns& there,
                    const std::string& place, ColumnsMay may) {
  for (std::size_t i = 0; i < std::max(ours.size(), there.size()); ++i) {
    if (i < ours.size() && i < there.size() && is_same_column(ours[i], there[i])) continue;
    return Error(Fault::config, cannot(plan, place) + difference(ours, there, i))
        .hint(way_out(plan, ours, there, may));
  }
  return {};
}

/// Columns without which the strategy cannot meet the rows that are there.
std::vector<std::string> needed_columns(const PublishPlan& plan) {
  const StrategyOptions& options = plan.options;
  std::vector<std::string> names;
  const bool is_met_by_key = plan.strategy == Strategy::merge || plan.strategy == Strategy::scd2;
  if (is_met_by_key) names = options.key;
  names.insert(names.end(), options.by.begin(), options.by.end());
  if (!options.version.empty()) names.push_back(options.version);
  if (plan.strategy != Strategy::scd2) return names;
  names.insert(names.end(), {options.valid_from, options.valid_to, options.current});
  return names;
}

Status require_needed(const PublishPlan& plan, const Columns& there, const std::string& place) {
  for (const std::string& name : needed_columns(plan)) {
    if (find(there, name) != nullptr) continue;
    return Error(Fault::config, cannot(plan, place) + "it has no column `" + name + "`")
        .hint("the strategy works by this column: name another one, or another target");
  }
  return {};
}

}  // namespace

std::vector<data::Column> target_columns(const PublishPlan& plan) {
  Columns columns = plan.schema.columns;
  if (plan.strategy != Strategy::scd2) return columns;
  data::Type instant{data::TypeId::timestamp_tz, 0, 0, {}};
  if (const auto* version = find(columns, plan.options.version)) instant = version->type;
  columns.push_back({plan.options.valid_from, instant});
  columns.push_back({plan.options.valid_to, instant});
  columns.push_back({plan.options.current, data::Type{data::TypeId::boolean, 0, 0, {}}});
  return columns;
}

Result<MetColumns> meet_columns(const PublishPlan& plan, const Columns& there,
                                const std::string& place, ColumnsMay may) {
  const Columns ours = target_columns(plan);
  MetColumns met{ours, {}, plan.schema.names(), true};
  const auto& rule = plan.options.on_schema_change;
  if (there.empty() || (plan.strategy == Strategy::replace && !rule)) return met;
  if (!rule || *rule == OnSchemaChange::fail) {
    TRY(require_same(plan, ours, there, place, may));
    return met;
  }
  TRY(require_needed(plan, there, place));
  met.columns = there;
  met.written.clear();
  for (const data::Column& column : ours) {
    const data::Column* same = find(there, column.name);
    if (same != nullptr && same->type != column.type) {
      return Error(Fault::config, cannot(plan, place) + "its column " + same->name + " is " +
                                      data::sql_of(same->type) + ", that of the new rows is " +
                                      data::sql_of(column.type))
          .hint("cast it in the model");
    }
    if (same == nullptr && *rule == OnSchemaChange::ignore) continue;
    if (same == nullptr) {
      met.columns.push_back(column);
      met.added.push_back(column);
    }
    if (plan.schema.find(column.name)) met.written.push_back(column.name);
  }
  met.is_same = met.added.empty() && met.columns.size() == ours.size() &&
                std::equal(ours.begin(), ours.end(), met.columns.begin(), is_same_column);
  return met;
}

}  // namespace leat
