#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/assert.hpp"
#include "config/findings.hpp"
#include "config/render.hpp"
#include "config/yaml.hpp"

namespace {

/// Every node of a tree that was accepted has a place inside the text.
void visit(const leat::config::Node& node, int lines) {
  LEAT_ASSERT(node.place.line >= 0 && node.place.line <= lines);
  for (const auto& entry : node.entries) {
    visit(entry.key, lines);
    visit(entry.value, lines);
  }
  for (const auto& item : node.items) visit(item, lines);
}

}  // namespace

/// Any bytes are a tree or complaints that can be shown, never both and never neither.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  int lines = 2;
  for (const char c : text) lines += c == '\n' || c == '\r' ? 1 : 0;
  leat::config::Findings findings;
  const auto root = leat::config::parse_yaml(text, "fuzz.yml", findings);
  LEAT_ASSERT(root.has_value() == findings.empty());
  if (root) visit(*root, lines);
  const auto complaints = findings.take();
  LEAT_ASSERT(root.has_value() || !leat::config::render(complaints).empty());
  return 0;
}
