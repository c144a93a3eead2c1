#include "app/option_table_text.hpp"

#include "config/option_docs.hpp"

namespace leat::app {
namespace {

using config::OptionEntry;
using config::OptionSet;
using config::ValueKind;
using config::ValueShape;

std::string code(const std::string& text) {
  return text.empty() ? "" : "`" + cell_text(text) + "`";
}

/// The table inside a shape, and how its keys are reached: "params.<name>".
const OptionSet* nested(const ValueShape& shape, std::string& path) {
  if (shape.kind == ValueKind::table) return shape.table;
  if (shape.kind == ValueKind::map) path += ".<name>";
  if (shape.kind == ValueKind::map || shape.kind == ValueKind::list) {
    return nested(*shape.element, path);
  }
  return nullptr;
}

std::string default_of(const OptionEntry& entry) {
  if (entry.required) return "required";
  return entry.default_text == "\"\"" ? "" : code(entry.default_text);
}

void add_rows(const OptionSet& options, const std::string& prefix, std::string& rows,
              std::string& later) {
  for (const auto& entry : options.entries()) {
    const auto key = prefix + entry.key;
    if (entry.later) {
      later += (later.empty() ? "" : ", ") + code(key);
      continue;
    }
    rows += "| " + code(key) + " | " + cell_text(config::description_of(entry.shape)) + " | " +
            default_of(entry) + " | " + cell_text(entry.summary) + " | " +
            code(config::example_of(entry)) + " |\n";
    auto path = key;
    if (const auto* table = nested(entry.shape, path)) add_rows(*table, path + ".", rows, later);
  }
}

}  // namespace

std::string cell_text(std::string text) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\n') text[at] = ' ';
    if (text[at] == '|') text.insert(at++, "\\");
  }
  return text;
}

std::string option_table_text(const OptionSet& options) {
  std::string rows;
  std::string later;
  add_rows(options, "", rows, later);
  std::string out;
  if (!rows.empty()) {
    out = "| key | value | default | meaning | example |\n|---|---|---|---|---|\n" + rows;
  }
  if (!later.empty()) {
    out += (out.empty() ? "" : "\n") + std::string("Known, and refused as not built yet: ") +
           later + ".\n";
  }
  return out;
}

}  // namespace leat::app
