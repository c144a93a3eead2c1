#include "run/failing_rows.hpp"

#include <algorithm>
#include <variant>

#include "base/names.hpp"

namespace leat::run {

std::uint64_t failing_that_stay(const Check& check, const DatasetOutcome& outcome) {
  if (takes_out(check.on_fail) || std::holds_alternative<SetTest>(check.test)) return 0;
  const auto found = std::find_if(outcome.checks.begin(), outcome.checks.end(),
                                  [&](const auto& o) { return o.id == check.id; });
  return found == outcome.checks.end() ? 0 : found->rows_failed;
}

bool names_any(const Check& check, const std::vector<std::string>& columns) {
  const auto sql = to_lower(check.where_sql + failing_rows(check));
  return std::any_of(columns.begin(), columns.end(), [&](const std::string& column) {
    return sql.find(to_lower(column)) != std::string::npos;
  });
}

std::string failing_rows(const Check& check) {
  const auto where =
      check.where_sql.empty() ? "true" : "coalesce((" + check.where_sql + "\n), false)";
  if (const auto* row = std::get_if<RowTest>(&check.test)) {
    // A condition that cannot be answered for a row is not met, as in the pass.
    return "coalesce(TRY(" + where + " AND NOT coalesce((" + row->sql + "\n), true)), true)";
  }
  const auto* key = std::get_if<KeyTest>(&check.test);
  if (key == nullptr) return "";
  std::string columns;
  std::string present;
  for (const auto& column : key->columns) {
    columns += (columns.empty() ? "" : ", ") + quote_identifier(column);
    present += " AND " + quote_identifier(column) + " IS NOT NULL";
  }
  const auto judged = where + present;
  return "(" + judged + " AND row_number() OVER (PARTITION BY " + columns + ", " + judged +
         ") > 1)";
}

}  // namespace leat::run
