#include "connectors/files/xml_text.hpp"

#include <array>
#include <cstdio>

namespace leat::connectors::files {
namespace {

constexpr std::size_t kEscapeSize = 7;  ///< _x0007_

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n' && c != '\r';
}

/// U+FFFE and U+FFFF are EF BF BE and EF BF BF.
bool is_no_character(std::string_view text, std::size_t at) {
  return text[at] == '\xEF' && text.size() - at > 2 && text[at + 1] == '\xBF' &&
         (text[at + 2] == '\xBE' || text[at + 2] == '\xBF');
}

void append_plain(std::string& out, char c) {
  switch (c) {
    case '&': out += "&amp;"; break;
    case '<': out += "&lt;"; break;
    case '>': out += "&gt;"; break;
    default: out += c;
  }
}

/// -1: none.
int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/// The number in `_x0007` at the start; -1: it is none.
int number_at(std::string_view text) {
  if (text.size() < kEscapeSize - 1 || !text.starts_with("_x")) return -1;
  int value = 0;
  for (const char c : text.substr(2, 4)) {
    const int digit = hex_digit(c);
    if (digit < 0) return -1;
    value = value * 16 + digit;
  }
  return value;
}

bool needs_escape(std::string_view text, std::size_t at) {
  return is_control(text[at]) || text[at] == '\r' || is_no_character(text, at);
}

/// Would a reader take it for an escape? What follows may become one, and begin with its end.
bool looks_escaped(std::string_view text, std::size_t at) {
  if (number_at(text.substr(at)) < 0) return false;
  const auto end = at + kEscapeSize - 1;
  return end < text.size() && (text[end] == '_' || needs_escape(text, end));
}

/// `value` is below U+10000 and no half of a pair.
void append_utf8(std::string& out, unsigned value) {
  if (value < 0x80) {
    out += static_cast<char>(value);
    return;
  }
  if (value < 0x800) {
    out += static_cast<char>(0xC0 | value >> 6);
  } else {
    out += static_cast<char>(0xE0 | value >> 12);
    out += static_cast<char>(0x80 | (value >> 6 & 0x3F));
  }
  out += static_cast<char>(0x80 | (value & 0x3F));
}

void append_escape(std::string& out, unsigned value) {
  std::array<char, kEscapeSize + 1> text{};
  std::snprintf(text.data(), text.size(), "_x%04X_", value);
  out += text.data();
}

}  // namespace

std::size_t find_no_xml(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (is_control(text[i]) || is_no_character(text, i)) return i;
  }
  return std::string_view::npos;
}

void append_xml_text(std::string& out, std::string_view text) {
  for (const char c : text) {
    if (c == '\r') {
      out += "&#13;";
    } else {
      append_plain(out, c);
    }
  }
}

void append_sheet_text(std::string& out, std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (is_no_character(text, i)) {
      append_escape(out, text[i + 2] == '\xBE' ? 0xFFFE : 0xFFFF);
      i += 2;
    } else if (needs_escape(text, i)) {
      append_escape(out, static_cast<unsigned char>(c));
    } else if (c == '_' && looks_escaped(text, i)) {
      append_escape(out, '_');
    } else {
      append_plain(out, c);
    }
  }
}

std::string plain_sheet_text(std::string text) {
  auto at = text.find("_x");
  if (at == std::string::npos) return text;
  std::string out(text, 0, at);
  while (at < text.size()) {
    const bool is_closed = at + kEscapeSize <= text.size() && text[at + kEscapeSize - 1] == '_';
    const int value = is_closed ? number_at(std::string_view(text).substr(at)) : -1;
    const bool is_surrogate = value >= 0xD800 && value <= 0xDFFF;
    if (value < 0 || is_surrogate) {
      out += text[at++];
      continue;
    }
    append_utf8(out, static_cast<unsigned>(value));
    at += kEscapeSize;
  }
  return out;
}

}  // namespace leat::connectors::files
