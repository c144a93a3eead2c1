#include "clients/avro/schema.hpp"

#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "base/names.hpp"

namespace leat::avro {
namespace {

using data::TypeId;
using nlohmann::json;

constexpr std::size_t kSchemaDepthMax = 100;
constexpr std::size_t kNodesMax = 1'000'000;
constexpr std::uint32_t kFixedMax = 1 << 30;

/// Reads a schema, type by type.
class Reader {
 public:
  Result<Types> read(const json& document) {
    TRY(x_types.root, type(document, "", 0));
    TRY(require_ends());
    return std::move(x_types);
  }

 private:
  static Error wrong(std::string what) {
    return Error(Fault::config, "its schema is no Avro schema: " + std::move(what));
  }

  Result<std::uint32_t> type(const json& from, const std::string& space, std::size_t depth) {
    if (depth > kSchemaDepthMax) return wrong("it nests too deep");
    if (x_types.nodes.size() > kNodesMax) return wrong("it has too many types");
    if (from.is_string()) return named(from.get<std::string>(), space);
    if (from.is_array()) {
      Node node;
      node.kind = Kind::either;
      for (const auto& branch : from) {
        TRY(const auto item, type(branch, space, depth + 1));
        node.items.push_back(item);
      }
      if (node.items.empty()) return wrong("a union has no types");
      return add(std::move(node));
    }
    if (!from.is_object() || !from.contains("type")) return wrong("a type is missing");
    const auto& inner = from["type"];
    if (!inner.is_string()) return type(inner, space, depth + 1);
    const auto name = inner.get<std::string>();
    if (name == "record" || name == "error") return record(from, space, depth);
    if (name == "array" || name == "map") return container(from, space, depth);
    if (name == "enum" || name == "fixed") return leaf(from, space, name == "enum");
    TRY(const auto at, named(name, space));
    // A record may still be open, so that its copy would not have all of its fields; the symbols of
    // an enum are not worth a copy each.
    const auto kind = x_types.nodes[at].kind;
    if (kind == Kind::record || kind == Kind::symbols) return at;
    Node node = x_types.nodes[at];
    give_meaning(from, node);
    return add(std::move(node));
  }

  Result<std::uint32_t> named(const std::string& name, const std::string& space) {
    static const std::map<std::string, Kind, std::less<>> kinds{
        {"null", Kind::null},   {"boolean", Kind::boolean}, {"int", Kind::int32},
        {"long", Kind::int64},  {"float", Kind::float32},   {"double", Kind::float64},
        {"bytes", Kind::bytes}, {"string", Kind::text}};
    const auto kind = kinds.find(name);
    if (kind != kinds.end()) {
      Node node;
      node.kind = kind->second;
      return add(std::move(node));
    }
    auto found = x_named.find(full_name(name, space));
    if (found == x_named.end()) found = x_named.find(name);
    if (found == x_named.end()) return wrong("nothing is called `" + name + "`");
    return found->second;
  }

  Result<std::uint32_t> record(const json& from, const std::string& space, std::size_t depth) {
    TRY(const auto at, add_named(from, space, Kind::record));
    const auto fields = from.find("fields");
    if (fields == from.end() || !fields->is_array()) return wrong("a record has no fields");
    std::set<std::string> names;
    for (const auto& field : *fields) {
      if (!field.is_object() || !field.contains("name") || !field["name"].is_string() ||
          !field.contains("type")) {
        return wrong("a field has no name or no type");
      }
      const auto name = field["name"].get<std::string>();
      if (!names.insert(name).second) return wrong("two fields are called `" + name + "`");
      TRY(const auto item, type(field["type"], x_space[at], depth + 1));
      x_types.nodes[at].names.push_back(name);
      x_types.nodes[at].items.push_back(item);
    }
    return at;
  }

  Result<std::uint32_t> container(const json& from, const std::string& space, std::size_t depth) {
    const bool is_map = from["type"] == "map";
    const auto inside = from.find(is_map ? "values" : "items");
    if (inside == from.end()) return wrong("a list or map does not say what is in it");
    Node node;
    node.kind = is_map ? Kind::map : Kind::list;
    TRY(const auto item, type(*inside, space, depth + 1));
    node.items.push_back(item);
    return add(std::move(node));
  }

  Result<std::uint32_t> leaf(const json& from, const std::string& space, bool is_enum) {
    TRY(const auto at, add_named(from, space, is_enum ? Kind::symbols : Kind::fixed));
    auto& node = x_types.nodes[at];
    const auto found = from.find(is_enum ? "symbols" : "size");
    if (is_enum) {
      if (found == from.end() || !found->is_array()) return wrong("an enum has no symbols");
      for (const auto& symbol : *found) {
        if (!symbol.is_string()) return wrong("a symbol is no text");
        node.names.push_back(symbol.get<std::string>());
      }
      return at;
    }
    if (found == from.end() || !found->is_number_unsigned() ||
        found->get<std::uint64_t>() > kFixedMax) {
      return wrong("a fixed has no size");
    }
    node.size = found->get<std::uint32_t>();
    give_meaning(from, node);
    return at;
  }

