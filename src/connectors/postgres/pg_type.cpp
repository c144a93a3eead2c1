#include "connectors/postgres/pg_type.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace leat::connectors::postgres {
namespace {

using data::Type;
using data::TypeId;

constexpr int kModifierOffset = 4;  ///< What the server adds to a numeric's numbers.
constexpr int kDigitsMax = 38;

Type plain(TypeId id) { return {id, 0, 0, {}}; }

/// Digits of the greatest value.
int digits_of(const Type& type) {
  switch (type.id) {
    case TypeId::int8:
    case TypeId::uint8: return 3;
    case TypeId::int16:
    case TypeId::uint16: return 5;
    case TypeId::int32:
    case TypeId::uint32: return 10;
    case TypeId::int64: return 19;
    case TypeId::uint64: return 20;
    case TypeId::decimal: return type.width - type.scale;
    default: return 39;
  }
}

PgType numeric(int width, int scale) {
  return {"numeric", "numeric(" + std::to_string(width) + "," + std::to_string(scale) + ")",
          ((width << 16) | scale) + kModifierOffset};
}

/// The narrowest integer of the server's that holds all values; empty: a numeric does.
std::string_view integer_for(const Type& type) {
  switch (type.id) {
    case TypeId::int8:
    case TypeId::uint8:
    case TypeId::int16: return "int2";
    case TypeId::uint16:
    case TypeId::int32: return "int4";
    case TypeId::uint32:
    case TypeId::int64: return "int8";
    default: return "";
  }
}

PgType named(std::string_view base) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kWords{{
      {"int2", "smallint"},
      {"int4", "integer"},
      {"int8", "bigint"},
      {"float8", "double precision"},
      {"timestamptz", "timestamp with time zone"},
  }};
  for (const auto& [name, sql] : kWords) {
    if (name == base) return {std::string(base), std::string(sql)};
  }
  return {std::string(base), std::string(base)};
}

bool is_one_of(std::string_view base, std::initializer_list<std::string_view> names) {
  return std::find(names.begin(), names.end(), base) != names.end();
}

bool starts_with_word(const std::string& text, std::string_view word) {
  return text.size() > word.size() && text.starts_with(word);
}

bool is_list(const Type& type) { return type.id == TypeId::other && type.sql_name.ends_with("[]"); }

/// "INTEGER[]" → INTEGER; nothing when that is a list again, or a struct.
std::optional<Type> element_of(const Type& list) {
  auto element = data::parse_type(list.sql_name.substr(0, list.sql_name.size() - 2));
  if (!element.ok() || element->id == TypeId::other || element->id == TypeId::blob) {
    return std::nullopt;
  }
  return *std::move(element);
}

bool is_nested(const Type& type) {
  return type.id == TypeId::other &&
         (type.sql_name.ends_with("]") || starts_with_word(type.sql_name, "STRUCT(") ||
          starts_with_word(type.sql_name, "MAP(") || starts_with_word(type.sql_name, "UNION("));
}

bool holds_number(const PgType& there, int digits, int scale) {
  if (there.base != "numeric") return false;
  const auto limits = there.width_and_scale();
  return !limits || (limits->second >= scale && limits->first - limits->second >= digits);
}

std::optional<Carriage> carry_number(const Type& ours, const PgType& there) {
  const auto narrowest = integer_for(ours);
  constexpr std::array<std::pair<std::string_view, Wire>, 3> kIntegers{
      {{"int2", Wire::int2}, {"int4", Wire::int4}, {"int8", Wire::int8}}};
  bool is_wide = false;
  for (const auto& [name, wire] : kIntegers) {
    is_wide = is_wide || name == narrowest;
    if (is_wide && there.base == name) return Carriage{wire, {}};
  }
  if (ours.id == TypeId::uint32 && there.base == "oid") return Carriage{Wire::int4, {}};
  const int scale = ours.id == TypeId::decimal ? ours.scale : 0;
  if (holds_number(there, digits_of(ours), scale)) return Carriage{Wire::numeric, {}};
  return std::nullopt;
}

/// Types of the server's that have one of ours, so that no text is turned into them.
bool has_own_type(const PgType& there) {
  if (there.base == "numeric") return type_of(there).has_value();
  return is_one_of(there.base, {"bool", "int2", "int4", "int8", "float4", "float8", "bytea", "date",
                                "time", "timestamp", "timestamptz", "interval", "uuid"});
}

