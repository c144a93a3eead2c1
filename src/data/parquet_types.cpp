#include "data/parquet_types.hpp"

#include <array>
#include <string_view>

namespace leat::data {
namespace {

/// What Parquet would round, cut or refuse when it stands inside a nested type.
constexpr std::array<std::string_view, 6> kUnsafeInside{
    "HUGEINT", "INTERVAL", "TIME WITH TIME ZONE", "BIT", "UNION(", "TIMETZ"};

bool is_nested(std::string_view name) {
  return name.ends_with("]") || name.starts_with("STRUCT(") || name.starts_with("MAP(");
}

Type text() { return {TypeId::varchar, 0, 0, {}}; }

Result<std::optional<Type>> travel_of_other(const Type& type) {
  const auto& name = type.sql_name;
  if (name == "BIT" || name == "TIME WITH TIME ZONE" || name.starts_with("ENUM(")) {
    return std::optional<Type>(text());
  }
  const auto refuse = [&](std::string_view what) {
    return Error(Fault::config, "Parquet cannot carry " + std::string(what) + " exactly")
        .with("type", name)
        .hint("cast the column to VARCHAR or JSON in the model");
  };
  if (name.starts_with("UNION(")) return refuse("a UNION");
  if (!is_nested(name)) return std::optional<Type>();
  for (const auto unsafe : kUnsafeInside) {
    if (name.find(unsafe) != std::string::npos) return refuse(unsafe);
  }
  return std::optional<Type>();
}

}  // namespace

Result<std::optional<Type>> parquet_travel_type(const Type& type) {
  switch (type.id) {
    case TypeId::int128: return std::optional<Type>(Type{TypeId::decimal, 38, 0, {}});
    case TypeId::uint128:
    case TypeId::interval: return std::optional<Type>(text());
    case TypeId::other: return travel_of_other(type);
    default: return std::optional<Type>();
  }
}

}  // namespace leat::data
