#include "connectors/postgres/publication.hpp"
#include "connectors/postgres/table_rules.hpp"
#include "connectors/postgres/upsert.hpp"

namespace leat::connectors::postgres {

/// The table as it was looked at, with nobody else writing to it.
Status Publication::prepare_meeting() {
  if (x_there.is_there && strategy() != Strategy::append) {
    TRY(x_server.execute("LOCK TABLE " + x_table.sql() + " IN " + kBusy + " MODE"));
  }
  TRY(const auto now, look_at(x_server, x_table));
  if (now.is_there == x_there.is_there && now.columns == x_there.columns) return {};
  return Error(Fault::external, x_place + " was altered since this run began")
      .busy()
      .hint("nothing was published; run again");
}

/// Columns that the server cannot compare, or that have another type now, are compared as text.
std::vector<std::string> Publication::compared_as_text() const {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < x_fit.plan.schema.size(); ++i) {
    const auto& name = x_fit.plan.schema.columns[i].name;
    const auto* there = x_there.column(name);
    const bool is_other = there != nullptr && there->type.sql != x_fit.types[i].sql;
    if (is_other || is_incomparable(x_fit.types[i])) names.push_back(name);
  }
  return names;
}

sql_target::Loose Publication::loose() const {
  sql_target::Loose loose;
  for (std::size_t i = 0; i < x_fit.plan.schema.size(); ++i) {
    const auto& name = x_fit.plan.schema.columns[i].name;
    const auto* there = x_there.column(name);
    auto told = apart(x_fit.types[i]);
    if (told.by_image || (there != nullptr && there->has_loose_order)) {
      loose.images.push_back(name);
    } else if (!told.rest.empty()) {
      loose.rests.emplace(name, std::move(told.rest));
    }
  }
  return loose;
}

sql_target::Meeting Publication::meeting_of(const Receipt& receipt) const {
  sql_target::Meeting meeting{x_fit.plan, x_fit.met, x_table.sql(), {}, {}};
  meeting.stage = "(SELECT " + names_of_columns() + " FROM pg_temp." + kStaging + ") AS staged";
  meeting.now = now_literal(receipt);
  meeting.loose = loose();
  if (x_plan.judge) meeting.as_text = compared_as_text();
  return meeting;
}

Result<RowChanges> Publication::meet_rows(const Receipt& receipt) {
  const auto query = [this](const std::string& sql) { return x_server.query(sql); };
  auto meeting = meeting_of(receipt);
  meeting.own_ways = [this]() -> std::optional<std::string> {
    const auto keepers = find_keepers(x_server, x_table);
    if (!keepers.ok() || keepers->empty()) return std::nullopt;
    return without(*keepers);
  };
  if (x_plan.judge && x_there.is_there && strategy() == Strategy::replace) {
    std::vector<std::string> names;
    for (const auto& column : x_there.columns) names.push_back(column.name);
    TRY(meeting.replaced, sql_target::weigh_replaced(meeting, x_table.sql(), names, query));
  }
  if (x_is_remade) TRY(x_server.execute("DROP TABLE " + x_table.sql()));
  if (!x_there.is_there || x_is_remade) {
    TRY(make_target(x_table.table));
  } else {
    for (const auto& column : x_fit.met.added) {
      TRY(x_server.execute("ALTER TABLE " + x_table.sql() + " ADD COLUMN " + declare({column})));
    }
    if (strategy() == Strategy::replace) TRY(empty_target());
    if (strategy() == Strategy::merge && !x_plan.judge) {
      TRY(const bool upserts, upserts_alike(x_server, x_table, x_there, x_fit));
      if (upserts) meeting.is_new_row = "xmax = 0";
    }
  }
  return sql_target::meet(meeting, query);
}

/// scd2: the time of the commit, as the type of `valid_from`.
std::string Publication::now_literal(const Receipt& receipt) const {
  if (strategy() != Strategy::scd2) return "NULL";
  const data::Schema target{x_fit.met.columns};
  const auto from = target.find(x_fit.plan.options.valid_from);
  return "CAST(CAST(" + quote_literal(format_instant(receipt.committed_at)) +
         " AS timestamp with time zone) AS " + type_for(target.columns[*from].type).sql + ")";
}

}  // namespace leat::connectors::postgres
