#include "connectors/files/row_json.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

#include "data/chunk_view.hpp"
#include "data/owned_type.hpp"
#include "kernels/render.hpp"

namespace leat::connectors::files {
namespace {

using data::ColumnView;
using data::TypeId;
using nlohmann::ordered_json;

template <typename T>
kernels::UInt128 carrier(const ColumnView& view, std::uint64_t row) {
  return static_cast<kernels::UInt128>(
      static_cast<kernels::Int128>(kernels::value_at<T>(view.values, row)));
}

/// The bits of a value that an integer carries, however wide.
kernels::UInt128 carrier_of(const ColumnView& view, std::uint64_t row) {
  switch (view.physical) {
    case TypeId::boolean:
    case TypeId::uint8: return carrier<std::uint8_t>(view, row);
    case TypeId::int8: return carrier<std::int8_t>(view, row);
    case TypeId::int16: return carrier<std::int16_t>(view, row);
    case TypeId::uint16: return carrier<std::uint16_t>(view, row);
    case TypeId::date:
    case TypeId::int32: return carrier<std::int32_t>(view, row);
    case TypeId::uint32: return carrier<std::uint32_t>(view, row);
    case TypeId::uint64: return carrier<std::uint64_t>(view, row);
    case TypeId::int128:
    case TypeId::uint128:
    case TypeId::uuid: return kernels::value_at<kernels::UInt128>(view.values, row);
    default: return carrier<std::int64_t>(view, row);
  }
}

ordered_json floating(double value, const data::Type& type) {
  if (std::isfinite(value)) return value;
  return kernels::render_floating(value, type);
}

ordered_json value_of(const ColumnView& view, std::uint64_t row, const data::Type& type) {
  if (!view.is_valid(row)) return nullptr;
  switch (type.id) {
    case TypeId::boolean: return carrier_of(view, row) != 0;
    case TypeId::float32: return floating(double(view.as<float>()[row]), type);
    case TypeId::float64: return floating(view.as<double>()[row], type);
    case TypeId::varchar:
    case TypeId::json: return std::string(view.text(row));
    case TypeId::blob: return kernels::render_blob(view.text(row));
    case TypeId::uint64: return view.as<std::uint64_t>()[row];
    default: break;
  }
  const auto bits = carrier_of(view, row);
  if (type.id >= TypeId::int8 && type.id <= TypeId::uint32 && type.id != TypeId::int128) {
    return static_cast<std::int64_t>(bits);
  }
  return kernels::render_integer(bits, type);
}

ordered_json nested_value(duckdb_vector vector, std::uint64_t row);

ordered_json items_of(duckdb_vector child, std::uint64_t first, std::uint64_t count) {
  auto items = ordered_json::array();
  for (std::uint64_t i = 0; i < count; ++i) items.push_back(nested_value(child, first + i));
  return items;
}

ordered_json struct_value(duckdb_vector vector, duckdb_logical_type type, std::uint64_t row) {
  auto object = ordered_json::object();
  for (idx_t i = 0; i < duckdb_struct_type_child_count(type); ++i) {
    char* const name = duckdb_struct_type_child_name(type, i);
    object[name] = nested_value(duckdb_struct_vector_get_child(vector, i), row);
    duckdb_free(name);
  }
  return object;
}

/// As the engine reads it again: an object, whose names are the keys. Where those are nested, or
/// one comes twice, a list of keys and values.
ordered_json map_value(duckdb_vector pairs, const duckdb_list_entry& list) {
  auto object = ordered_json::object();
  for (std::uint64_t i = 0; i < list.length; ++i) {
    const auto key = nested_value(duckdb_struct_vector_get_child(pairs, 0), list.offset + i);
    if (key.is_null() || key.is_structured()) return items_of(pairs, list.offset, list.length);
    const auto name = key.is_string() ? key.get<std::string>() : key.dump();
    object[name] = nested_value(duckdb_struct_vector_get_child(pairs, 1), list.offset + i);
  }
  if (object.size() != list.length) return items_of(pairs, list.offset, list.length);
  return object;
}

/// A value of a vector of any type that our readers fill.
ordered_json nested_value(duckdb_vector vector, std::uint64_t row) {
  const data::OwnedType type(duckdb_vector_get_column_type(vector));
  const auto view = data::view_column(vector, data::type_from_engine(type.get()));
  if (!view.is_valid(row)) return nullptr;
  switch (duckdb_get_type_id(type.get())) {
    case DUCKDB_TYPE_STRUCT: return struct_value(vector, type.get(), row);
    case DUCKDB_TYPE_MAP:
      return map_value(duckdb_list_vector_get_child(vector), view.as<duckdb_list_entry>()[row]);
    case DUCKDB_TYPE_LIST: {
      const auto& list = view.as<duckdb_list_entry>()[row];
      return items_of(duckdb_list_vector_get_child(vector), list.offset, list.length);
    }
    case DUCKDB_TYPE_ARRAY: {
      const auto size = duckdb_array_type_array_size(type.get());
      return items_of(duckdb_array_vector_get_child(vector), row * size, size);
    }
    default: return value_of(view, row, data::type_from_engine(type.get()));
  }
}

}  // namespace

std::string row_as_json(const data::Schema& schema, std::span<const duckdb_vector> vectors,
                        std::uint32_t row) {
  auto object = ordered_json::object();
  for (std::size_t i = 0; i < schema.size() && i < vectors.size(); ++i) {
    if (vectors[i] == nullptr) continue;
    const auto& column = schema.columns[i];
    object[column.name] =
        column.type.id == TypeId::other
            ? nested_value(vectors[i], row)
            : value_of(data::view_column(vectors[i], column.type), row, column.type);
  }
  return object.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

}  // namespace leat::connectors::files