  /// A record that holds itself, and not by a union, list or map, has no value that ends.
  Status require_ends() const {
    const auto& nodes = x_types.nodes;
    std::vector<std::uint32_t> waits(nodes.size());
    std::vector<std::vector<std::uint32_t>> inside(nodes.size());
    std::vector<std::uint32_t> ready;
    for (std::uint32_t at = 0; at < nodes.size(); ++at) {
      if (nodes[at].kind != Kind::record) continue;
      for (const auto item : nodes[at].items) {
        if (nodes[item].kind != Kind::record) continue;
        ++waits[at];
        inside[item].push_back(at);
      }
      if (waits[at] == 0) ready.push_back(at);
    }
    while (!ready.empty()) {
      const auto at = ready.back();
      ready.pop_back();
      for (const auto outer : inside[at]) {
        if (--waits[outer] == 0) ready.push_back(outer);
      }
    }
    for (const auto& [name, at] : x_named) {
      if (waits[at] > 0) return wrong("record `" + name + "` holds itself, so it never ends");
    }
    return {};
  }

  static std::string full_name(const std::string& name, const std::string& space) {
    return space.empty() || name.find('.') != std::string::npos ? name : space + "." + name;
  }

  Result<std::uint32_t> add_named(const json& from, const std::string& space, Kind kind) {
    if (!from.contains("name") || !from["name"].is_string()) return wrong("a type has no name");
    std::string own = space;
    if (from.contains("namespace") && from["namespace"].is_string()) {
      own = from["namespace"].get<std::string>();
    }
    const auto name = full_name(from["name"].get<std::string>(), own);
    const auto dot = name.rfind('.');
    Node node;
    node.kind = kind;
    const auto at = add(std::move(node));
    x_named[name] = at;
    x_space[at] = dot == std::string::npos ? "" : name.substr(0, dot);
    return at;
  }

  std::uint32_t add(Node node) {
    x_types.nodes.push_back(std::move(node));
    return static_cast<std::uint32_t>(x_types.nodes.size() - 1);
  }

  static void give_decimal(const json& from, Node& node) {
    const auto number = [&from](const char* key) {
      const auto found = from.find(key);
      return found != from.end() && found->is_number_unsigned() ? found->get<std::uint64_t>() : 0;
    };
    const auto precision = number("precision");
    const auto scale = number("scale");
    if (precision < 1 || precision > 38 || scale > precision) return;
    if (node.kind != Kind::bytes && node.kind != Kind::fixed) return;
    node.meaning = Meaning::decimal;
    node.precision = static_cast<std::uint8_t>(precision);
    node.scale = static_cast<std::uint8_t>(scale);
  }

  static void give_meaning(const json& from, Node& node) {
    struct Known {
      Meaning meaning;
      Kind kind;
      std::int64_t multiply;
      std::int64_t divide;
    };
    static const std::map<std::string, Known, std::less<>> known{
        {"date", {Meaning::date, Kind::int32, 1, 1}},
        {"time-millis", {Meaning::time, Kind::int32, 1000, 1}},
        {"time-micros", {Meaning::time, Kind::int64, 1, 1}},
        {"timestamp-millis", {Meaning::timestamp_tz, Kind::int64, 1000, 1}},
        {"timestamp-micros", {Meaning::timestamp_tz, Kind::int64, 1, 1}},
        {"timestamp-nanos", {Meaning::timestamp_tz, Kind::int64, 1, 1000}},
        {"local-timestamp-millis", {Meaning::timestamp, Kind::int64, 1000, 1}},
        {"local-timestamp-micros", {Meaning::timestamp, Kind::int64, 1, 1}},
        {"local-timestamp-nanos", {Meaning::timestamp, Kind::int64, 1, 1000}}};
    const auto said = from.find("logicalType");
    if (said == from.end() || !said->is_string()) return;
    const auto name = said->get<std::string>();
    if (name == "decimal") return give_decimal(from, node);
    if (name == "uuid") {
      const bool fits = node.kind == Kind::text || (node.kind == Kind::fixed && node.size == 16);
      if (fits) node.meaning = Meaning::uuid;
      return;
    }
    const auto found = known.find(name);
    if (found == known.end() || found->second.kind != node.kind) return;
    node.meaning = found->second.meaning;
    node.multiply = found->second.multiply;
    node.divide = found->second.divide;
  }

