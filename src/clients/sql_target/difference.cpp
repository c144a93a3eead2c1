#include "clients/sql_target/difference.hpp"

#include <algorithm>

#include "base/names.hpp"

namespace leat::sql_target {
namespace {

using std::string;

string staged(const Statements& sql) { return "(SELECT * FROM " + sql.meeting().stage + ")"; }

bool is_named_in(const std::vector<string>& names, const string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

string text_of(const string& column) { return "CAST(" + column + " AS VARCHAR)"; }

/// A column as rows are grouped by it: with one name more where that takes two values.
struct Grouped {
  string name;
  string value;
};

std::vector<Grouped> grouped(const Statements& sql, const std::vector<string>& names) {
  const Loose& loose = sql.meeting().loose;
  std::vector<Grouped> values;
  for (const string& name : names) {
    const string column = quote_identifier(name);
    if (is_named_in(sql.meeting().as_text, name)) {
      values.push_back({column, text_of(column)});
    } else if (is_named_in(loose.images, name)) {
      values.push_back({column, text_of(column) + " COLLATE \"C\""});
    } else {
      values.push_back({column, column});
      const auto rest = loose.rests.find(name);
      if (rest == loose.rests.end()) continue;
      string own = "_leat_rest_" + std::to_string(values.size());
      while (is_named_in(names, own)) own += "_";
      values.push_back({own, rest_of(rest->second, column)});
    }
  }
  return values;
}

Result<bool> has_keys(const Statements& sql, const string& live,
                      const std::vector<string>& columns) {
  const auto& key = sql.options().key;
  if (key.empty() || !std::all_of(key.begin(), key.end(), [&](const string& name) {
        return is_named_in(columns, name) && !is_named_in(sql.meeting().as_text, name);
      })) {
    return false;
  }
  TRY(const bool in_stage, sql.is_each_key_once(staged(sql)));
  if (!in_stage) return false;
  return sql.is_each_key_once(live);
}

/// Staged rows that meet one of the same key, and those of them that are others: in one join.
Result<std::pair<std::uint64_t, std::uint64_t>> meet_keys(const Statements& sql, const string& live,
                                                          const std::vector<string>& columns) {
  std::vector<string> others;
  string differ;
  for (const string& name : columns) {
    if (is_named_in(sql.options().key, name)) continue;
    if (!is_named_in(sql.meeting().as_text, name)) {
      others.push_back(name);
      continue;
    }
    differ += text_of(Statements::one(name, "s")) + " IS DISTINCT FROM " +
              text_of(Statements::one(name, "t")) + " OR ";
  }
  TRY(const auto rows,
      sql.query("SELECT count(*), COALESCE(sum(CASE WHEN " + differ + sql.differ(others, "s", "t") +
                " THEN 1 ELSE 0 END), 0) FROM " + staged(sql) + " AS s JOIN " + live + " AS t ON " +
                Statements::equal(sql.options().key, "s", "t")));
  return std::pair(number_in(rows), number_in(rows, 1));
}

/// Rows that are the same on both sides, each as often as the rarer side has it.
Result<std::uint64_t> meet_whole(const Statements& sql, const string& live,
                                 const std::vector<string>& columns) {
  if (columns.empty()) return std::uint64_t{0};
  string list;
  string names;
  string group;
  for (const auto& [name, value] : grouped(sql, columns)) {
    list += value + " AS " + name + ", ";
    group += (names.empty() ? "" : ", ") + name;
    names += name + ", ";
  }
  return sql.number(
      "SELECT COALESCE(sum(CASE WHEN _leat_s < _leat_t THEN _leat_s ELSE _leat_t END), 0) FROM "
      "(SELECT " +
      names + "sum(_leat_in_s) AS _leat_s, sum(_leat_in_t) AS _leat_t FROM " + "(SELECT " + list +
      "1 AS _leat_in_s, 0 AS _leat_in_t FROM " + staged(sql) + " AS s UNION ALL SELECT " + list +
      "0, 1 FROM " + live + " AS t) AS sides GROUP BY " + group + ") AS met");
}

string current_rows(const Statements& sql) {
  if (sql.plan().strategy != Strategy::scd2) return "";
  return " WHERE " + Statements::one(sql.options().current, "");
}

/// Nulls and mean of each column, in one look.
Result<std::vector<ColumnShift::Side>> measure(const Statements& sql, const string& from,
                                               const std::vector<string>& columns) {
  string list;
  for (const string& name : columns) {
    const string column = quote_identifier(name);
    list += ", count(*) - count(" + column + "), CAST(avg(" + column + ") AS DOUBLE PRECISION)";
  }
  TRY(const auto rows,
      sql.query("SELECT count(*)" + list + " FROM " + from + " AS measured" + current_rows(sql)));
  std::vector<ColumnShift::Side> sides;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    ColumnShift::Side side{number_in(rows, 1 + 2 * i), {}};
    if (!rows.empty()) side.mean = rows[0][2 + 2 * i].value_or("");
    sides.push_back(std::move(side));
  }
  return sides;
}

}  // namespace

Result<Difference> weigh(const Statements& sql, const string& live,
                         const std::vector<string>& columns) {
  Difference difference;
  TRY(difference.before, sql.number("SELECT count(*) FROM " + live + " AS t"));
  TRY(const auto rows, sql.number("SELECT count(*) FROM " + staged(sql) + " AS s"));
  TRY(difference.is_by_key, has_keys(sql, live, columns));
  std::uint64_t met = 0;
  if (difference.is_by_key) {
    TRY(const auto keys, meet_keys(sql, live, columns));
    met = keys.first;
    difference.changed = keys.second;
  } else {
    TRY(met, meet_whole(sql, live, columns));
  }
  difference.added = rows - met;
  difference.removed = difference.before - met;
  return difference;
}

Status measure_before(const Statements& sql, const string& from, const std::vector<string>& columns,
                      Difference& difference) {
  if (!sql.plan().measures_columns) return {};
  std::vector<string> names;
  for (const auto& column : sql.plan().schema.columns) {
    if (column.type.is_numeric() && is_named_in(columns, column.name)) names.push_back(column.name);
  }
  TRY(auto sides, measure(sql, from, names));
  for (std::size_t i = 0; i < names.size(); ++i) {
    difference.shifts.push_back({names[i], std::move(sides[i]), {}});
  }
  return {};
}

Status measure_after(const Statements& sql, Difference& difference) {
  std::vector<string> names;
  for (const auto& shift : difference.shifts) names.push_back(shift.column);
  if (names.empty()) return {};
  TRY(auto sides, measure(sql, sql.meeting().target, names));
  for (std::size_t i = 0; i < names.size(); ++i) difference.shifts[i].after = std::move(sides[i]);
  return {};
}

Status look_before(const Statements& sql, Difference& difference) {
  TRY(difference.before,
      sql.number("SELECT count(*) FROM " + sql.meeting().target + " AS t" + current_rows(sql)));
  return measure_before(sql, sql.meeting().target, sql.written(), difference);
}

Status judge(const Statements& sql, const RowChanges& changes, Difference difference) {
  const auto strategy = sql.plan().strategy;
  if (strategy == Strategy::append || strategy == Strategy::merge || strategy == Strategy::scd2) {
    difference.added = changes.inserted;
    difference.changed = changes.updated;
    difference.removed = changes.deleted;
    difference.is_by_key = strategy != Strategy::append;
  }
  TRY(measure_after(sql, difference));
  return sql.plan().judge(difference);
}

Result<Difference> weigh_replaced(const Meeting& meeting, const std::string& live,
                                  const std::vector<std::string>& live_columns,
                                  const Query& query) {
  const Statements sql(meeting, query);
  std::vector<string> shared;
  for (const string& name : sql.written()) {
    if (is_named_in(live_columns, name)) shared.push_back(name);
  }
  TRY(auto difference, weigh(sql, live, shared));
  TRY(measure_before(sql, live, shared, difference));
  return difference;
}

}  // namespace leat::sql_target
