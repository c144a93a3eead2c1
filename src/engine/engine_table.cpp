#include "engine/engine_table.hpp"

#include <utility>

#include "engine/engine_fault.hpp"
#include "engine/open_session.hpp"

namespace leat::engine {

Result<EngineTable> EngineTable::make(duckdb_connection connection, std::string name,
                                      const data::Schema& schema) {
  EngineTable table;
  table.x_name = std::move(name);
  table.x_names = schema.names();
  for (const auto& column : table.x_names) table.x_name_pointers.push_back(column.c_str());
  for (const auto& column : schema.columns) {
    auto* type = data::type_to_engine(column.type);
    if (type == nullptr) {
      EngineFault fault;
      const auto sql = data::sql_of(column.type);
      if (!leat_type_parse(connection, sql.c_str(), &type, fault.get())) {
        return fault.to_error().with("column", column.name).with("type", sql);
      }
    }
    table.x_types.push_back(type);
  }
  return table;
}

Result<EngineTable> EngineTable::make(Session& session, std::string name,
                                      const data::Schema& schema) {
  return make(OpenSession::of(session).connection(), std::move(name), schema);
}

EngineTable::~EngineTable() {
  for (auto& type : x_types) duckdb_destroy_logical_type(&type);
}

leat_table EngineTable::view() const {
  return {x_name.c_str(), x_types.size(), x_name_pointers.data(), x_types.data()};
}

Result<data::Type> type_of(duckdb_logical_type type) {
  auto found = data::type_from_engine(type);
  if (found.id != data::TypeId::other) return found;
  EngineFault fault;
  const auto take = [](void* self, const char* text, std::size_t size) {
    static_cast<data::Type*>(self)->sql_name.assign(text, size);
  };
  if (!leat_type_print(type, take, &found, fault.get())) return fault.to_error();
  return found;
}

void append_column(void* self, const char* name, duckdb_logical_type type, const char* type_sql) {
  auto column = data::type_from_engine(type);
  if (column.id == data::TypeId::other) column.sql_name = type_sql;
  static_cast<data::Schema*>(self)->columns.push_back({name, std::move(column), true});
}

}  // namespace leat::engine
