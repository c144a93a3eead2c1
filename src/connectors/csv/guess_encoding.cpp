#include "connectors/csv/guess_encoding.hpp"

#include <algorithm>
#include <cstdint>

#include "base/quantity.hpp"

namespace leat::connectors::csv {
namespace {

constexpr std::size_t kZerosLookedFor = 4096;

/// Where a UTF-8 sequence of several bytes starts at the front: its length; 0: none does.
std::size_t sequence_at(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const std::size_t size = byte(0) >= 0xF0 ? 4 : byte(0) >= 0xE0 ? 3 : byte(0) >= 0xC2 ? 2 : 0;
  if (size == 0 || byte(0) > 0xF4 || text.size() < size) return 0;
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
  }
  return size;
}

/// "utf-16le", "utf-16be", or nothing.
std::string wide_encoding(std::string_view sample) {
  const auto start = sample.substr(0, kZerosLookedFor);
  std::size_t zeros[2] = {0, 0};
  for (std::size_t i = 0; i < start.size(); ++i) zeros[i % 2] += start[i] == '\0';
  const std::size_t pairs = start.size() / 2;
  if (pairs < 2) return "";
  if (zeros[0] == 0 && zeros[1] * 10 >= pairs * 7) return "utf-16le";
  return zeros[1] == 0 && zeros[0] * 10 >= pairs * 7 ? "utf-16be" : "";
}

bool is_undefined(char c) {
  return std::string_view("\x81\x8D\x8F\x90\x9D").find(c) != std::string_view::npos;
}

}  // namespace

EncodingGuess guess_encoding(std::string_view sample) {
  if (auto wide = wide_encoding(sample); !wide.empty()) {
    return {std::move(wide), "every other byte is zero"};
  }
  std::uint64_t alone = 0;
  bool has_undefined = false;
  for (std::size_t i = 0; i < sample.size(); ++i) {
    if (static_cast<unsigned char>(sample[i]) < 0x80) continue;
    if (i + 4 > sample.size()) break;  // It may be cut off.
    if (sequence_at(sample.substr(i)) > 0) return {};
    ++alone;
    has_undefined = has_undefined || is_undefined(sample[i]);
  }
  if (alone == 0) return {};
  return {has_undefined ? "latin-1" : "windows-1252",
          format_count(alone) + (alone == 1 ? " byte" : " bytes") +
              " above 0x7F, and no two of them are UTF-8",
          alone};
}

}  // namespace leat::connectors::csv
