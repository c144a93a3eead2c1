#include "data/schema.hpp"

#include "base/names.hpp"

namespace leat::data {

std::optional<std::size_t> Schema::find(std::string_view name) const {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (is_same_name(columns[i].name, name)) return i;
  }
  return std::nullopt;
}

std::vector<std::string> Schema::names() const {
  std::vector<std::string> out;
  for (const auto& column : columns) out.push_back(column.name);
  return out;
}

}  // namespace leat::data