std::optional<Carriage> carry_text(const PgType& there, std::optional<Type> travels_as) {
  if (there.base == "jsonb") return Carriage{Wire::jsonb, std::move(travels_as)};
  if (there.is_enum ||
      is_one_of(there.base, {"text", "varchar", "bpchar", "name", "citext", "xml", "json"})) {
    return Carriage{Wire::text, std::move(travels_as)};
  }
  if (has_own_type(there)) return std::nullopt;
  return Carriage{Wire::text, std::move(travels_as), "CAST(? AS " + there.sql + ")"};
}

/// Of a JSON array; arrays within arrays are its dimensions, but where an element may be one.
std::string cast_to_array(const PgType& there) {
  if (is_one_of(there.base, {"_json", "_jsonb"})) {
    const auto kind = there.base.substr(1);
    const auto call = "pg_catalog." + kind;
    return "CASE " + call + "_typeof(CAST(? AS " + kind + ")) WHEN 'null' THEN NULL ELSE CAST(" +
           "ARRAY(SELECT CASE WHEN " + call + "_typeof(one.v) <> 'null' THEN one.v END FROM " +
           call + "_array_elements(CAST(? AS " + kind + ")) AS one(v)) AS " + there.sql + ") END";
  }
  const auto any =
      "(SELECT one.v FROM pg_catalog.json_to_record(pg_catalog.json_build_object('v', "
      "CAST(? AS json))) AS one(v " +
      there.sql + "))";
  // A cast would cut what is too long.
  if (is_one_of(there.base, {"_varchar", "_bpchar"})) return any;
  // Numbers are written alike but for the brackets.
  return "CASE WHEN pg_catalog.left(?, 1) = '[' AND pg_catalog.translate(?, '[]0123456789.,-', '') "
         "= '' THEN CAST(pg_catalog.translate(?, '[]', '{}') AS " +
         there.sql + ") ELSE " + any + " END";
}

std::optional<Carriage> carry_json(const PgType& there, std::optional<Type> travels_as) {
  if (there.base == "jsonb") return Carriage{Wire::jsonb, std::move(travels_as)};
  if (there.is_array()) return Carriage{Wire::text, std::move(travels_as), cast_to_array(there)};
  if (!is_one_of(there.base, {"json", "text", "varchar"})) return std::nullopt;
  return Carriage{Wire::text, std::move(travels_as)};
}

std::optional<Carriage> carry_list(const Type& ours, const PgType& there) {
  const auto element = element_of(ours);
  if (!there.is_array()) return carry_json(there, plain(TypeId::json));
  if (!element) return std::nullopt;
  const PgType item{there.base.substr(1), there.base.substr(1)};
  if (!carriage(*element, item)) return std::nullopt;
  return Carriage{Wire::text, plain(TypeId::json), cast_to_array(there)};
}

std::optional<Carriage> carry_other(const Type& ours, const PgType& there) {
  if (is_list(ours)) return carry_list(ours, there);
  if (is_nested(ours)) {
    const bool is_map = !ours.sql_name.ends_with("]");
    return is_map && there.is_array() ? std::nullopt : carry_json(there, plain(TypeId::json));
  }
  return carry_text(there, plain(TypeId::varchar));
}

std::optional<Carriage> same(const PgType& there, std::string_view base, Wire wire) {
  if (there.base != base) return std::nullopt;
  return Carriage{wire, {}};
}

}  // namespace

std::optional<std::pair<int, int>> PgType::width_and_scale() const {
  if (modifier < kModifierOffset) return std::nullopt;
  const int packed = modifier - kModifierOffset;
  // A scale is a signed number of 11 bits.
  return std::pair((packed >> 16) & 0xffff, ((packed & 0x7ff) ^ 1024) - 1024);
}

PgType type_for(const Type& type) {
  switch (type.id) {
    case TypeId::boolean: return {"bool", "boolean"};
    case TypeId::uint64: return numeric(20, 0);
    case TypeId::int128:
    case TypeId::uint128: return numeric(39, 0);
    case TypeId::float32: return {"float4", "real"};
    case TypeId::float64: return named("float8");
    case TypeId::decimal: return numeric(type.width, type.scale);
    case TypeId::varchar: return named("text");
    case TypeId::blob: return named("bytea");
    case TypeId::date: return named("date");
    case TypeId::time: return named("time");
    case TypeId::timestamp: return named("timestamp");
    case TypeId::timestamp_tz: return named("timestamptz");
    case TypeId::interval: return named("interval");
    case TypeId::uuid: return named("uuid");
    case TypeId::json: return named("jsonb");
    case TypeId::other: break;
    default: return named(integer_for(type));
  }
  if (is_list(type)) {
    if (const auto element = element_of(type)) {
      const auto item = type_for(*element);
      return {"_" + item.base, item.sql + "[]"};
    }
  }
  return named(is_nested(type) ? "jsonb" : "text");
}

