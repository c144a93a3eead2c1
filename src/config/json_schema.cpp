#include "config/json_schema.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

#include "config/option_docs.hpp"

namespace leat::config {
namespace {

using Json = nlohmann::ordered_json;

/// A limit as a whole number where it is one that every reader of JSON knows.
Json number_of(long double value) {
  const bool whole = value == std::floor(value) && std::abs(value) <= 9007199254740991.0L;
  if (whole) return Json(std::int64_t(value));
  return Json(double(value));
}

/// Any scalar may be written as a variable or a template instead.
Json or_template(Json schema) {
  Json any = Json::array();
  any.push_back(std::move(schema));
  any.push_back({{"type", "string"}, {"pattern", "\\$\\{|\\{\\{"}});
  return {{"anyOf", std::move(any)}};
}

Json number_schema(const char* type, const ValueShape& shape) {
  Json schema{{"type", type}};
  if (shape.min) schema["minimum"] = number_of(*shape.min);
  if (shape.max && *shape.max < 9e18L) schema["maximum"] = number_of(*shape.max);
  return or_template(std::move(schema));
}

Json text_schema(const ValueShape& shape) {
  if (!shape.choices.empty()) return or_template({{"enum", shape.choices}});
  Json schema;
  if (shape.length_min || shape.length_max) {
    schema["type"] = "string";
    if (shape.length_min) schema["minLength"] = shape.length_min;
    if (shape.length_max) schema["maxLength"] = shape.length_max;
    return or_template(std::move(schema));
  }
  schema["type"] = {"string", "number", "boolean"};
  return schema;
}

Json shape_schema(const ValueShape& shape);

Json list_schema(const ValueShape& shape) {
  auto item = shape_schema(*shape.element);
  Json list{{"type", "array"}, {"items", item}};
  if (shape.length_min) list["minItems"] = shape.length_min;
  if (shape.length_max) list["maxItems"] = shape.length_max;
  Json any = Json::array();
  any.push_back(std::move(list));
  if (shape.length_min <= 1) any.push_back(std::move(item));
  return {{"anyOf", std::move(any)}};
}

Json map_schema(const ValueShape& shape) {
  Json schema{{"type", "object"}, {"additionalProperties", shape_schema(*shape.element)}};
  if (shape.length_min) schema["minProperties"] = shape.length_min;
  return schema;
}

Json shape_schema(const ValueShape& shape) {
  switch (shape.kind) {
    case ValueKind::boolean: return or_template({{"type", "boolean"}});
    case ValueKind::integer: return number_schema("integer", shape);
    case ValueKind::number: return number_schema("number", shape);
    case ValueKind::text: return text_schema(shape);
    case ValueKind::bytes:
    case ValueKind::share: return {{"type", {"string", "number"}}};
    case ValueKind::duration: return {{"type", "string"}};
    case ValueKind::sql: return {{"type", {"string", "boolean", "number"}}};  // `true` is SQL.
    case ValueKind::secret: return {{"type", "string"}, {"pattern", "^\\$\\{secret:\\w+\\}$"}};
    case ValueKind::any: return Json::object();
    case ValueKind::list: return list_schema(shape);
    case ValueKind::map: return map_schema(shape);
    case ValueKind::table: return schema_of(*shape.table);
  }
  return Json::object();
}

}  // namespace

Json schema_of(const OptionSet& options) {
  Json properties = Json::object();
  Json required = Json::array();
  for (const auto& entry : options.entries()) {
    if (entry.later) continue;
    auto schema = shape_schema(entry.shape);
    schema["description"] = entry.summary;
    if (!entry.default_text.empty()) schema["default"] = entry.default_text;
    const auto example = example_of(entry);
    if (!example.empty()) schema["examples"] = {example};
    if (entry.required) required.push_back(entry.key);
    properties[entry.key] = std::move(schema);
  }
  Json schema{
      {"type", "object"}, {"properties", std::move(properties)}, {"additionalProperties", false}};
  if (!required.empty()) schema["required"] = std::move(required);
  return schema;
}

std::string schema_document(const Json& schema, const std::string& title) {
  Json document{{"$schema", "https://json-schema.org/draft/2020-12/schema"}, {"title", title}};
  document.update(schema);
  return document.dump(2) + "\n";
}

}  // namespace leat::config
