#include "core/compare_check.hpp"

#include "base/names.hpp"

namespace leat {

Compared compare(const std::string& where, const std::vector<std::string>& needed,
                 const std::vector<std::string>& partition_by) {
  Compared compared;
  if (!where.empty()) compared.judged = "coalesce(TRY((" + where + "\n)), false)";
  for (const auto& name : needed) {
    compared.judged += (compared.judged.empty() ? "" : " AND ") + name + " IS NOT NULL";
  }
  if (compared.judged.empty()) compared.judged = "true";
  compared.partition = "PARTITION BY (" + compared.judged + ")";
  for (const auto& name : partition_by) compared.partition += ", " + name;
  return compared;
}

std::string verdict_sql(const Compared& compared, const std::string& verdict) {
  return "CASE WHEN " + compared.judged + " THEN " + verdict + " END";
}

Check make_compare_check(const std::string& kind, const std::vector<std::string>& columns,
                         const CheckOptions& options, const Compared& compared,
                         const std::string& verdict, CheckClass check_class) {
  auto check = make_check(kind, join_names(columns, ", "), options);
  CompareTest test;
  test.check_class = check_class;
  test.columns = columns;
  test.sql = verdict_sql(compared, verdict);
  check.test = std::move(test);
  return check;
}

std::vector<std::string> quoted_names(const std::vector<std::string>& names) {
  std::vector<std::string> quoted;
  for (const auto& name : names) quoted.push_back(quote_identifier(name));
  return quoted;
}

std::string key_sql(const std::vector<std::string>& quoted) {
  return quoted.size() == 1 ? quoted.front() : "(" + join_names(quoted, ", ") + ")";
}

std::string among_sql(const std::vector<std::string>& key, const std::vector<std::string>& theirs) {
  std::string sql;
  for (const auto& part : key) sql += part + " IS NOT NULL AND ";
  sql +=
      key_sql(key) + " IN (SELECT " + join_names(theirs, ", ") + " FROM " + std::string(kOtherRows);
  for (std::size_t i = 0; i < theirs.size(); ++i) {
    sql += (i == 0 ? " WHERE " : " AND ") + theirs[i] + " IS NOT NULL";
  }
  return "(" + sql + "))";
}

bool meet_inexactly(const data::Type& a, const data::Type& b) {
  return (a.is_whole() && b.is_floating()) || (a.is_floating() && b.is_whole());
}

std::string as_whole_sql(const std::string& floating, const data::Type& whole) {
  const auto cast = "TRY_CAST(" + floating + " AS " + data::sql_of(whole) + ")";
  return "CASE WHEN CAST(" + cast + " AS DOUBLE) = CAST(" + floating + " AS DOUBLE) THEN " + cast +
         " END";
}

std::optional<std::string> ordering_column(const ColumnName& name, const data::Schema& schema,
                                           config::Findings& findings) {
  const auto found = find_columns({name}, schema, findings);
  if (found.size() != 1) return std::nullopt;
  const auto& column = schema.columns[found.front()];
  if (column.type.id != data::TypeId::other) return quote_identifier(column.name);
  findings.add(name.place,
               "`" + column.name + "` is " + data::sql_of(column.type) + ", which has no order", "",
               name.length);
  return std::nullopt;
}

std::vector<std::string> ordering_columns(const std::vector<ColumnName>& names,
                                          const data::Schema& schema, config::Findings& findings) {
  std::vector<std::string> quoted;
  for (const auto& name : names) {
    if (auto column = ordering_column(name, schema, findings)) quoted.push_back(std::move(*column));
  }
  return quoted;
}

}  // namespace leat
