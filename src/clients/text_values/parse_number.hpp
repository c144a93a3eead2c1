#pragma once

#include <array>
#include <charconv>
#include <concepts>
#include <cstdint>
#include <cstring>
#include <limits>
#include <string_view>
#include <type_traits>

namespace leat::text_values {

__extension__ using Int128 = __int128;
__extension__ using UInt128 = unsigned __int128;

/// The value of one to eight digits, `count` of them from `text` on; false when one is no digit.
/// Eight bytes at `text` must be readable.
inline bool parse_eight(const char* text, std::size_t count, std::uint64_t& out) {
  constexpr std::uint64_t kZeros = 0x3030303030303030;
  std::uint64_t word;
  std::memcpy(&word, text, 8);
  const auto shift = static_cast<unsigned>(64 - 8 * count);
  if (shift > 0) word = (word << shift) | (kZeros >> (64 - shift));
  const std::uint64_t high =
      (word & 0xF0F0F0F0F0F0F0F0) | (((word + 0x0606060606060606) & 0xF0F0F0F0F0F0F0F0) >> 4);
  if (high != 0x3333333333333333) return false;
  word -= kZeros;
  word = word * 10 + (word >> 8);
  constexpr std::uint64_t kMask = 0x000000FF000000FF;
  out = ((word & kMask) * 0x000F424000000064 + ((word >> 16) & kMask) * 0x0000271000000001) >> 32;
  out &= 0xFFFFFFFF;
  return true;
}

/// 1 to 19 digits. Eight bytes beyond `text` must be readable.
inline bool parse_digits(const char* text, std::size_t count, std::uint64_t& out) {
  if (count - 1 > 18) return false;
  if (count <= 8) return parse_eight(text, count, out);
  std::uint64_t head = 0;
  const std::size_t first = count % 8 == 0 ? 8 : count % 8;
  if (!parse_eight(text, first, head)) return false;
  for (std::size_t at = first; at < count; at += 8) {
    std::uint64_t eight = 0;
    if (!parse_eight(text + at, 8, eight)) return false;
    head = head * 100'000'000 + eight;
  }
  out = head;
  return true;
}

/// Any number of digits into 128 bits; false when they do not fit.
inline bool parse_long_digits(std::string_view text, UInt128& out) {
  constexpr UInt128 kMax = ~UInt128{0};
  out = 0;
  for (const char c : text) {
    const auto digit = static_cast<unsigned>(static_cast<unsigned char>(c) - unsigned{'0'});
    if (digit > 9 || out > (kMax - digit) / 10) return false;
    out = out * 10 + digit;
  }
  return !text.empty();
}

/// The integer of a sign and a magnitude; false when T cannot hold it.
template <typename T, typename Wide>
bool integer_of(bool is_negative, Wide magnitude, T& out) {
  constexpr bool kIsSigned = T(-1) < T(0);
  constexpr UInt128 kMost =
      kIsSigned ? (UInt128{1} << (8 * sizeof(T) - 1)) - 1 : ~UInt128{0} >> (128 - 8 * sizeof(T));
  const UInt128 limit = is_negative ? (kIsSigned ? kMost + 1 : 0) : kMost;
  if (magnitude > limit) return false;
  const auto bits =
      static_cast<std::conditional_t<sizeof(T) <= 8, std::uint64_t, UInt128>>(magnitude);
  out = static_cast<T>(is_negative ? 0 - bits : bits);
  return true;
}

/// An integer with an optional sign that fits T. Eight bytes beyond `text` must be readable.
template <typename T>
bool parse_integer(const char* text, std::size_t size, T& out) {
  const bool is_negative = size > 0 && *text == '-';
  const std::size_t sign = is_negative || (size > 0 && *text == '+') ? 1 : 0;
  std::uint64_t short_magnitude = 0;
  if (parse_digits(text + sign, size - sign, short_magnitude)) {
    return integer_of(is_negative, short_magnitude, out);
  }
  UInt128 magnitude = 0;
  return size - sign > 19 && parse_long_digits({text + sign, size - sign}, magnitude) &&
         integer_of(is_negative, magnitude, out);
}

/// A number as digits: value = mantissa / 10^scale.
struct Digits {
  std::uint64_t mantissa = 0;
  unsigned scale = 0;
  bool is_negative = false;
};

/// Up to 19 digits with at most one point and an optional sign; false for everything else, also
/// for what only has more digits. Most are short: eight bytes at a time were not faster.
inline bool parse_point(const char* text, std::size_t size, Digits& out) {
  if (size == 0) return false;
  const char* const end = text + size;
  out.is_negative = *text == '-';
  if (*text == '-' || *text == '+') ++text;
  if (end - text > 20) return false;
  const char* point = nullptr;
  std::uint64_t mantissa = 0;
  for (const char* at = text; at != end; ++at) {
    const unsigned digit = static_cast<unsigned char>(*at) - unsigned{'0'};
    if (digit > 9) {
      if (*at != '.' || point != nullptr) return false;
      point = at;
      continue;
    }
    mantissa = mantissa * 10 + digit;
  }
  const auto digits = (end - text) - (point != nullptr ? 1 : 0);
  if (digits < 1 || digits > 19) return false;
  out.mantissa = mantissa;
  out.scale = point == nullptr ? 0 : static_cast<unsigned>(end - point - 1);
  return true;
}

/// 10^0, 10^1 … as far as 64 or 128 bits hold them.
template <typename Wide>
constexpr auto kPowersOfTen = [] {
  std::array<Wide, sizeof(Wide) == 8 ? 20 : 39> out{};
  out[0] = 1;
  for (std::size_t i = 1; i < out.size(); ++i) out[i] = out[i - 1] * 10;
  return out;
}();

/// As parse_decimal, for whatever parse_point does not take.
[[gnu::cold]] bool parse_long_decimal(std::string_view text, unsigned width, unsigned scale,
                                      Int128& out);

/// A decimal of the given width and scale as its integer; exact or false. T holds every decimal of
/// that width.
template <typename T>
[[gnu::always_inline]] inline bool parse_decimal(const char* text, std::size_t size, unsigned width,
                                                 unsigned scale, T& out) {
  using Wide = std::conditional_t<sizeof(T) <= 8, std::uint64_t, UInt128>;
  constexpr const auto& kPowers = kPowersOfTen<Wide>;
  Digits digits;
  if (!parse_point(text, size, digits) || digits.scale > scale) {
    Int128 value = 0;
    if (!parse_long_decimal({text, size}, width, scale, value)) return false;
    out = static_cast<T>(value);
    return true;
  }
  if (digits.mantissa >= kPowers[width - scale + digits.scale]) return false;
  const Wide magnitude = digits.mantissa * kPowers[scale - digits.scale];
  out = static_cast<T>(digits.is_negative ? Wide{0} - magnitude : magnitude);
  return true;
}

/// The nearest float or double. False when it is no number or beyond the type.
template <std::floating_point T>
bool parse_float(const char* text, std::size_t size, T& out) {
  constexpr bool kIsDouble = sizeof(T) == 8;
  constexpr T kPowers[] = {T(1e0), T(1e1), T(1e2), T(1e3), T(1e4), T(1e5),
                           T(1e6), T(1e7), T(1e8), T(1e9), T(1e10)};
  // Both operands are exact, so that one division rounds once.
  Digits digits;
  if (parse_point(text, size, digits) && digits.scale <= 10 &&
      digits.mantissa <= (std::uint64_t{1} << (kIsDouble ? 53 : 24))) {
    const T value = static_cast<T>(digits.mantissa) / kPowers[digits.scale];
    out = digits.is_negative ? -value : value;
    return true;
  }
  if (size > 1 && *text == '+' && text[1] != '-') ++text, --size;
  const auto result = std::from_chars(text, text + size, out);
  return size > 0 && result.ec == std::errc() && result.ptr == text + size && text[size - 1] != ')';
}

}  // namespace leat::text_values
