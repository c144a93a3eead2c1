#include "connectors/files/engine_format.hpp"

#include <charconv>

#include "base/names.hpp"
#include "clients/sql_target/strategies.hpp"

namespace leat::connectors::files {
namespace {

using file_target::Meeting;

constexpr const char* kTarget = "_leat_target";

std::string cast_of(const data::Column& column) {
  return "CAST(" + quote_identifier(column.name) + " AS " + data::sql_of(column.type) + ")";
}

/// "CAST("a" AS BIGINT) AS "a", …"
std::string cast_list(const std::vector<data::Column>& columns) {
  std::string list;
  for (const data::Column& column : columns) {
    list += (list.empty() ? "" : ", ") + cast_of(column) + " AS " + quote_identifier(column.name);
  }
  return list;
}

std::string definition(const std::vector<data::Column>& columns) {
  std::string list;
  for (const data::Column& column : columns) {
    list += (list.empty() ? "" : ", ") + quote_identifier(column.name) + " " +
            data::sql_of(column.type);
  }
  return list;
}

std::string names(const std::vector<data::Column>& columns) {
  std::string list;
  for (const data::Column& column : columns) {
    list += (list.empty() ? "" : ", ") + quote_identifier(column.name);
  }
  return list;
}

/// Columns that both sides have; those of another type are compared as text.
std::vector<std::string> shared_names(const Meeting& meeting, sql_target::Meeting& rows) {
  std::vector<std::string> shared;
  for (const data::Column& column : meeting.live_columns) {
    const auto index = meeting.plan.schema.find(column.name);
    if (!index) continue;
    const data::Column& ours = meeting.plan.schema.columns[*index];
    shared.push_back(ours.name);
    if (ours.type != column.type) rows.as_text.push_back(ours.name);
  }
  return shared;
}

Error lost(std::uint64_t wanted, std::uint64_t found) {
  return Error(Fault::internal, "rows were lost or doubled while a file was rewritten")
      .with("wanted", std::to_string(wanted))
      .with("found", std::to_string(found));
}

/// scd2: the time of the commit, as the type of `valid_from`.
std::string now_literal(const Meeting& meeting) {
  if (meeting.plan.strategy != Strategy::scd2) return "NULL";
  const data::Schema target{meeting.columns.columns};
  const auto from = target.find(meeting.plan.options.valid_from);
  return "CAST(" + quote_literal(format_instant(meeting.now)) + "::TIMESTAMPTZ AS " +
         data::sql_of(target.columns[*from].type) + ")";
}

}  // namespace

std::string EngineFormat::written(const data::Column& column) const { return cast_of(column); }

Result<std::uint64_t> EngineFormat::count(const std::string& from) const {
  TRY(const auto table, x_session.query("SELECT count(*) FROM " + from));
  std::uint64_t rows = 0;
  const std::string text = table.rows.empty() ? "" : table.rows[0][0].value_or("");
  std::from_chars(text.data(), text.data() + text.size(), rows);
  return rows;
}

/// What is there, every row of it, in the columns that are to be.
Status EngineFormat::load_live(const Meeting& meeting) const {
  TRY(x_session.execute(std::string("CREATE OR REPLACE TEMPORARY TABLE ") + kTarget + " (" +
                        definition(meeting.columns.columns) + ")"));
  if (!meeting.live) return {};
  TRY(x_session.execute(std::string("INSERT INTO ") + kTarget + " (" + names(meeting.live_columns) +
                        ") SELECT " + cast_list(meeting.live_columns) + " FROM " +
                        scan(*meeting.live, meeting.live_columns)));
  TRY(const auto wanted, count_rows(*meeting.live));
  TRY(const auto found, count(kTarget));
  if (wanted != found) return lost(wanted, found);
  return {};
}

Status EngineFormat::write_whole(const Meeting& meeting) const {
  const StageTarget whole = engine_stage(meeting.whole, data::Schema{meeting.columns.columns});
  auto travels = meeting.columns.columns;
  for (const auto& [index, type] : whole.travels_as) travels[index].type = type;
  std::string list;
  for (const data::Column& column : travels) {
    list += (list.empty() ? "" : ", ") + written(column) + " AS " + quote_identifier(column.name);
  }
  std::string copy = "COPY (SELECT " + list + " FROM " + kTarget + ") TO " +
                     quote_literal(whole.path.string()) + " (FORMAT " + whole.format +
                     ", USE_TMP_FILE false";
  for (const auto& [name, value] : whole.options) copy += ", " + name + " " + value;
  TRY(x_session.execute(copy + ")"));
  TRY(const auto wanted, count(kTarget));
  TRY(const auto found, count_rows(meeting.whole));
  if (wanted != found) return lost(wanted, found);
  return {};
}

Result<RowChanges> EngineFormat::meet(const Meeting& meeting) const {
  TRY(load_live(meeting));
  const auto& staged = meeting.plan.schema.columns;
  const sql_target::Query query =
      [this](const std::string& sql) -> Result<std::vector<sql_target::Row>> {
    TRY(auto table, x_session.query(sql));
    return std::move(table.rows);
  };
  sql_target::Meeting rows{meeting.plan, meeting.columns, kTarget, {}, now_literal(meeting)};
  rows.stage =
      "(SELECT " + cast_list(staged) + " FROM " + scan(meeting.stage, staged) + ") AS staged";
  if (meeting.replaced && meeting.plan.judge) {
    const std::string live = "(SELECT " + cast_list(meeting.live_columns) + " FROM " +
                             scan(*meeting.replaced, meeting.live_columns) + ")";
    TRY(rows.replaced, sql_target::weigh_replaced(rows, live, shared_names(meeting, rows), query));
  }
  TRY(const RowChanges changes, sql_target::meet(rows, query));
  TRY(write_whole(meeting));
  TRY(x_session.execute(std::string("DROP TABLE ") + kTarget));
  return changes;
}

}  // namespace leat::connectors::files
