#include "connectors/files/guessed_columns.hpp"

#include <cstring>

#include "base/names.hpp"
#include "clients/text_values/arena.hpp"

namespace leat::connectors::files {

GuessedColumns::Column& GuessedColumns::of(const std::string& name) {
  const auto [found, is_new] = x_columns.try_emplace(name);
  if (is_new) {
    x_names.push_back(name);
    x_name_bytes += name.size();
  }
  return found->second;
}

void GuessedColumns::guess() {
  for (auto& [name, column] : x_columns) {
    text_values::Arena arena;
    std::vector<text_values::Cell> cells;
    for (const auto& text : column.texts) {
      char* copy = arena.take(text.size());
      std::memcpy(copy, text.data(), text.size());
      cells.push_back(
          {copy, static_cast<std::uint32_t>(text.size()), text_values::Cell::Kind::plain});
    }
    column.guess.try_values(cells, {});
    column.texts.clear();
  }
}

Result<data::Schema> GuessedColumns::schema() const {
  data::Schema schema;
  std::map<std::string, std::string> by_lower;
  for (const auto& name : x_names) {
    const auto [other, is_new] = by_lower.emplace(to_lower(name), name);
    if (!is_new) {
      return Error(Fault::config,
                   "`" + other->second + "` and `" + name + "` differ only in letter case")
          .hint("declare the columns that are wanted: columns: {name: type}");
    }
    const Column& column = x_columns.at(name);
    const data::Type json{data::TypeId::json, 0, 0, {}};
    schema.columns.push_back({name, column.is_list ? json : column.guess.result(), true});
  }
  return schema;
}

}  // namespace leat::connectors::files
