#include "engine/proofs.hpp"

#include <algorithm>

#include "base/names.hpp"
#include "engine/session.hpp"
#include "kernels/row_kernel.hpp"

namespace leat::engine {
namespace {

constexpr const char* kNotNull = "not_null";

/// The row test of a check that facts may prove; null when they cannot.
const RowTest* provable(const Check& check, const data::Schema& schema) {
  const auto* test = std::get_if<RowTest>(&check.test);
  if (test == nullptr || !check.where_sql.empty() || !schema.find(test->column)) return nullptr;
  return test->kernel == kNotNull || kernels::passes_between(test->kernel) ? test : nullptr;
}

/// Is there a value among these few that fails?
std::string passes_sql(const RowTest& test, const data::Column& column,
                       const std::vector<std::string>& bounds) {
  auto values = bounds;
  if (column.type.is_floating()) values.emplace_back("'nan'");
  std::string rows;
  for (const auto& value : values) {
    rows += (rows.empty() ? "" : " UNION ALL ") + ("SELECT CAST(" + value) + " AS " +
            data::sql_of(column.type) + ") AS " + quote_identifier(column.name);
  }
  return "NOT EXISTS (SELECT 1 FROM (" + rows + ") WHERE NOT coalesce((" + test.sql + "\n), true))";
}

/// Asks about the values that are open; the rest is known from the facts alone.
class Prover {
 public:
  Prover(const data::Schema& schema, const std::vector<Check>& checks)
      : x_schema(schema), x_checks(checks), x_proved(checks.size(), false) {}

  Result<std::vector<bool>> prove(Session& session, const TellFacts& tell) {
    for (const auto& check : x_checks) {
      const auto* test = provable(check, x_schema);
      if (test == nullptr) continue;
      const auto& column = x_schema.columns[*x_schema.find(test->column)].name;
      if (std::find(x_columns.begin(), x_columns.end(), column) == x_columns.end()) {
        x_columns.push_back(column);
      }
    }
    if (x_columns.empty()) return x_proved;
    TRY(const auto facts, tell(x_columns));
    if (facts.size() != x_columns.size()) return x_proved;
    for (std::size_t i = 0; i < x_checks.size(); ++i) prove_one(i, facts);
    if (x_open.empty()) return x_proved;
    TRY(const auto answers, session.query("SELECT " + x_questions));
    for (std::size_t i = 0; i < x_open.size(); ++i) {
      x_proved[x_open[i]] = answers.rows.at(0).at(i) == "true";
    }
    return x_proved;
  }

 private:
  void prove_one(std::size_t index, const std::vector<ColumnFacts>& facts) {
    const auto* test = provable(x_checks[index], x_schema);
    if (test == nullptr) return;
    const auto& column = x_schema.columns[*x_schema.find(test->column)];
    const auto at = std::find(x_columns.begin(), x_columns.end(), column.name) - x_columns.begin();
    const auto& fact = facts[std::size_t(at)];
    if (test->kernel == kNotNull) {
      x_proved[index] = !fact.has_nulls;
    } else if (fact.bounds && fact.bounds->empty()) {
      x_proved[index] = true;
    } else if (fact.bounds) {
      x_open.push_back(index);
      x_questions += (x_questions.empty() ? "" : ", ") + passes_sql(*test, column, *fact.bounds);
    }
  }

  const data::Schema& x_schema;
  const std::vector<Check>& x_checks;
  std::vector<bool> x_proved;
  std::vector<std::string> x_columns;
  std::vector<std::size_t> x_open;
  std::string x_questions;
};

}  // namespace

Result<std::vector<bool>> proved_checks(Session& session, const data::Schema& schema,
                                        const std::vector<Check>& checks, const TellFacts& facts) {
  return Prover(schema, checks).prove(session, facts);
}

}  // namespace leat::engine
