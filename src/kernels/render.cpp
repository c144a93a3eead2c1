#include "kernels/render.hpp"

namespace leat::kernels {
namespace {

using data::Type;
using data::TypeId;

/// Takes the value.
std::string print(duckdb_value value) {
  char* text = duckdb_get_varchar(value);
  std::string out(text);
  duckdb_free(text);
  duckdb_destroy_value(&value);
  return out;
}

duckdb_hugeint huge(UInt128 carrier) {
  return {std::uint64_t(carrier), std::int64_t(carrier >> 64)};
}

duckdb_value integer_value(UInt128 carrier, const Type& type) {
  const auto low = std::int64_t(carrier);
  switch (type.id) {
    case TypeId::boolean: return duckdb_create_bool(low != 0);
    case TypeId::decimal: return duckdb_create_decimal({type.width, type.scale, huge(carrier)});
    case TypeId::date: return duckdb_create_date({std::int32_t(low)});
    case TypeId::time: return duckdb_create_time({low});
    case TypeId::timestamp: return duckdb_create_timestamp({low});
    case TypeId::timestamp_tz: return duckdb_create_timestamp_tz({low});
    case TypeId::uint128:
      return duckdb_create_uhugeint({std::uint64_t(carrier), std::uint64_t(carrier >> 64)});
    case TypeId::uuid: {
      // The engine flips the highest bit, so that uuids sort as signed integers.
      const auto bits = carrier ^ (UInt128(1) << 127);
      return duckdb_create_uuid({std::uint64_t(bits), std::uint64_t(bits >> 64)});
    }
    default: return duckdb_create_hugeint(huge(carrier));
  }
}

}  // namespace

std::string render_integer(UInt128 carrier, const Type& type) {
  return print(integer_value(carrier, type));
}

std::string render_floating(double value, const Type& type) {
  if (type.id == TypeId::float32) return print(duckdb_create_float(float(value)));
  return print(duckdb_create_double(value));
}

std::string render_interval(duckdb_interval value) { return print(duckdb_create_interval(value)); }

std::string render_blob(std::string_view bytes) {
  return print(duckdb_create_blob(
      static_cast<const std::uint8_t*>(static_cast<const void*>(bytes.data())), bytes.size()));
}

}  // namespace leat::kernels
