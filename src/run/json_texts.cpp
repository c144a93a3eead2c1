#include "run/json_texts.hpp"

#include "base/names.hpp"
#include "data/owned_type.hpp"

namespace leat::run {
namespace {

using data::OwnedType;

/// "/a~1b": a key of an object, whatever is in it.
std::string pointer_to(const std::string& key) {
  std::string out = "/";
  for (const char c : key) out += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
  return out;
}

std::string owned(char* text) {
  std::string out = text != nullptr ? text : "";
  duckdb_free(text);
  return out;
}

bool is_json(duckdb_logical_type type) {
  return owned(duckdb_logical_type_get_alias(type)) == "JSON";
}

/// A value within JSON: what lies behind a pointer from a root that is JSON.
struct Value {
  std::string root;
  std::string pointer;

  std::string json() const {
    return pointer.empty() ? root : "json_extract(" + root + ", " + quote_literal(pointer) + ")";
  }
  std::string text() const {
    return "json_extract_string(" + root + ", " + quote_literal(pointer.empty() ? "$" : pointer) +
           ")";
  }
  Value member(const std::string& key) const { return {root, pointer + pointer_to(key)}; }
};

/// Writes SQL that yields values of a type, each of its plain values as a text.
class TextsOfJson {
 public:
  std::string value(const Value& from, duckdb_logical_type type) {
    switch (duckdb_get_type_id(type)) {
      case DUCKDB_TYPE_LIST:
      case DUCKDB_TYPE_ARRAY: return list(from, type);
      case DUCKDB_TYPE_STRUCT: return fields(from, type);
      case DUCKDB_TYPE_MAP: return map(from, type);
      default: return is_json(type) ? "CAST(" + from.json() + " AS VARCHAR)" : from.text();
    }
  }

 private:
  static duckdb_logical_type element_of(duckdb_logical_type type) {
    return duckdb_get_type_id(type) == DUCKDB_TYPE_LIST ? duckdb_list_type_child_type(type)
                                                        : duckdb_array_type_child_type(type);
  }

  /// The type that `value` yields.
  static std::string type_sql(duckdb_logical_type type) {
    switch (duckdb_get_type_id(type)) {
      case DUCKDB_TYPE_LIST:
      case DUCKDB_TYPE_ARRAY: return type_sql(OwnedType(element_of(type)).get()) + "[]";
      case DUCKDB_TYPE_STRUCT: {
        std::string list;
        for (idx_t i = 0; i < duckdb_struct_type_child_count(type); ++i) {
          list += (i ? ", " : "") +
                  quote_identifier(owned(duckdb_struct_type_child_name(type, i))) + " " +
                  type_sql(OwnedType(duckdb_struct_type_child_type(type, i)).get());
        }
        return "STRUCT(" + list + ")";
      }
      case DUCKDB_TYPE_MAP:
        return "MAP(" + type_sql(OwnedType(duckdb_map_type_key_type(type)).get()) + ", " +
               type_sql(OwnedType(duckdb_map_type_value_type(type)).get()) + ")";
      default: return "VARCHAR";
    }
  }

  std::string next_name() { return "leat_v" + std::to_string(x_names++); }

  /// By the kind of the JSON; other kinds are read as what the engine has printed.
  static std::string by_kind(const Value& from, duckdb_logical_type type,
                             const std::string& kinds) {
    return "CASE json_type(" + from.json() + ") WHEN 'NULL' THEN NULL " + kinds + " ELSE CAST(" +
           from.text() + " AS " + type_sql(type) + ") END";
  }

  static std::string each(const Value& from, const std::string& name, const std::string& made) {
    return "list_transform(json_extract(" + from.json() + ", '$[*]'), lambda " + name + ": " +
           made + ")";
  }

  std::string list(const Value& from, duckdb_logical_type type) {
    const auto name = next_name();
    const auto made = value({name, ""}, OwnedType(element_of(type)).get());
    return by_kind(from, type, "WHEN 'ARRAY' THEN " + each(from, name, made));
  }

  std::string fields(const Value& from, duckdb_logical_type type) {
    std::string list;
    for (idx_t i = 0; i < duckdb_struct_type_child_count(type); ++i) {
      const auto name = owned(duckdb_struct_type_child_name(type, i));
      list += (i ? ", " : "") + quote_identifier(name) + " := " +
              value(from.member(name), OwnedType(duckdb_struct_type_child_type(type, i)).get());
    }
    return by_kind(from, type, "WHEN 'OBJECT' THEN struct_pack(" + list + ")");
  }

  static std::string entry(const std::string& key, const std::string& value) {
    return "struct_pack(k := " + key + ", v := " + value + ")";
  }

  /// A list of entries, or an object whose keys are texts.
  std::string map(const Value& from, duckdb_logical_type type) {
    const OwnedType keys(duckdb_map_type_key_type(type));
    const OwnedType values(duckdb_map_type_value_type(type));
    const auto of_list = next_name();
    const auto listed =
        entry(value({of_list, "/key"}, keys.get()), value({of_list, "/value"}, values.get()));
    const auto of_object = next_name();
    const auto member = entry("CAST(" + of_object + ".key AS " + type_sql(keys.get()) + ")",
                              value({of_object + ".value", ""}, values.get()));
    return by_kind(from, type,
                   "WHEN 'ARRAY' THEN map_from_entries(" + each(from, of_list, listed) +
                       ") WHEN 'OBJECT' THEN map_from_entries(list_transform(map_entries(CAST(" +
                       from.json() + " AS MAP(VARCHAR, JSON))), lambda " + of_object + ": " +
                       member + "))");
  }

  std::size_t x_names = 0;
};

}  // namespace

std::string cell_of_json(const std::string& object, const std::string& member,
                         duckdb_logical_type type) {
  const Value cell{object, pointer_to(member)};
  const auto kind = duckdb_get_type_id(type);
  const bool is_nested = kind == DUCKDB_TYPE_LIST || kind == DUCKDB_TYPE_ARRAY ||
                         kind == DUCKDB_TYPE_STRUCT || kind == DUCKDB_TYPE_MAP;
  if (!is_nested) return cell.text();
  return "coalesce(CAST(TRY(" + TextsOfJson().value(cell, type) + ") AS VARCHAR), " + cell.text() +
         ")";
}

}  // namespace leat::run
