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

/// One to eight bytes from `text` on as a word, zeros ("0") before them. Eight bytes at `text` must
/// be readable.
inline std::uint64_t load_eight(const char* text, std::size_t count) {
  constexpr std::uint64_t kZeros = 0x3030303030303030;
  std::uint64_t word;
  std::memcpy(&word, text, 8);
  const auto shift = static_cast<unsigned>(64 - 8 * count);
  return shift == 0 ? word : (word << shift) | (kZeros >> (64 - shift));
}

/// The value of a word of eight digits; false when one is no digit.
inline bool value_of_eight(std::uint64_t word, std::uint64_t& out) {
  const std::uint64_t high =
      (word & 0xF0F0F0F0F0F0F0F0) | (((word + 0x0606060606060606) & 0xF0F0F0F0F0F0F0F0) >> 4);
  if (high != 0x3333333333333333) return false;
  word -= 0x3030303030303030;
  word = word * 10 + (word >> 8);
  constexpr std::uint64_t kMask = 0x000000FF000000FF;
  out = ((word & kMask) * 0x000F424000000064 + ((word >> 16) & kMask) * 0x0000271000000001) >> 32;
  out &= 0xFFFFFFFF;
  return true;
}

/// The value of up to eight digits, `count` of them from `text` on; false when one is no digit.
/// Eight bytes at `text` must be readable.
inline bool parse_eight(const char* text, std::size_t count, std::uint64_t& out) {
  return value_of_eight(load_eight(text, count), out);
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

/// An integer with an optional sign that fits T. Eight bytes beyond `text` must be readable.
template <typename T>
bool parse_integer(const char* text, std::size_t size, T& out) {
  const bool is_negative = size > 0 && *text == '-';
  const std::size_t sign = is_negative || (size > 0 && *text == '+') ? 1 : 0;
  UInt128 magnitude = 0;
  std::uint64_t short_magnitude = 0;
  if (parse_digits(text + sign, size - sign, short_magnitude)) {
    magnitude = short_magnitude;
  } else if (size - sign <= 19 || !parse_long_digits({text + sign, size - sign}, magnitude)) {
    return false;
  }
  constexpr bool kIsSigned = T(-1) < T(0);
  constexpr auto kMax = (UInt128{1} << (8 * sizeof(T) - 1)) - 1;
  if constexpr (kIsSigned) {
    if (magnitude > kMax + (is_negative ? 1 : 0)) return false;
  } else {
    if (magnitude > kMax * 2 + 1 || (is_negative && magnitude != 0)) return false;
  }
  out = static_cast<T>(is_negative ? UInt128{0} - magnitude : magnitude);
  return true;
}

/// A number as digits: value = mantissa / 10^scale.
struct Digits {
  std::uint64_t mantissa = 0;
  unsigned scale = 0;
  bool is_negative = false;
};

/// Takes the first point out of eight bytes, "0" comes in at the front. Out: the bytes behind the
/// point, or 8 when there is none.
inline unsigned take_point(std::uint64_t& word) {
  constexpr std::uint64_t kLow7 = 0x7F7F7F7F7F7F7F7F;
  const std::uint64_t other = word ^ 0x2E2E2E2E2E2E2E2E;
  const std::uint64_t points = ~(((other & kLow7) + kLow7) | other | kLow7);
  if (points == 0) return 8;
  const auto at = static_cast<unsigned>(__builtin_ctzll(points)) - 7;  // The point's lowest bit.
  const std::uint64_t before = word & ((std::uint64_t{1} << at) - 1);
  const std::uint64_t behind = at == 56 ? 0 : word >> (at + 8) << (at + 8);
  word = behind | (before << 8) | 0x30;
  return 7 - at / 8;
}

/// 1 to 16 characters of digits with at most one point, no sign; false for everything else. Sixteen
/// bytes at `text` must be readable.
inline bool parse_short_point(const char* text, std::size_t size, Digits& out) {
  const std::size_t front = size > 8 ? size - 8 : 0;
  std::uint64_t tail = load_eight(text + front, size - front);
  std::uint64_t low = 0;
  const unsigned behind = take_point(tail);
  out.scale = behind == 8 ? 0 : behind;
  if (!value_of_eight(tail, low)) return false;
  out.mantissa = low;
  if (front == 0) return size > 1 || behind == 8;
  std::uint64_t head = load_eight(text, front);
  std::uint64_t high = 0;
  if (behind != 8) {
    if (!value_of_eight(head, high)) return false;
    out.mantissa += high * 10'000'000;
    return true;
  }
  const unsigned behind_in_head = take_point(head);
  if (!value_of_eight(head, high)) return false;
  if (behind_in_head != 8) out.scale = behind_in_head + 8;
  out.mantissa += high * 100'000'000;
  return true;
}

/// Up to 19 digits with at most one point; false for everything else.
inline bool parse_long_point(const char* text, std::size_t size, Digits& out) {
  const char* const end = text + size;
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
  if (size - (point != nullptr ? 1 : 0) > 19) return false;
  out.mantissa = mantissa;
  out.scale = point == nullptr ? 0 : static_cast<unsigned>(end - point - 1);
  return true;
}

/// Up to 19 digits with at most one point and an optional sign; false for everything else, also
/// for what only has more digits. Sixteen bytes beyond `text` must be readable.
inline bool parse_point(const char* text, std::size_t size, Digits& out) {
  if (size == 0) return false;
  out.is_negative = *text == '-';
  if (*text == '-' || *text == '+') ++text, --size;
  if (size - 1 < 16) return parse_short_point(text, size, out);
  return size - 1 < 20 && parse_long_point(text, size, out);
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

/// A decimal of the given width and scale as its integer; exact or false. Sixteen bytes beyond
/// `text` must be readable. T holds every decimal of that width.
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
