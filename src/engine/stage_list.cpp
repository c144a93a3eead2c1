#include "engine/stage_list.hpp"

#include <utility>

namespace leat::engine {

Result<StageList> StageList::make(duckdb_connection connection,
                                  const std::vector<StageTarget>& targets,
                                  const data::Schema& schema) {
  StageList list;
  for (const auto& target : targets) {
    auto texts = std::make_unique<Texts>();
    texts->path = target.path.string();
    texts->format = target.format;
    for (const auto& [name, value] : target.options) {
      texts->names.push_back(name);
      texts->values.push_back(value);
    }
    for (const auto& name : texts->names) texts->name_pointers.push_back(name.c_str());
    for (const auto& value : texts->values) texts->value_pointers.push_back(value.c_str());
    data::Schema casts;
    for (const auto& [column, type] : target.travels_as) {
      if (column >= schema.size()) {
        return Error(Fault::internal, "a stage casts a column that is not there");
      }
      texts->cast_columns.push_back(column);
      casts.columns.push_back({schema.columns[column].name, type, true});
    }
    TRY(auto types, EngineTable::make(connection, "stage", casts));
    texts->cast_types = std::make_unique<EngineTable>(std::move(types));
    list.x_stages.push_back({texts->path.c_str(), texts->format.c_str(), texts->names.size(),
                             texts->name_pointers.data(), texts->value_pointers.data(),
                             texts->cast_columns.size(), texts->cast_columns.data(),
                             texts->cast_types->types().data(), 0});
    list.x_texts.push_back(std::move(texts));
  }
  return list;
}

}  // namespace leat::engine
