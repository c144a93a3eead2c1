#include "config/option_docs.hpp"

#include <string_view>
#include <utility>

#include "config/read_value.hpp"

namespace leat::config {
namespace {

/// Keys that many tables have, and that mean the same in each.
constexpr std::pair<std::string_view, std::string_view> kWellKnown[] = {
    {"against", "other_prices"},
    {"by", "day"},
    {"checksum", "[day, close]"},
    {"contains", "[day, close]"},
    {"contract", "contracts/prices.yml"},
    {"equal", "[day, close]"},
    {"equal_to", "other_prices"},
    {"except", "[note]"},
    {"from", "2024-01-01"},
    {"of", "other_prices"},
    {"on", "[day, symbol]"},
    {"sum", "[volume]"},
    {"to", "other_prices"},
    {"to_column", "close"},
    {"volume", "volume"},
    {"column", "close"},
    {"columns", "[day, close]"},
    {"default", "2024"},
    {"description", "\"Prices of every day, checked.\""},
    {"key", "[day, symbol]"},
    {"max", "100"},
    {"min", "0"},
    {"name", "prices_are_there"},
    {"path", "prices.csv"},
    {"query", "SELECT * FROM prices"},
    {"regex", "\"^[A-Z]{1,5}$\""},
    {"sql", "high >= low"},
    {"table", "prices"},
    {"type", "date"},
    {"values", "[AAPL, MSFT]"},
    {"where", "volume > 0"},
    {"choices", "[2023, 2024]"},
};

std::string well_known(const std::string& key) {
  for (const auto& [name, example] : kWellKnown) {
    if (name == key) return std::string(example);
  }
  return "";
}

/// The required keys, or the first one that can be used.
std::string table_example(const OptionSet& table) {
  std::string required;
  std::string first;
  for (const auto& entry : table.entries()) {
    const auto example = entry.later ? "" : example_of(entry);
    if (example.empty()) continue;
    const auto pair = entry.key + ": " + example;
    if (entry.required) required += (required.empty() ? "" : ", ") + pair;
    if (first.empty()) first = pair;
  }
  const auto& inside = required.empty() ? first : required;
  return inside.empty() ? "" : "{" + inside + "}";
}

std::string shape_example(const ValueShape& shape) {
  if (!shape.choices.empty()) return shape.choices.front();
  switch (shape.kind) {
    case ValueKind::boolean: return "true";
    case ValueKind::integer:
    case ValueKind::number: return number_text(shape.min && *shape.min > 1 ? *shape.min : 1);
    case ValueKind::bytes: return "512MB";
    case ValueKind::duration: return "30m";
    case ValueKind::share: return "5%";
    case ValueKind::secret: return "\"${secret:password}\"";
    case ValueKind::text:
    case ValueKind::sql:
    case ValueKind::any: return "";
    case ValueKind::table: return table_example(*shape.table);
    case ValueKind::list: {
      const auto item = shape_example(*shape.element);
      return item.empty() ? "" : "[" + item + "]";
    }
    case ValueKind::map: {
      const auto item = shape_example(*shape.element);
      return item.empty() ? "" : "{name: " + item + "}";
    }
  }
  return "";
}

std::string limits_of(const ValueShape& shape) {
  const bool has_max = shape.max && *shape.max < 9e18L;
  if (shape.min && has_max) {
    return " from " + number_text(*shape.min) + " to " + number_text(*shape.max);
  }
  if (shape.min) return " of at least " + number_text(*shape.min);
  return has_max ? " of at most " + number_text(*shape.max) : "";
}

std::string choices_of(const std::vector<std::string>& choices) {
  std::string out;
  for (std::size_t i = 0; i < choices.size(); ++i) {
    if (i > 0) out += i + 1 == choices.size() ? " or " : ", ";
    out += "`" + choices[i] + "`";
  }
  return out;
}

}  // namespace

std::string example_of(const OptionEntry& entry) {
  if (!entry.example.empty()) return entry.example;
  if (!entry.default_text.empty() && entry.default_text != "\"\"") return entry.default_text;
  const auto example = shape_example(entry.shape);
  return example.empty() ? well_known(entry.key) : example;
}

std::string description_of(const ValueShape& shape) {
  if (!shape.choices.empty()) return choices_of(shape.choices);
  switch (shape.kind) {
    case ValueKind::integer:
    case ValueKind::number: return std::string(name_of(shape.kind)) + limits_of(shape);
    case ValueKind::list: return "a list, each " + description_of(*shape.element);
    case ValueKind::map: return "by name, each " + description_of(*shape.element);
    case ValueKind::table: return "a map";
    default: return std::string(name_of(shape.kind));
  }
}

}  // namespace leat::config
