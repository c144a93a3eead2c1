#include "connectors/sqlite/row_json.hpp"

#include <cmath>
#include <nlohmann/json.hpp>
#include <string_view>

#include "kernels/render.hpp"

namespace leat::connectors::sqlite {
namespace {

using nlohmann::json;

std::string_view bytes_of(sqlite3_stmt* row, int column) {
  const void* bytes = sqlite3_column_blob(row, column);
  const auto size = std::size_t(sqlite3_column_bytes(row, column));
  return bytes == nullptr ? std::string_view()
                          : std::string_view(static_cast<const char*>(bytes), size);
}

json real(double value) {
  if (std::isinf(value)) return value > 0 ? "Infinity" : "-Infinity";
  return value;
}

json value_of(sqlite3_stmt* row, int column, const data::Type& type) {
  switch (sqlite3_column_type(row, column)) {
    case SQLITE_NULL: return nullptr;
    case SQLITE_INTEGER: {
      const auto value = sqlite3_column_int64(row, column);
      return type.id == data::TypeId::boolean ? json(value != 0) : json(value);
    }
    case SQLITE_FLOAT: return real(sqlite3_column_double(row, column));
    case SQLITE_BLOB: return kernels::render_blob(bytes_of(row, column));
    default: return std::string(bytes_of(row, column));
  }
}

}  // namespace

std::string row_json(sqlite3_stmt* row, const data::Schema& schema) {
  auto object = nlohmann::ordered_json::object();
  for (std::size_t i = 0; i < schema.size(); ++i) {
    const auto& column = schema.columns[i];
    object[column.name] = value_of(row, int(i), column.type);
  }
  return object.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace leat::connectors::sqlite
