#include "data/type.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/names.hpp"
#include "base/text.hpp"

namespace leat::data {
namespace {

struct Spelling {
  std::string_view name;
  TypeId id;
};

constexpr std::array<Spelling, 23> kCanonical{{
    {"BOOLEAN", TypeId::boolean},     {"TINYINT", TypeId::int8},
    {"SMALLINT", TypeId::int16},      {"INTEGER", TypeId::int32},
    {"BIGINT", TypeId::int64},        {"HUGEINT", TypeId::int128},
    {"UTINYINT", TypeId::uint8},      {"USMALLINT", TypeId::uint16},
    {"UINTEGER", TypeId::uint32},     {"UBIGINT", TypeId::uint64},
    {"UHUGEINT", TypeId::uint128},    {"FLOAT", TypeId::float32},
    {"DOUBLE", TypeId::float64},      {"DECIMAL", TypeId::decimal},
    {"VARCHAR", TypeId::varchar},     {"BLOB", TypeId::blob},
    {"DATE", TypeId::date},           {"TIME", TypeId::time},
    {"TIMESTAMP", TypeId::timestamp}, {"TIMESTAMP WITH TIME ZONE", TypeId::timestamp_tz},
    {"INTERVAL", TypeId::interval},   {"UUID", TypeId::uuid},
    {"JSON", TypeId::json},
}};

constexpr std::array<Spelling, 27> kAliases{{
    {"bool", TypeId::boolean},
    {"logical", TypeId::boolean},
    {"int1", TypeId::int8},
    {"int8", TypeId::int64},
    {"int2", TypeId::int16},
    {"short", TypeId::int16},
    {"int", TypeId::int32},
    {"int4", TypeId::int32},
    {"int32", TypeId::int32},
    {"signed", TypeId::int32},
    {"int64", TypeId::int64},
    {"long", TypeId::int64},
    {"float4", TypeId::float32},
    {"real", TypeId::float32},
    {"float8", TypeId::float64},
    {"numeric", TypeId::decimal},
    {"string", TypeId::varchar},
    {"text", TypeId::varchar},
    {"char", TypeId::varchar},
    {"str", TypeId::varchar},
    {"bytes", TypeId::blob},
    {"bytea", TypeId::blob},
    {"binary", TypeId::blob},
    {"datetime", TypeId::timestamp},
    {"timestamptz", TypeId::timestamp_tz},
    {"timestamp_tz", TypeId::timestamp_tz},
    {"number", TypeId::float64},
}};

const TypeId* find_spelling(std::string_view lower) {
  for (const auto& spelling : kCanonical) {
    if (to_lower(spelling.name) == lower) return &spelling.id;
  }
  for (const auto& spelling : kAliases) {
    if (spelling.name == lower) return &spelling.id;
  }
  return nullptr;
}

/// Types of the engine that are carried through under their names.
constexpr std::array<std::string_view, 8> kCarried{
    "TIMESTAMP_NS",        "TIMESTAMP_MS", "TIMESTAMP_S", "TIME_NS",
    "TIME WITH TIME ZONE", "BIT",          "BIGNUM",      "GEOMETRY"};

struct CarriedAlias {
  std::string_view name;
  std::string_view carried;
};

constexpr std::array<CarriedAlias, 4> kCarriedAliases{{
    {"timetz", "TIME WITH TIME ZONE"},
    {"time_tz", "TIME WITH TIME ZONE"},
    {"bitstring", "BIT"},
    {"varint", "BIGNUM"},
}};

std::string_view carried_name(std::string_view lower) {
  for (const auto& alias : kCarriedAliases) {
    if (alias.name == lower) return alias.carried;
  }
  const auto found = std::find_if(kCarried.begin(), kCarried.end(),
                                  [&](const auto name) { return to_lower(name) == lower; });
  return found == kCarried.end() ? std::string_view() : *found;
}

bool is_other(std::string_view lower) {
  return lower.ends_with("]") || lower.starts_with("struct(") || lower.starts_with("map(") ||
         lower.starts_with("union(") || lower.starts_with("enum(");
}

bool parse_two(std::string_view text, int& width, int& scale) {
  const auto comma = text.find(',');
  const auto first = trimmed(text.substr(0, comma));
  scale = 0;
  if (std::from_chars(first.data(), first.data() + first.size(), width).ptr !=
      first.data() + first.size()) {
    return false;
  }
  if (comma == std::string_view::npos) return true;
  const auto second = trimmed(text.substr(comma + 1));
  return std::from_chars(second.data(), second.data() + second.size(), scale).ptr ==
         second.data() + second.size();
}

Result<Type> parse_decimal(std::string_view text, std::string_view inside) {
  int width = 0;
  int scale = 0;
  if (!parse_two(inside, width, scale) || width < 1 || width > 38 || scale < 0 || scale > width) {
    return Error(Fault::config, "`" + std::string(text) + "` is not a decimal type")
        .hint("decimal(width, scale) with width 1 to 38 and scale 0 to width");
  }
  return Type{TypeId::decimal, std::uint8_t(width), std::uint8_t(scale), {}};
}

}  // namespace

bool Type::is_nested() const {
  const auto lower = to_lower(sql_name);
  return id == TypeId::other &&
         (lower.ends_with("]") || lower.starts_with("struct(") || lower.starts_with("map("));
}

std::string with_article(const Type& type) {
  const std::string name = sql_of(type);
  const bool is_vowel = std::string_view("AEIO").find(name.front()) != std::string_view::npos;
  return (is_vowel ? "an " : "a ") + name;
}

const std::vector<std::string>& type_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> out;
    for (const auto& spelling : kCanonical) out.push_back(to_lower(spelling.name));
    for (const auto& spelling : kAliases) out.emplace_back(spelling.name);
    for (const auto name : kCarried) out.push_back(to_lower(name));
    for (const auto& alias : kCarriedAliases) out.emplace_back(alias.name);
    return out;
  }();
  return names;
}

Result<Type> parse_type(std::string_view text) {
  const auto lower = to_lower(trimmed(text));
  if (const auto name = carried_name(lower); !name.empty()) {
    return Type{TypeId::other, 0, 0, std::string(name)};
  }
  if (is_other(lower)) return Type{TypeId::other, 0, 0, std::string(trimmed(text))};
  const auto open = lower.find('(');
  const auto base = std::string(trimmed(std::string_view(lower).substr(0, open)));
  const auto* id = find_spelling(base);
  if (base == "varchar" || (id != nullptr && open == std::string::npos)) {
    if (*id == TypeId::decimal) return Type{TypeId::decimal, 18, 3, {}};
    return Type{*id, 0, 0, {}};
  }
  if (id != nullptr && *id == TypeId::decimal && lower.ends_with(")")) {
    return parse_decimal(text, std::string_view(lower).substr(open + 1, lower.size() - open - 2));
  }
  return Error(Fault::config, "unknown type `" + std::string(text) + "`")
      .hint(name_hint(base, type_names()));
}

std::string sql_of(const Type& type) {
  if (type.id == TypeId::other) return type.sql_name;
  if (type.id == TypeId::decimal) {
    return "DECIMAL(" + std::to_string(type.width) + "," + std::to_string(type.scale) + ")";
  }
  for (const auto& spelling : kCanonical) {
    if (spelling.id == type.id) return std::string(spelling.name);
  }
  return "VARCHAR";
}

}  // namespace leat::data
