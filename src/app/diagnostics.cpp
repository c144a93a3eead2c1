#include "app/diagnostics.hpp"

#include "config/render.hpp"

namespace leat::app {

std::string render(std::span<const Diagnostic> diagnostics, bool color) {
  auto text = config::render(diagnostics, color ? config::Colour::yes : config::Colour::no);
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

}  // namespace leat::app
