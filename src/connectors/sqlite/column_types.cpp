#include "connectors/sqlite/column_types.hpp"

#include "base/names.hpp"

namespace leat::connectors::sqlite {
namespace {

using data::TypeId;

/// Digits that a value of SQLite's REAL keeps.
constexpr int kExactDigits = 15;

bool has(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

data::Type plain(TypeId id) { return {id, 0, 0, {}}; }

/// "decimal_text(38,9)", "numeric(10,2)"; without both numbers there is no telling.
std::optional<data::Type> decimal_of(std::string_view lower) {
  const auto open = lower.find('(');
  if (open == std::string_view::npos || !lower.ends_with(")")) return std::nullopt;
  std::string inside(lower.substr(open));
  if (!has(inside, ",")) inside.insert(inside.size() - 1, ",0");
  auto type = data::parse_type("decimal" + inside);
  if (!type.ok()) return std::nullopt;
  return *type;
}

}  // namespace

std::optional<data::Type> type_of_declared(std::string_view declared) {
  const std::string lower = to_lower(declared);
  if (has(lower, "bool")) return plain(TypeId::boolean);
  if (has(lower, "json")) return plain(TypeId::json);
  if (lower.starts_with("dec") || lower.starts_with("numeric(") || lower.starts_with("number(")) {
    return decimal_of(lower);
  }
  if (has(lower, "interval") || has(lower, "point")) return std::nullopt;
  if (has(lower, "int")) return plain(TypeId::int64);
  if (has(lower, "char") || has(lower, "clob") || has(lower, "text") || lower == "string") {
    return plain(TypeId::varchar);
  }
  if (has(lower, "blob")) return plain(TypeId::blob);
  if (has(lower, "real") || has(lower, "floa") || has(lower, "doub")) {
    return plain(TypeId::float64);
  }
  if (has(lower, "timestamp") && (has(lower, "zone") || has(lower, "tz"))) {
    return plain(has(lower, "without") ? TypeId::timestamp : TypeId::timestamp_tz);
  }
  if (has(lower, "timestamp") || has(lower, "datetime")) return plain(TypeId::timestamp);
  if (lower == "date") return plain(TypeId::date);
  if (lower == "time") return plain(TypeId::time);
  if (lower == "uuid") return plain(TypeId::uuid);
  return std::nullopt;
}

std::string declared_of(const data::Type& type) {
  switch (type.id) {
    case TypeId::boolean: return "BOOLEAN";
    case TypeId::int8:
    case TypeId::int16:
    case TypeId::int32:
    case TypeId::int64:
    case TypeId::uint8:
    case TypeId::uint16:
    case TypeId::uint32: return data::sql_of(type);
    case TypeId::uint64: return "DECIMAL_TEXT(20,0)";
    case TypeId::float32:
    case TypeId::float64: return "DOUBLE";
    // A name with TEXT in it keeps what would be rounded as a number.
    case TypeId::decimal: {
      const std::string name = type.width <= kExactDigits ? "DECIMAL(" : "DECIMAL_TEXT(";
      return name + std::to_string(type.width) + "," + std::to_string(type.scale) + ")";
    }
    case TypeId::blob: return "BLOB";
    case TypeId::date: return "DATE";
    case TypeId::time: return "TIME";
    case TypeId::timestamp: return "TIMESTAMP";
    case TypeId::timestamp_tz: return "TIMESTAMP WITH TIME ZONE";
    case TypeId::uuid: return "UUID";
    case TypeId::json: return "JSON_TEXT";
    default: return "TEXT";
  }
}

std::optional<data::Type> stage_type(const data::Type& type) {
  switch (type.id) {
    case TypeId::boolean:
    case TypeId::int8:
    case TypeId::int16:
    case TypeId::int32:
    case TypeId::int64:
    case TypeId::uint8:
    case TypeId::uint16:
    case TypeId::uint32:
    case TypeId::float32:
    case TypeId::float64:
    case TypeId::varchar:
    case TypeId::json:
    case TypeId::blob: return std::nullopt;
    default: return plain(TypeId::varchar);
  }
}

}  // namespace leat::connectors::sqlite
