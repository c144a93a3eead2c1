#include <array>
#include <utility>

#include "data/type.hpp"

namespace leat::data {
namespace {

constexpr std::array<std::pair<duckdb_type, TypeId>, 21> kPlain{{
    {DUCKDB_TYPE_BOOLEAN, TypeId::boolean},
    {DUCKDB_TYPE_TINYINT, TypeId::int8},
    {DUCKDB_TYPE_SMALLINT, TypeId::int16},
    {DUCKDB_TYPE_INTEGER, TypeId::int32},
    {DUCKDB_TYPE_BIGINT, TypeId::int64},
    {DUCKDB_TYPE_HUGEINT, TypeId::int128},
    {DUCKDB_TYPE_UTINYINT, TypeId::uint8},
    {DUCKDB_TYPE_USMALLINT, TypeId::uint16},
    {DUCKDB_TYPE_UINTEGER, TypeId::uint32},
    {DUCKDB_TYPE_UBIGINT, TypeId::uint64},
    {DUCKDB_TYPE_UHUGEINT, TypeId::uint128},
    {DUCKDB_TYPE_FLOAT, TypeId::float32},
    {DUCKDB_TYPE_DOUBLE, TypeId::float64},
    {DUCKDB_TYPE_VARCHAR, TypeId::varchar},
    {DUCKDB_TYPE_BLOB, TypeId::blob},
    {DUCKDB_TYPE_DATE, TypeId::date},
    {DUCKDB_TYPE_TIME, TypeId::time},
    {DUCKDB_TYPE_TIMESTAMP, TypeId::timestamp},
    {DUCKDB_TYPE_TIMESTAMP_TZ, TypeId::timestamp_tz},
    {DUCKDB_TYPE_INTERVAL, TypeId::interval},
    {DUCKDB_TYPE_UUID, TypeId::uuid},
}};

bool has_alias(duckdb_logical_type type, std::string_view alias) {
  char* text = duckdb_logical_type_get_alias(type);
  const bool same = text != nullptr && alias == text;
  duckdb_free(text);
  return same;
}

}  // namespace

Type type_from_engine(duckdb_logical_type type) {
  const auto id = duckdb_get_type_id(type);
  if (id == DUCKDB_TYPE_VARCHAR && has_alias(type, "JSON")) return {TypeId::json, 0, 0, {}};
  if (id == DUCKDB_TYPE_DECIMAL) {
    return {TypeId::decimal, duckdb_decimal_width(type), duckdb_decimal_scale(type), {}};
  }
  for (const auto& [engine, ours] : kPlain) {
    if (engine == id) return {ours, 0, 0, {}};
  }
  return {TypeId::other, 0, 0, {}};
}

duckdb_logical_type type_to_engine(const Type& type) {
  if (type.id == TypeId::other) return nullptr;
  if (type.id == TypeId::decimal) return duckdb_create_decimal_type(type.width, type.scale);
  if (type.id == TypeId::json) {
    auto json = duckdb_create_logical_type(DUCKDB_TYPE_VARCHAR);
    duckdb_logical_type_set_alias(json, "JSON");
    return json;
  }
  for (const auto& [engine, ours] : kPlain) {
    if (ours == type.id) return duckdb_create_logical_type(engine);
  }
  return nullptr;
}

}  // namespace leat::data