  Types x_types;
  std::map<std::string, std::uint32_t, std::less<>> x_named;
  std::map<std::uint32_t, std::string> x_space;  ///< In which the names inside of a type are.
};

data::Type type_of(const Node& node) {
  const auto plain = [](TypeId id) { return data::Type{id, 0, 0, {}}; };
  switch (node.meaning) {
    case Meaning::decimal: return {TypeId::decimal, node.precision, node.scale, {}};
    case Meaning::uuid: return plain(TypeId::uuid);
    case Meaning::date: return plain(TypeId::date);
    case Meaning::time: return plain(TypeId::time);
    case Meaning::timestamp: return plain(TypeId::timestamp);
    case Meaning::timestamp_tz: return plain(TypeId::timestamp_tz);
    case Meaning::plain: break;
  }
  switch (node.kind) {
    case Kind::boolean: return plain(TypeId::boolean);
    case Kind::int32: return plain(TypeId::int32);
    case Kind::int64: return plain(TypeId::int64);
    case Kind::float32: return plain(TypeId::float32);
    case Kind::float64: return plain(TypeId::float64);
    case Kind::bytes:
    case Kind::fixed: return plain(TypeId::blob);
    case Kind::record:
    case Kind::list:
    case Kind::map:
    case Kind::either: return plain(TypeId::json);
    case Kind::null:
    case Kind::text:
    case Kind::symbols: break;
  }
  return plain(TypeId::varchar);
}

/// A union of null and one other type is that type, and may be null.
void look_into_union(const Types& types, Field& field) {
  const Node& node = types.nodes[field.node];
  if (node.kind != Kind::either || node.items.size() > 2) return;
  std::int32_t values = 0;
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    if (types.nodes[node.items[i]].kind == Kind::null) continue;
    ++values;
    field.value_branch = static_cast<std::int32_t>(i);
  }
  if (values > 1) return;
  field.branches = static_cast<std::int32_t>(node.items.size());
  if (values == 0) field.value_branch = -1;
  field.node = node.items[values == 0 ? 0 : static_cast<std::size_t>(field.value_branch)];
}

json written_type(const data::Type& type) {
  const auto logical = [](const char* kind, const char* meaning) {
    return json{{"type", kind}, {"logicalType", meaning}};
  };
  switch (type.id) {
    case TypeId::boolean: return "boolean";
    case TypeId::int8:
    case TypeId::int16:
    case TypeId::int32:
    case TypeId::uint8:
    case TypeId::uint16: return "int";
    case TypeId::int64:
    case TypeId::uint32: return "long";
    case TypeId::float32: return "float";
    case TypeId::float64: return "double";
    case TypeId::blob: return "bytes";
    case TypeId::date: return logical("int", "date");
    case TypeId::time: return logical("long", "time-micros");
    case TypeId::timestamp: return logical("long", "local-timestamp-micros");
    case TypeId::timestamp_tz: return logical("long", "timestamp-micros");
    case TypeId::uuid: return logical("string", "uuid");
    case TypeId::decimal: {
      auto decimal = logical("bytes", "decimal");
      decimal["precision"] = type.width;
      decimal["scale"] = type.scale;
      return decimal;
    }
    default: return "string";
  }
}

}  // namespace

Result<Types> parse_types(std::string_view text) {
  const auto document = json::parse(text, nullptr, false);
  if (document.is_discarded()) {
    return Error(Fault::config, "its schema is no Avro schema: it is no JSON");
  }
  return Reader().read(document);
}

Result<std::vector<Field>> fields_of(const Types& types) {
  const Node& root = types.nodes[types.root];
  if (root.kind != Kind::record) {
    return Error(Fault::config, "its rows are no records").hint("a row must be an Avro record");
  }
  std::set<std::string> seen;
  std::vector<Field> fields;
  for (std::size_t i = 0; i < root.items.size(); ++i) {
    Field field;
    field.name = root.names[i];
    if (!seen.insert(to_lower(field.name)).second) {
      return Error(Fault::config, "two columns are called `" + field.name + "`, letter case aside");
    }
    field.node = root.items[i];
    look_into_union(types, field);
    field.type = type_of(types.nodes[field.node]);
    field.is_json = field.type.id == TypeId::json;
    fields.push_back(std::move(field));
  }
  return fields;
}

std::string schema_json(const data::Schema& schema) {
  auto fields = nlohmann::ordered_json::array();
  for (const auto& column : schema.columns) {
    nlohmann::ordered_json field;
    field["name"] = column.name;
    field["type"] = json::array({"null", written_type(column.type)});
    field["default"] = nullptr;
    fields.push_back(std::move(field));
  }
  nlohmann::ordered_json record;
  record["type"] = "record";
  record["name"] = "row";
  record["fields"] = std::move(fields);
  return record.dump();
}

std::optional<data::Type> avro_travel_type(const data::Type& type) {
  if (type.is_nested()) return data::Type{TypeId::json, 0, 0, {}};
  switch (type.id) {
    case TypeId::uint64: return data::Type{TypeId::decimal, 20, 0, {}};
    case TypeId::int128:
    case TypeId::uint128:
    case TypeId::interval:
    case TypeId::other: return data::Type{TypeId::varchar, 0, 0, {}};
    default: return std::nullopt;
  }
}

bool is_avro_name(std::string_view name) {
  const auto is_letter = [](char c) { return (c | 0x20) >= 'a' && (c | 0x20) <= 'z'; };
  for (std::size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    const bool is_digit = c >= '0' && c <= '9';
    if (!is_letter(c) && c != '_' && (!is_digit || i == 0)) return false;
  }
  return !name.empty();
}

}  // namespace leat::avro
