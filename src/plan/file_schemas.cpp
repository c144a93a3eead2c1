#include "plan/file_schemas.hpp"

#include <nlohmann/json.hpp>

#include "config/json_schema.hpp"
#include "config/yaml.hpp"
#include "plan/pipeline_file.hpp"
#include "plan/project_file.hpp"

namespace leat::plan {
namespace {

using Json = nlohmann::ordered_json;

Json described(Json schema, const std::string& summary, const std::string& example) {
  schema["description"] = summary;
  if (!example.empty()) schema["examples"] = {example};
  return schema;
}

/// The example shows where options may also stand in a short form: `rows: [{id: 1}]`.
Json with_short_form(Json schema, const std::string& example) {
  config::Findings findings;
  const auto node = config::parse_yaml(example, "example", findings);
  if (!node || node->entries.empty()) return schema;
  const auto& value = node->entries.front().value;
  if (!value.is_sequence() && !value.is_scalar()) return schema;
  Json any = Json::array();
  any.push_back(std::move(schema));
  any.push_back({{"type", value.is_sequence() ? "array" : "string"}});
  return {{"anyOf", std::move(any)}};
}

/// Nodes by name: the reserved keys and exactly one connector.
template <typename Entries>
Json nodes_schema(const config::OptionSet& reserved, const Entries& connectors) {
  auto node = config::schema_of(reserved);
  Json one_of = Json::array();
  for (const auto& [name, entry] : connectors) {
    auto schema = entry.options ? config::schema_of(*entry.options) : Json::object();
    schema = with_short_form(std::move(schema), entry.example);
    node["properties"][name] = described(std::move(schema), entry.summary, entry.example);
    one_of.push_back({{"required", {name}}});
  }
  if (!one_of.empty()) node["oneOf"] = std::move(one_of);
  return {{"type", "object"}, {"additionalProperties", std::move(node)}};
}

/// Datasets by name, each with a list of maps of one check.
Json checks_schema(const Catalog& catalog) {
  Json checks = Json::object();
  for (const auto& [name, entry] : catalog.checks()) {
    Json forms = Json::array();
    if (entry.options) forms.push_back(config::schema_of(*entry.options));
    forms.push_back({{"type", {"array", "string", "number", "boolean"}}});
    checks[name] = described({{"anyOf", std::move(forms)}}, entry.summary, entry.example);
  }
  Json check{{"type", "object"},
             {"properties", std::move(checks)},
             {"additionalProperties", false},
             {"minProperties", 1},
             {"maxProperties", 1}};
  Json list{{"type", "array"}, {"items", std::move(check)}};
  return {{"type", "object"}, {"additionalProperties", std::move(list)}};
}

/// A contract is a file, or stands in its place.
void put_contract(Json& node) {
  Json any = Json::array();
  any.push_back({{"type", "string"}});
  any.push_back(config::schema_of(contract_options()));
  Json contract{{"anyOf", std::move(any)}};
  for (const char* word : {"description", "examples"}) {
    contract[word] = node["properties"]["contract"][word];
  }
  node["properties"]["contract"] = std::move(contract);
}

Json models_schema() {
  auto model = config::schema_of(model_options());
  put_contract(model);
  model["type"] = {"object", "null"};
  return {{"type", "object"}, {"additionalProperties", std::move(model)}};
}

void put(Json& schema, const char* key, Json section) {
  section["description"] = schema["properties"][key]["description"];
  section["examples"] = schema["properties"][key]["examples"];
  schema["properties"][key] = std::move(section);
}

}  // namespace

std::string pipeline_schema(const Catalog& catalog) {
  auto schema = config::schema_of(pipeline_options());
  auto sources = nodes_schema(source_options(), catalog.sources());
  put_contract(sources["additionalProperties"]);
  put(schema, "sources", std::move(sources));
  put(schema, "models", models_schema());
  put(schema, "steps",
      {{"type", "object"}, {"additionalProperties", config::schema_of(step_options())}});
  put(schema, "checks", checks_schema(catalog));
  put(schema, "sinks", nodes_schema(sink_options(), catalog.sinks()));
  return config::schema_document(schema, "Leat pipeline");
}

std::string contract_schema() {
  return config::schema_document(config::schema_of(contract_options()), "Leat contract");
}

std::string project_schema() {
  return config::schema_document(config::schema_of(project_options()), "Leat project");
}

}  // namespace leat::plan
