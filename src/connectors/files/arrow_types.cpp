#include "connectors/files/arrow_types.hpp"

#include <utility>

#include "data/owned_type.hpp"
#include "engine/engine_table.hpp"

namespace leat::connectors::files {
namespace {

using arrow_ipc::Field;
using arrow_ipc::Layout;

data::OwnedType engine_type(const Field& field);

data::OwnedType struct_of(const std::vector<Field>& children) {
  std::vector<data::OwnedType> owned;
  std::vector<duckdb_logical_type> types;
  std::vector<const char*> names;
  for (const auto& child : children) {
    owned.push_back(engine_type(child));
    types.push_back(owned.back().get());
    names.push_back(child.name.c_str());
  }
  return data::OwnedType(duckdb_create_struct_type(types.data(), names.data(), types.size()));
}

data::OwnedType engine_type(const Field& field) {
  if (!field.is_nested()) return data::OwnedType(data::type_to_engine(field.type));
  if (field.layout == Layout::structure) return struct_of(field.children);
  const auto& child = field.children[0];
  if (field.is_map) {
    const auto key = engine_type(child.children[0]);
    const auto value = engine_type(child.children[1]);
    return data::OwnedType(duckdb_create_map_type(key.get(), value.get()));
  }
  const auto item = engine_type(child);
  return data::OwnedType(field.is_array ? duckdb_create_array_type(item.get(), field.items)
                                        : duckdb_create_list_type(item.get()));
}

}  // namespace

Result<data::Schema> columns_of(const std::vector<Field>& fields) {
  data::Schema schema;
  for (const auto& field : fields) {
    auto type = field.type;
    if (field.is_nested()) {
      TRY(type, engine::type_of(engine_type(field).get()));
    }
    schema.columns.push_back({field.name, std::move(type), true});
  }
  return schema;
}

}  // namespace leat::connectors::files
