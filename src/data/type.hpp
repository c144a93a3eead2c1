#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <duckdb.h>

#include "base/result.hpp"

namespace leat::data {

/// The engine's types as Leat tells them apart. `other` is any nested or rare type, known only by
/// its SQL name.
enum class TypeId : std::uint8_t {
  boolean,
  int8,
  int16,
  int32,
  int64,
  int128,
  uint8,
  uint16,
  uint32,
  uint64,
  uint128,
  float32,
  float64,
  decimal,
  varchar,
  blob,
  date,
  time,
  timestamp,
  timestamp_tz,
  interval,
  uuid,
  json,
  other,
};

/// A column's type.
struct Type {
  TypeId id = TypeId::varchar;
  std::uint8_t width = 0;  ///< Of a decimal: all digits, 1 to 38.
  std::uint8_t scale = 0;  ///< Of a decimal: digits after the point.
  std::string sql_name;    ///< Of `other`: "STRUCT(a INTEGER)".

  bool operator==(const Type&) const = default;
  bool is_numeric() const { return id >= TypeId::int8 && id <= TypeId::decimal; }
  bool is_whole() const { return id >= TypeId::int8 && id <= TypeId::uint128; }
  bool is_floating() const { return id == TypeId::float32 || id == TypeId::float64; }
  bool is_text() const { return id == TypeId::varchar || id == TypeId::json; }
  /// A list, an array, a struct or a map.
  bool is_nested() const;
};

/// As a user may write it ("int", "string", "decimal(10,2)", "timestamp with time zone"), or any
/// type name of the engine. Errors: config, with the nearest known name.
Result<Type> parse_type(std::string_view text);
/// As the engine spells it: "BIGINT", "DECIMAL(10,2)".
std::string sql_of(const Type& type);
/// "a BIGINT", "an INTEGER"
std::string with_article(const Type& type);
/// Every name that `parse_type` documents, for hints and schemas.
const std::vector<std::string>& type_names();

Type type_from_engine(duckdb_logical_type type);
/// The caller destroys it with duckdb_destroy_logical_type. Null for `other`, which only SQL makes.
duckdb_logical_type type_to_engine(const Type& type);

}  // namespace leat::data
