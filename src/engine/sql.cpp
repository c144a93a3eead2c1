#include "engine/sql.hpp"

#include <utility>

#include "engine/engine_fault.hpp"
#include "engine/engine_table.hpp"
#include "engine/open_session.hpp"
#include "engine/sql_complaint.hpp"

namespace leat::engine {
namespace {

SqlComplaint complaint_of(const std::string& message) {
  SqlComplaint complaint;
  complaint.message = message;
  return complaint;
}

using ShapeOutcome = SqlOutcome<SelectShape>;

void take_table(void* self, const char* name, std::size_t offset) {
  static_cast<ShapeOutcome*>(self)->value.tables.push_back({name, offset});
}

void take_complaint(void* self, const char* message, std::int64_t offset) {
  static_cast<ShapeOutcome*>(self)->complaints.push_back(explain_sql(message, offset, "", {}));
}

}  // namespace

SqlOutcome<SelectShape> parse_select(const std::string& sql) {
  ShapeOutcome outcome;
  const leat_select_listener listener{&outcome, take_table, take_complaint};
  outcome.value.row_wise = leat_parse_select(sql.c_str(), &listener);
  return outcome;
}

SqlOutcome<data::Schema> bind_select(Session& session, const std::string& select,
                                     const std::vector<NamedSchema>& tables) {
  SqlOutcome<data::Schema> outcome;
  auto* const connection = OpenSession::of(session).connection();
  std::vector<EngineTable> engine_tables;
  std::vector<leat_table> views;
  engine_tables.reserve(tables.size());
  for (const auto& table : tables) {
    auto made = EngineTable::make(connection, table.name, table.schema);
    if (!made.ok()) {
      outcome.complaints.push_back(complaint_of(table.name + ": " + made.error().text()));
      return outcome;
    }
    engine_tables.push_back(std::move(made).value());
    views.push_back(engine_tables.back().view());
  }
  const leat_table none{};
  EngineFault fault;
  if (!leat_bind_select(connection, select.c_str(), views.empty() ? &none : views.data(),
                        views.size(), append_column, &outcome.value, fault.get())) {
    std::vector<std::string> columns;
    for (const auto& table : tables) {
      for (const auto& column : table.schema.columns) columns.push_back(column.name);
    }
    outcome.complaints.push_back(explain_sql(fault.message(), fault.offset(), select, columns));
  }
  return outcome;
}

SqlOutcome<bool> bind_row_test(Session& session, const std::string& expression,
                               const data::Schema& schema) {
  SqlOutcome<bool> outcome;
  auto* const connection = OpenSession::of(session).connection();
  auto table = EngineTable::make(connection, "dataset", schema);
  if (!table.ok()) {
    outcome.complaints.push_back(complaint_of(table.error().text()));
    return outcome;
  }
  const auto view = table->view();
  EngineFault fault;
  leat_test* test = nullptr;
  outcome.value = leat_test_bind(connection, expression.c_str(), &view, &test, fault.get());
  if (outcome.value) leat_test_free(test);
  if (!outcome.value) {
    outcome.complaints.push_back(
        explain_sql(fault.message(), fault.offset(), expression, schema.names()));
  }
  return outcome;
}

}  // namespace leat::engine
