#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/assert.hpp"
#include "config/render.hpp"
#include "config/variables.hpp"
#include "config/yaml.hpp"

namespace {

using namespace leat::config;

class NoVariables final : public Environment {
 public:
  std::optional<std::string> find(std::string_view) const override { return "value"; }
  std::vector<std::pair<std::string, std::string>> starting_with(std::string_view) const override {
    return {};
  }
};

void touch_places(const Node& node) {
  for (std::size_t at = 0; at <= node.text.size(); ++at) {
    const auto place = node.place_at(at);
    LEAT_ASSERT(place.line >= 1 && place.column >= 1);
  }
  for (const auto& item : node.items) touch_places(item);
  for (const auto& entry : node.entries) {
    touch_places(entry.key);
    touch_places(entry.value);
  }
}

}  // namespace

/// Any bytes are a tree or complaints with places that can be shown, never anything else.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  Findings findings;
  auto root = parse_yaml(text, "fuzz.yml", findings, {.bytes_max = 1 << 16, .nodes_max = 2000});
  LEAT_ASSERT(root.has_value() || !findings.empty());
  if (root) {
    touch_places(*root);
    static const auto kNone = std::make_shared<const Values>();
    resolve_scalars(*root, NoVariables(), kNone, findings);
  }
  render(findings.take());
  return 0;
}
