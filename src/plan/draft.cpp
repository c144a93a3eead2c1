#include "plan/draft.hpp"

#include "base/names.hpp"

namespace leat::plan {

std::string DraftModel::select() const {
  if (select_list.empty()) return sql.text;
  return "SELECT " + select_list + " FROM (" + sql.text + "\n)";
}

const std::optional<data::Schema>* Draft::schema_of(std::string_view name) const {
  const auto wanted = to_lower(name);
  for (const auto& source : sources) {
    if (to_lower(source.node.name) == wanted) return &source.schema;
  }
  for (const auto& model : models) {
    if (to_lower(model.name) == wanted) return &model.schema;
  }
  return nullptr;
}

const std::optional<data::Schema>* Draft::judged_schema_of(std::string_view name) const {
  const auto wanted = to_lower(name);
  for (const auto& source : sources) {
    if (to_lower(source.node.name) == wanted) return &source.judged;
  }
  return schema_of(name);
}

std::string Draft::declared_name(std::string_view name) const {
  const auto wanted = to_lower(name);
  for (const auto& declared : names) {
    if (to_lower(declared) == wanted) return declared;
  }
  return {};
}

}  // namespace leat::plan
