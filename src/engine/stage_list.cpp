#include "engine/stage_list.hpp"

#include <utility>

namespace leat::engine {

Result<StageList> StageList::make(duckdb_connection connection, const std::vector<Stage>& stages,
                                  const data::Schema& schema, FirstError& first_error) {
  StageList list;
  for (const auto& stage : stages) TRY(list.add(connection, stage, schema, first_error));
  return list;
}

void StageList::take_file(const StageTarget& target, Parts& parts) {
  parts.path = target.path.string();
  parts.format = target.format;
  for (const auto& [name, value] : target.options) {
    parts.names.push_back(name);
    parts.values.push_back(value);
  }
  for (const auto& name : parts.names) parts.name_pointers.push_back(name.c_str());
  for (const auto& value : parts.values) parts.value_pointers.push_back(value.c_str());
}

Status StageList::add(duckdb_connection connection, const Stage& stage, const data::Schema& schema,
                      FirstError& first_error) {
  auto parts = std::make_unique<Parts>();
  parts->travelling = schema;
  data::Schema casts;
  const auto& travels_as =
      std::visit([](const auto& either) -> const auto& { return either.travels_as; }, stage);
  for (const auto& [column, type] : travels_as) {
    if (column >= schema.size()) {
      return Error(Fault::internal, "a stage casts a column that is not there");
    }
    parts->cast_columns.push_back(column);
    parts->travelling.columns[column].type = type;
    casts.columns.push_back({schema.columns[column].name, type, true});
  }
  TRY(auto types, EngineTable::make(connection, "stage", casts));
  parts->cast_types = std::make_unique<EngineTable>(std::move(types));
  if (const auto* rows = std::get_if<RowStage>(&stage)) {
    parts->host.emplace(*rows->writer, parts->travelling, first_error);
    parts->taker = parts->host->as_c();
  } else {
    take_file(std::get<StageTarget>(stage), *parts);
  }
  x_stages.push_back({parts->host ? &parts->taker : nullptr, parts->path.c_str(),
                      parts->format.c_str(), parts->names.size(), parts->name_pointers.data(),
                      parts->value_pointers.data(), parts->cast_columns.size(),
                      parts->cast_columns.data(), parts->cast_types->types().data(), 0});
  x_parts.push_back(std::move(parts));
  return {};
}

}  // namespace leat::engine
