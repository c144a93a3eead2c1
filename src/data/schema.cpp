#include "data/schema.hpp"

#include "base/names.hpp"

namespace leat::data {

namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c; }

/// From the end, where the names of wide tables differ: c1, c2, c3 …
bool is_same(std::string_view name, std::string_view wanted) {
  if (name.size() != wanted.size()) return false;
  for (std::size_t i = name.size(); i-- > 0;) {
    if (name[i] != wanted[i] && lower(name[i]) != wanted[i]) return false;
  }
  return true;
}

}  // namespace

std::optional<std::size_t> Schema::find(std::string_view name) const {
  const auto wanted = to_lower(name);
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (is_same(columns[i].name, wanted)) return i;
  }
  return std::nullopt;
}

std::vector<std::string> Schema::names() const {
  std::vector<std::string> out;
  for (const auto& column : columns) out.push_back(column.name);
  return out;
}

}  // namespace leat::data
