#include "data/chunk_view.hpp"

namespace leat::data {

TypeId decimal_carrier(std::uint8_t width) {
  if (width <= 4) return TypeId::int16;
  if (width <= 9) return TypeId::int32;
  if (width <= 18) return TypeId::int64;
  return TypeId::int128;
}

ColumnView view_column(duckdb_vector vector, const Type& type) {
  ColumnView view;
  view.values = duckdb_vector_get_data(vector);
  view.validity = duckdb_vector_get_validity(vector);
  view.id = type.id;
  view.physical = type.id == TypeId::decimal ? decimal_carrier(type.width) : type.id;
  view.scale = type.scale;
  return view;
}

}  // namespace leat::data
