#include "connectors/sqlite/strategy_values.hpp"

#include "base/names.hpp"
#include "connectors/sqlite/column_types.hpp"
#include "connectors/sqlite/stage_file.hpp"
#include "core/meet_columns.hpp"

namespace leat::connectors::sqlite {
namespace {

bool is_number_as_text(const data::Type& type) {
  return type.is_numeric() && declared_of(type).find("TEXT") != std::string::npos;
}

}  // namespace

std::vector<data::Column> as_ours(const std::vector<TableColumn>& there, const PublishPlan& plan) {
  const data::Schema ours{target_columns(plan)};
  std::vector<data::Column> columns;
  for (const auto& column : there) {
    const auto found = ours.find(column.name);
    data::Type type{data::TypeId::other, 0, 0,
                    column.declared.empty() ? "without a type" : column.declared};
    if (found && holds(column, ours.columns[*found])) type = ours.columns[*found].type;
    columns.push_back({column.name, type, true});
  }
  return columns;
}

std::string staged_value(std::size_t index, const data::Type& type) {
  const auto column = stage_column(index);
  const bool waits_as_text = type.is_numeric() && stage_type(type) && !is_number_as_text(type);
  return waits_as_text ? "CAST(" + column + " AS NUMERIC)" : column;
}

std::string staged_rows(const data::Schema& schema, const std::string& where,
                        const std::string& beside) {
  std::string columns = beside;
  for (std::size_t i = 0; i < schema.size(); ++i) {
    const auto& column = schema.columns[i];
    columns +=
        (i > 0 ? ", " : "") + staged_value(i, column.type) + " AS " + quote_identifier(column.name);
  }
  return "(SELECT " + columns + " FROM " + kStageSchema + "." + kStageTable +
         (where.empty() ? "" : " WHERE " + where) + ") AS staged";
}

std::string now_sql(const data::Type& type) {
  if (type.id == data::TypeId::date) return "date('now')";
  const std::string now = "strftime('%Y-%m-%d %H:%M:%f', 'now')";
  return type.id == data::TypeId::timestamp_tz ? now + " || '+00'" : now;
}

std::string text_of(Instant instant, const data::Type& type) {
  auto text = format_instant(instant);  // "2026-01-31T06:00:00.500000Z"
  text.pop_back();
  text[text.find('T')] = ' ';
  if (text.find('.') != std::string::npos) {
    text.erase(text.find_last_not_of('0') + 1);
    if (text.ends_with('.')) text.pop_back();
  }
  if (type.id == data::TypeId::date) return text.substr(0, text.find(' '));
  return type.id == data::TypeId::timestamp_tz ? text + "+00" : text;
}

Status require_order(const PublishPlan& plan) {
  const auto gone = to_lower(plan.options.delete_when);
  for (const auto& column : plan.schema.columns) {
    if (!is_number_as_text(column.type)) continue;
    const bool is_version = is_same_name(plan.options.version, column.name);
    if (!is_version && gone.find(to_lower(column.name)) == std::string::npos) continue;
    return Error(Fault::config, "column `" + column.name + "` of type " +
                                    data::sql_of(column.type) +
                                    " is kept as text in SQLite, where it has no order")
        .hint("cast it in the model to bigint, double or a decimal of at most 15 digits");
  }
  return {};
}

}  // namespace leat::connectors::sqlite
