#include "clients/sql_target/strategies.hpp"

#include "base/names.hpp"
#include "clients/sql_target/difference.hpp"
#include "clients/sql_target/statements.hpp"

namespace leat::sql_target {
namespace {

using std::string;

Result<std::uint64_t> insert_all(const Statements& sql) {
  const string columns = Statements::list(sql.written());
  return sql.number("INSERT INTO " + sql.meeting().target + " (" + columns + ") SELECT " + columns +
                    " FROM " + sql.meeting().stage);
}

Result<RowChanges> append(const Statements& sql) {
  RowChanges changes;
  TRY(changes.inserted, insert_all(sql));
  return changes;
}

/// What becomes of the rows that `delete_insert` replaces; before they go.
Status weigh_part(const Statements& sql, const string& condition, Difference& difference) {
  if (!sql.plan().judge) return {};
  auto shifts = std::move(difference.shifts);
  TRY(difference,
      weigh(sql, "(SELECT * FROM " + sql.meeting().target + " AS t WHERE " + condition + ")",
            sql.written()));
  difference.shifts = std::move(shifts);
  return {};
}

/// Whose rows all go: those of the target in the interval. What comes must lie in it as well.
Result<string> within_interval(const Statements& sql, const IntervalRows& interval) {
  const auto within = [&](const string& table) {
    const string column = Statements::one(interval.column, table);
    return column + " >= " + quote_literal(interval.start) + " AND " + column + " < " +
           quote_literal(interval.end);
  };
  TRY(const std::uint64_t outside, sql.number("SELECT count(*) FROM " + sql.meeting().stage +
                                              " WHERE NOT COALESCE(" + within("") + ", FALSE)"));
  if (outside > 0) {
    return Error(Fault::data, std::to_string(outside) + (outside == 1 ? " row lies" : " rows lie") +
                                  " outside of the interval from " + interval.start + " to " +
                                  interval.end + " by `" + interval.column + "`")
        .hint("nothing was changed; read only rows of the interval: WHERE " + interval.column +
              " >= {{ interval.start }} AND " + interval.column + " < {{ interval.end }}");
  }
  return within("t");
}

/// Which rows of the target, `t`, are replaced: those with a value of `by` that is staged; a null
/// is a value like another.
Result<string> replaced_by(const Statements& sql) {
  if (sql.options().interval) return within_interval(sql, *sql.options().interval);
  const auto& by = sql.options().by;
  TRY(sql.execute(string("CREATE TEMPORARY TABLE ") + kMeeting + " AS SELECT DISTINCT " +
                  Statements::list(by) + " FROM " + sql.meeting().stage));
  return string("EXISTS (SELECT 1 FROM ") + kMeeting + " AS m WHERE " +
         Statements::equal(by, "m", "t", "IS NOT DISTINCT FROM") + ")";
}

/// A row that the target keeps would stand beside those that replace it.
Status require_gone(const Statements& sql, const string& met) {
  const auto& own_ways = sql.meeting().own_ways;
  const auto keepers = own_ways ? own_ways() : std::nullopt;
  if (!keepers) return {};
  TRY(const auto left,
      sql.number("SELECT count(*) FROM " + sql.meeting().target + " AS t WHERE " + met));
  return left == 0 ? Status() : kept_rows(left, *keepers);
}

Result<RowChanges> delete_insert(const Statements& sql, Difference& difference) {
  TRY(const string met, replaced_by(sql));
  TRY(weigh_part(sql, met, difference));
  RowChanges changes;
  TRY(changes.deleted, sql.number("DELETE FROM " + sql.meeting().target + " AS t WHERE " + met));
  TRY(require_gone(sql, met));
  TRY(changes.inserted, insert_all(sql));
  return changes;
}

Result<RowChanges> carry_out(const Statements& sql, Difference& difference) {
  switch (sql.plan().strategy) {
    case Strategy::replace:
    case Strategy::append: return append(sql);
    case Strategy::merge: return merge(sql);
    case Strategy::delete_insert: return delete_insert(sql, difference);
    case Strategy::scd2: return scd2(sql);
  }
  return Error(Fault::internal, "no such strategy");
}

/// Every staged row has become something.
Status close_books(const Statements& sql, const RowChanges& changes) {
  TRY(const std::uint64_t staged, sql.number("SELECT count(*) FROM " + sql.meeting().stage));
  std::uint64_t told = changes.inserted + changes.updated + changes.unchanged + changes.superseded;
  if (sql.plan().strategy == Strategy::merge) told += changes.deleted;
  if (told == staged) return {};
  return sql.lost(staged, told);
}

}  // namespace

Result<RowChanges> meet(const Meeting& meeting, const Query& query) {
  const Statements sql(meeting, query);
  TRY(sql.drop_tables());
  auto difference = meeting.replaced.value_or(Difference{});
  if (meeting.plan.judge && !meeting.replaced) TRY(look_before(sql, difference));
  TRY(const RowChanges changes, carry_out(sql, difference));
  TRY(close_books(sql, changes));
  if (meeting.plan.judge) TRY(judge(sql, changes, std::move(difference)));
  TRY(sql.drop_tables());
  return changes;
}

Result<std::uint64_t> make_room(const Meeting& meeting, const Query& query) {
  const Statements sql(meeting, query);
  TRY(sql.drop_tables());
  TRY(const string met, replaced_by(sql));
  TRY(sql.execute("DELETE FROM " + meeting.target + " AS t WHERE " + met));
  TRY(const auto left, sql.number("SELECT count(*) FROM " + meeting.target + " AS t WHERE " + met));
  TRY(sql.drop_tables());
  return left;
}

}  // namespace leat::sql_target
