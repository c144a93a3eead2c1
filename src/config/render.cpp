#include "config/render.hpp"

#include <algorithm>

#include "config/node.hpp"

namespace leat::config {
namespace {

constexpr std::string_view kIndent = "    ";
constexpr std::size_t kLineMax = 160;  ///< Characters of a source line.

struct Paint {
  std::string_view bold;
  std::string_view red;
  std::string_view green;
  std::string_view off;
};

Paint paint_of(Colour colour) {
  if (colour == Colour::no) return {};
  return {"\x1b[1m", "\x1b[1;31m", "\x1b[1;32m", "\x1b[0m"};
}

std::size_t character_size(std::string_view text, std::size_t at) {
  auto end = at + 1;
  while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) ++end;
  return end - at;
}

/// East Asian wide characters and emoji take two cells of a terminal; combining marks take none.
int cells_of(std::string_view character) {
  const auto byte = [character](std::size_t i) {
    return char32_t(static_cast<unsigned char>(character[i]) & 0x3F);
  };
  char32_t code = static_cast<unsigned char>(character[0]);
  if (character.size() == 2) code = ((code & 0x1F) << 6) | byte(1);
  if (character.size() == 3) code = ((code & 0x0F) << 12) | (byte(1) << 6) | byte(2);
  if (character.size() >= 4) {
    code = ((code & 0x07) << 18) | (byte(1) << 12) | (byte(2) << 6) | byte(3);
  }
  const auto in = [code](char32_t low, char32_t high) { return code >= low && code <= high; };
  if (in(0x300, 0x36F) || in(0x200B, 0x200F) || in(0xFE00, 0xFE0F)) return 0;
  const bool wide = in(0x1100, 0x115F) || in(0x2E80, 0xA4CF) || in(0xAC00, 0xD7A3) ||
                    in(0xF900, 0xFAFF) || in(0xFE30, 0xFE6F) || in(0xFF00, 0xFF60) ||
                    in(0xFFE0, 0xFFE6) || in(0x1F300, 0x1FAFF) || in(0x20000, 0x3FFFD);
  return wide ? 2 : 1;
}

struct Shown {
  std::string line;
  std::string caret;
};

/// The part of the line around the place, and the caret line below it.
Shown line_with_caret(const Diagnostic& diagnostic) {
  Shown shown;
  const std::string_view text = diagnostic.source_line;
  const auto column = std::size_t(diagnostic.place.column);
  const auto length = std::size_t(std::max(1, diagnostic.length));
  const std::size_t first = column > kLineMax ? column - kLineMax / 2 : 1;
  if (first > 1) {
    shown.line = "…";
    shown.caret = " ";
  }
  std::size_t number = 1;
  for (std::size_t at = 0; at < text.size() && number < first + kLineMax; ++number) {
    const auto character = text.substr(at, character_size(text, at));
    at += character.size();
    if (number < first) continue;
    const bool control = static_cast<unsigned char>(character[0]) < 0x20 || character[0] == 0x7F;
    const bool tab = character[0] == '\t';
    shown.line += control && !tab ? std::string_view("?") : character;
    const char mark = number < column ? ' ' : number == column ? '^' : '~';
    const int cells = control ? 1 : cells_of(character);
    if (number < column) shown.caret.append(tab ? 1 : std::size_t(cells), tab ? '\t' : ' ');
    if (number >= column && number < column + length) {
      shown.caret += mark;
      if (cells > 1) shown.caret += '~';
    }
  }
  if (number <= column) shown.caret += "^";
  if (number == first + kLineMax) shown.line += "…";
  return shown;
}

std::string place_text(const Place& place) {
  std::string text = place.file;
  if (place.line > 0) text += ":" + std::to_string(place.line);
  if (place.line > 0 && place.column > 0) text += ":" + std::to_string(place.column);
  return text.empty() ? text : text + ": ";
}

void render_one(const Diagnostic& diagnostic, const Paint& paint, std::string& out) {
  out += paint.bold;
  out += place_text(diagnostic.place);
  out += paint.off;
  out += paint.red;
  out += "error: ";
  out += paint.off;
  out += diagnostic.message;
  out += "\n";
  if (!diagnostic.source_line.empty() && diagnostic.place.column > 0) {
    const auto shown = line_with_caret(diagnostic);
    out.append(kIndent).append(shown.line).append("\n");
    out.append(kIndent).append(paint.green).append(shown.caret).append(paint.off).append("\n");
  }
  if (!diagnostic.hint.empty()) {
    out.append(kIndent).append("hint: ").append(diagnostic.hint).append("\n");
  }
}

}  // namespace

std::string render(std::span<const Diagnostic> diagnostics, Colour colour) {
  std::string out;
  for (const auto& diagnostic : diagnostics) render_one(diagnostic, paint_of(colour), out);
  return out;
}

}  // namespace leat::config