std::optional<Carriage> carriage(const Type& ours, const PgType& there) {
  switch (ours.id) {
    case TypeId::boolean: return same(there, "bool", Wire::boolean);
    case TypeId::float32:
      if (there.base == "float4") return Carriage{Wire::float4, {}};
      return same(there, "float8", Wire::float8);
    case TypeId::float64: return same(there, "float8", Wire::float8);
    case TypeId::varchar: return carry_text(there, std::nullopt);
    case TypeId::json: return carry_json(there, std::nullopt);
    case TypeId::blob: return same(there, "bytea", Wire::bytea);
    case TypeId::date: return same(there, "date", Wire::date);
    case TypeId::time: return same(there, "time", Wire::time);
    case TypeId::timestamp: return same(there, "timestamp", Wire::timestamp);
    case TypeId::timestamp_tz: return same(there, "timestamptz", Wire::timestamp);
    case TypeId::interval: return same(there, "interval", Wire::interval);
    case TypeId::uuid: return same(there, "uuid", Wire::uuid);
    case TypeId::other: return carry_other(ours, there);
    default: return carry_number(ours, there);
  }
}

bool is_incomparable(const PgType& type) {
  return is_one_of(type.base,
                   {"json", "xml", "point", "line", "polygon", "_json", "_xml", "_point"});
}

Apart apart(const PgType& type) {
  if (type.base == "numeric" && type.width_and_scale()) return {};  // All have one scale.
  if (type.base == "numeric") return {.rest = "pg_catalog.scale(?)"};
  if (is_one_of(type.base, {"float4", "float8"})) {
    return {.rest = "CASE WHEN ? = 0 THEN CAST(? AS text) END"};
  }
  const bool is_exact =
      type.is_enum ||
      is_one_of(type.base, {"bool", "int2", "int4", "int8", "oid", "text", "varchar", "name",
                            "bytea", "date", "time", "timestamp", "timestamptz", "uuid"});
  return {.by_image = !is_exact};
}

std::optional<Type> type_of(const PgType& type) {
  constexpr std::array<std::pair<std::string_view, TypeId>, 19> kKnown{{
      {"bool", TypeId::boolean},        {"int2", TypeId::int16},
      {"int4", TypeId::int32},          {"int8", TypeId::int64},
      {"oid", TypeId::uint32},          {"float4", TypeId::float32},
      {"float8", TypeId::float64},      {"text", TypeId::varchar},
      {"varchar", TypeId::varchar},     {"bpchar", TypeId::varchar},
      {"name", TypeId::varchar},        {"bytea", TypeId::blob},
      {"date", TypeId::date},           {"time", TypeId::time},
      {"timestamp", TypeId::timestamp}, {"timestamptz", TypeId::timestamp_tz},
      {"interval", TypeId::interval},   {"uuid", TypeId::uuid},
      {"json", TypeId::json},
  }};
  if (type.base == "jsonb") return plain(TypeId::json);
  if (type.base == "numeric") {
    const auto limits = type.width_and_scale();
    if (!limits || limits->first > kDigitsMax || limits->second < 0 ||
        limits->second > limits->first) {
      return std::nullopt;
    }
    return Type{TypeId::decimal, std::uint8_t(limits->first), std::uint8_t(limits->second), {}};
  }
  for (const auto& [base, id] : kKnown) {
    if (base == type.base) return plain(id);
  }
  return std::nullopt;
}

Wire wire_of(const Type& type, const PgType& from) {
  switch (type.id) {
    case TypeId::boolean: return Wire::boolean;
    case TypeId::int16: return Wire::int2;
    case TypeId::uint32:
    case TypeId::int32: return Wire::int4;
    case TypeId::int64: return Wire::int8;
    case TypeId::float32: return Wire::float4;
    case TypeId::float64: return Wire::float8;
    case TypeId::decimal: return Wire::numeric;
    case TypeId::blob: return Wire::bytea;
    case TypeId::date: return Wire::date;
    case TypeId::time: return Wire::time;
    case TypeId::timestamp:
    case TypeId::timestamp_tz: return Wire::timestamp;
    case TypeId::interval: return Wire::interval;
    case TypeId::uuid: return Wire::uuid;
    case TypeId::json: return from.base == "jsonb" ? Wire::jsonb : Wire::text;
    default: return Wire::text;
  }
}

}  // namespace leat::connectors::postgres
