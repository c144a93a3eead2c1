#include "connectors/files/row_json.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

#include "data/chunk_view.hpp"
#include "kernels/render.hpp"

namespace leat::connectors::files {
namespace {

using data::ColumnView;
using data::TypeId;
using nlohmann::json;

template <typename T>
kernels::UInt128 carrier(const ColumnView& view, std::uint32_t row) {
  return static_cast<kernels::UInt128>(
      static_cast<kernels::Int128>(kernels::value_at<T>(view.values, row)));
}

/// The bits of a value that an integer carries, however wide.
kernels::UInt128 carrier_of(const ColumnView& view, std::uint32_t row) {
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

json floating(double value, const data::Type& type) {
  if (std::isfinite(value)) return value;
  return kernels::render_floating(value, type);
}

json value_of(const ColumnView& view, std::uint32_t row, const data::Type& type) {
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

}  // namespace

std::string row_as_json(const data::Schema& schema, std::span<const duckdb_vector> vectors,
                        std::uint32_t row) {
  auto object = nlohmann::ordered_json::object();
  for (std::size_t i = 0; i < schema.size() && i < vectors.size(); ++i) {
    if (vectors[i] == nullptr) continue;
    const auto& column = schema.columns[i];
    object[column.name] = value_of(data::view_column(vectors[i], column.type), row, column.type);
  }
  return object.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace leat::connectors::files
