#include "data/parquet_types.hpp"

#include <array>
#include <string>
#include <string_view>
#include <utility>

namespace leat::data {
namespace {

/// What Parquet would round, cut or refuse; as a column it travels as text, inside a nested type it
/// cannot travel.
constexpr std::array<std::string_view, 7> kUnsafe{
    "HUGEINT", "UHUGEINT", "INTERVAL", "TIME WITH TIME ZONE", "BIT", "BIGNUM", "TIME_NS"};

/// Is a type part of another one's name? A field of a STRUCT may be called like a type.
bool holds_type(std::string_view name, std::string_view type) {
  for (auto at = name.find(type); at != std::string_view::npos; at = name.find(type, at + 1)) {
    const auto end = at + type.size();
    const bool begins = at == 0 || name[at - 1] == ' ' || name[at - 1] == '(';
    const bool ends = end == name.size() || std::string_view(",)[").find(name[end]) != name.npos;
    if (begins && ends) return true;
  }
  return false;
}

/// The same type with lists in the place of arrays. The engine's writer makes a broken file of an
/// array that is null.
std::string with_lists(std::string_view name) {
  std::string out;
  char quote = 0;
  for (std::size_t at = 0; at < name.size(); ++at) {
    const char c = name[at];
    out += c;
    if (c == quote) {
      quote = 0;
    } else if (quote == 0 && (c == '"' || c == '\'')) {
      quote = c;
    } else if (quote == 0 && c == '[') {
      while (at + 1 < name.size() && name[at + 1] >= '0' && name[at + 1] <= '9') ++at;
    }
  }
  return out;
}

Type text() { return {TypeId::varchar, 0, 0, {}}; }

Result<std::optional<Type>> travel_of_other(const Type& type) {
  const auto& name = type.sql_name;
  const auto refuse = [&](std::string_view what) {
    return Error(Fault::config, "Parquet cannot carry " + std::string(what) + " exactly")
        .with("type", name)
        .hint("cast the column to VARCHAR or JSON in the model");
  };
  if (name.starts_with("UNION(") || name.find(" UNION(") != std::string::npos) {
    return refuse("a UNION");
  }
  const bool nested = type.is_nested();
  if (!nested && name.starts_with("ENUM(")) return std::optional<Type>(text());
  for (const auto unsafe : kUnsafe) {
    if (nested && holds_type(name, unsafe)) return refuse(unsafe);
    if (name == unsafe) return std::optional<Type>(text());
  }
  auto listed = with_lists(name);
  if (listed == name) return std::optional<Type>();
  return std::optional<Type>(Type{TypeId::other, 0, 0, std::move(listed)});
}

}  // namespace

Result<std::optional<Type>> parquet_travel_type(const Type& type) {
  switch (type.id) {
    case TypeId::int128:
    case TypeId::uint128:
    case TypeId::interval: return std::optional<Type>(text());
    case TypeId::other: return travel_of_other(type);
    default: return std::optional<Type>();
  }
}

Result<std::optional<Type>> parquet_column_type(const Type& type) {
  if (type.id == TypeId::int128) return std::optional<Type>(Type{TypeId::decimal, 38, 0, {}});
  return parquet_travel_type(type);
}

}  // namespace leat::data
