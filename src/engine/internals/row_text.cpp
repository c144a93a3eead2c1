#include <cmath>
#include <cstdio>
#include <string>

#include "engine/internals/fault.hpp"

namespace leat {
namespace internals {
namespace {

void append_text(std::string& json, const std::string& text) {
  json += '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      json += '\\';
      json += c;
    } else if (c == '\n') {
      json += "\\n";
    } else if (c == '\t') {
      json += "\\t";
    } else if (c == '\r') {
      json += "\\r";
    } else if (byte < 0x20) {
      char escaped[8];
      std::snprintf(escaped, sizeof(escaped), "\\u%04x", static_cast<unsigned>(byte));
      json += escaped;
    } else {
      json += c;
    }
  }
  json += '"';
}

bool is_finite(const duckdb::Value& value) {
  if (value.type().id() == duckdb::LogicalTypeId::FLOAT) {
    return std::isfinite(duckdb::FloatValue::Get(value));
  }
  if (value.type().id() == duckdb::LogicalTypeId::DOUBLE) {
    return std::isfinite(duckdb::DoubleValue::Get(value));
  }
  return true;
}

/// Whether a reader of JSON, to whom a number is a double, comes to the same value: a decimal is
/// one of its digits, and within a list or struct the cast back to it looks at all that a double
/// has.
bool is_exact_as_number(const duckdb::Value& value, const std::string& text, bool is_nested) {
  constexpr size_t kDigitsOfDouble = 15;
  switch (value.type().id()) {
    case duckdb::LogicalTypeId::DECIMAL:
      if (is_nested) return false;
      break;
    case duckdb::LogicalTypeId::HUGEINT:
    case duckdb::LogicalTypeId::UHUGEINT: break;
    default: return value.type().IsNumeric() && is_finite(value);
  }
  size_t digits = 0;
  for (const char c : text) digits += c >= '0' && c <= '9' ? 1 : 0;
  return digits <= kDigitsOfDouble;
}

void append_value(std::string& json, const duckdb::Value& value, bool is_nested);

void append_struct(std::string& json, const duckdb::Value& value) {
  const auto& children = duckdb::StructValue::GetChildren(value);
  json += '{';
  for (duckdb::idx_t i = 0; i < children.size(); ++i) {
    if (i > 0) json += ',';
    append_text(json, duckdb::StructType::GetChildName(value.type(), i));
    json += ':';
    append_value(json, children[i], true);
  }
  json += '}';
}

void append_items(std::string& json, const duckdb::vector<duckdb::Value>& items) {
  json += '[';
  for (duckdb::idx_t i = 0; i < items.size(); ++i) {
    if (i > 0) json += ',';
    append_value(json, items[i], true);
  }
  json += ']';
}

/// As the engine reads it again: an object, whose names are the keys; where those are nested, a
/// list of keys and values.
void append_map(std::string& json, const duckdb::Value& value) {
  const auto& pairs = duckdb::ListValue::GetChildren(value);
  if (duckdb::MapType::KeyType(value.type()).IsNested()) return append_items(json, pairs);
  json += '{';
  for (duckdb::idx_t i = 0; i < pairs.size(); ++i) {
    if (i > 0) json += ',';
    const auto& pair = duckdb::StructValue::GetChildren(pairs[i]);
    append_text(json, pair[0].ToString());
    json += ':';
    append_value(json, pair[1], true);
  }
  json += '}';
}

void append_value(std::string& json, const duckdb::Value& value, bool is_nested) {
  if (value.IsNull()) {
    json += "null";
    return;
  }
  switch (value.type().id()) {
    case duckdb::LogicalTypeId::STRUCT: return append_struct(json, value);
    case duckdb::LogicalTypeId::MAP: return append_map(json, value);
    case duckdb::LogicalTypeId::LIST:
      return append_items(json, duckdb::ListValue::GetChildren(value));
    case duckdb::LogicalTypeId::ARRAY:
      return append_items(json, duckdb::ArrayValue::GetChildren(value));
    case duckdb::LogicalTypeId::BOOLEAN: json += value.ToString(); return;
    default: break;
  }
  const auto text = value.ToString();
  if (is_exact_as_number(value, text, is_nested)) {
    json += text;
  } else {
    append_text(json, text);
  }
}

}  // namespace
}  // namespace internals
}  // namespace leat

bool leat_cell_text(duckdb_vector vector, size_t row, leat_text_fn text, void* self,
                    leat_fault* fault) {
  using namespace leat::internals;
  return guarded(fault, [&] {
    const auto value = as_vector(vector).GetValue(row);
    if (value.IsNull()) return;
    const auto printed = value.ToString();
    text(self, printed.data(), printed.size());
  });
}

bool leat_row_json(const leat_table* table, const duckdb_vector* vectors, size_t row,
                   leat_text_fn text, void* self, leat_fault* fault) {
  using namespace leat::internals;
  return guarded(fault, [&] {
    std::string json = "{";
    for (size_t i = 0; i < table->size; ++i) {
      if (vectors[i] == nullptr) continue;
      if (json.size() > 1) json += ',';
      append_text(json, table->names[i]);
      json += ':';
      append_value(json, as_vector(vectors[i]).GetValue(row), false);
    }
    json += '}';
    text(self, json.data(), json.size());
  });
}
