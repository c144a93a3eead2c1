#include "base/utf8.hpp"

#include <cstdint>
#include <cstring>

namespace leat {
namespace {

unsigned byte_at(std::string_view text, std::size_t at) {
  return at < text.size() ? static_cast<unsigned char>(text[at]) : 0;
}

/// What most texts are, in few looks.
bool is_ascii(std::string_view text) {
  constexpr std::uint64_t kHighBits = 0x8080808080808080;
  std::uint64_t seen = 0;
  if (text.size() < 8) {
    for (const char c : text) seen |= static_cast<unsigned char>(c);
    return (seen & 0x80) == 0;
  }
  std::uint64_t eight = 0;
  for (std::size_t at = 0; at + 8 < text.size(); at += 8) {
    std::memcpy(&eight, text.data() + at, 8);
    seen |= eight;
  }
  std::memcpy(&eight, text.data() + text.size() - 8, 8);
  return ((seen | eight) & kHighBits) == 0;
}

bool continues(std::string_view text, std::size_t at) { return (byte_at(text, at) & 0xC0) == 0x80; }

}  // namespace

std::size_t character_bytes(std::string_view text) {
  const unsigned first = byte_at(text, 0);
  const unsigned second = byte_at(text, 1);
  if (first < 0x80) return 1;
  if (first < 0xC2 || first > 0xF4 || !continues(text, 1)) return 0;
  if (first < 0xE0) return 2;
  if (!continues(text, 2)) return 0;
  if (first < 0xF0) {
    const bool is_long_form = first == 0xE0 && second < 0xA0;
    const bool is_surrogate = first == 0xED && second > 0x9F;
    return is_long_form || is_surrogate ? 0 : 3;
  }
  const bool is_long_form = first == 0xF0 && second < 0x90;
  const bool is_too_large = first == 0xF4 && second > 0x8F;
  return is_long_form || is_too_large || !continues(text, 3) ? 0 : 4;
}

bool is_valid_utf8(std::string_view text) {
  if (is_ascii(text)) return true;
  while (!text.empty()) {
    std::uint64_t eight = 0;
    while (text.size() >= 8) {
      std::memcpy(&eight, text.data(), 8);
      if ((eight & 0x8080808080808080) != 0) break;
      text.remove_prefix(8);
    }
    if (text.empty()) return true;
    const std::size_t bytes = character_bytes(text);
    if (bytes == 0) return false;
    text.remove_prefix(bytes);
  }
  return true;
}

std::string printable(std::string_view text, std::size_t bytes_max) {
  constexpr char kHex[] = "0123456789ABCDEF";
  std::string out;
  while (!text.empty()) {
    if (out.size() >= bytes_max) return out + "…";
    const std::size_t bytes = character_bytes(text);
    const unsigned first = byte_at(text, 0);
    if (bytes == 0 || first < 0x20 || first == 0x7F) {
      out += "\\x";
      out += kHex[first >> 4];
      out += kHex[first & 15];
      text.remove_prefix(1);
      continue;
    }
    out += text.substr(0, bytes);
    text.remove_prefix(bytes);
  }
  return out;
}

}  // namespace leat
