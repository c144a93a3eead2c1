#include "connectors/postgres/numeric.hpp"

#include <algorithm>
#include <array>

namespace leat::connectors::postgres {
namespace {

using kernels::Int128;
using kernels::UInt128;

constexpr unsigned kBase = 10'000;
constexpr int kDigits = 4;  ///< Decimal ones in a digit of the server's.
constexpr std::uint16_t kNegative = 0x4000;
constexpr std::uint16_t kNaN = 0xC000;
constexpr std::uint16_t kInfinity = 0xD000;
constexpr std::uint16_t kMinusInfinity = 0xF000;
constexpr std::size_t kHeader = 8;
constexpr std::array<unsigned, 5> kPowers{1, 10, 100, 1000, 10'000};
constexpr int kWidth64 = 18;  ///< As many decimal digits always have room in 64 bits.

/// Digits from the last one on.
template <typename Whole>
void put_digits(WireBytes& out, Whole magnitude, bool is_negative, int scale) {
  std::array<std::uint16_t, 16> digits{};
  int count = 0;
  // The last digit of the fraction may be a part of one: 12.5 is 12 and 5000. Where there is room
  // for the zeros behind it, it is one like the others.
  const int part = scale % kDigits;
  if (part != 0 && magnitude <= Whole(~Whole(0)) / kBase) {
    magnitude *= kPowers[kDigits - part];
  } else if (part != 0) {
    digits[count++] = std::uint16_t(unsigned(magnitude % kPowers[part]) * kPowers[kDigits - part]);
    magnitude /= kPowers[part];
  }
  while (magnitude != 0) {
    digits[count++] = std::uint16_t(magnitude % kBase);
    magnitude /= kBase;
  }
  const int fraction = (scale + kDigits - 1) / kDigits;
  int last = 0;  // Zeros at the end are not sent, nor any at the start.
  while (last < count && digits[last] == 0) ++last;
  while (count > last && digits[count - 1] == 0) --count;
  const int sent = count - last;
  const int first_weight = sent == 0 ? 0 : count - 1 - fraction;
  char* at = out.grow(4 + kHeader + 2 * std::size_t(sent));
  WireBytes::write_number(at, std::int32_t(kHeader + 2 * std::size_t(sent)));
  WireBytes::write_number(at + 4, std::int16_t(sent));
  WireBytes::write_number(at + 6, std::int16_t(first_weight));
  WireBytes::write_number(at + 8, std::uint16_t(is_negative && sent > 0 ? kNegative : 0));
  WireBytes::write_number(at + 10, std::int16_t(scale));
  at += 4 + kHeader;
  for (int i = count - 1; i >= last; --i, at += 2) WireBytes::write_number(at, digits[i]);
}

/// What stands in a numeric.
struct Parts {
  int count = 0;
  int weight = 0;
  std::uint16_t sign = 0;
  int scale = 0;
  const char* digits = nullptr;

  unsigned digit(int index) const {
    return index < 0 || index >= count ? 0 : read_number<std::uint16_t>(digits + 2 * index);
  }
};

std::optional<Parts> parts_of(std::string_view bytes) {
  if (bytes.size() < kHeader) return std::nullopt;
  Parts parts;
  parts.count = read_number<std::int16_t>(bytes.data());
  parts.weight = read_number<std::int16_t>(bytes.data() + 2);
  parts.sign = read_number<std::uint16_t>(bytes.data() + 4);
  parts.scale = read_number<std::int16_t>(bytes.data() + 6);
  parts.digits = bytes.data() + kHeader;
  if (parts.count < 0 || bytes.size() != kHeader + 2 * std::size_t(parts.count))
    return std::nullopt;
  for (int i = 0; i < parts.count; ++i) {
    if (parts.digit(i) >= kBase) return std::nullopt;
  }
  return parts;
}

/// A number of up to `width` decimal digits in the making.
template <typename Whole>
class Sum {
 public:
  explicit Sum(int width) : x_width(width) {}

  /// `digit` has `decimals` decimal digits. False where there is no room for it: `x_value` never
  /// gets larger than it may, so nothing can overflow.
  bool add(unsigned digit, int decimals) {
    if (x_value >= power(x_width - decimals)) {
      if (x_value != 0 || digit >= power(x_width)) return false;
    }
    x_value = x_value * kPowers[std::size_t(decimals)] + digit;
    return true;
  }
  Int128 value(bool is_negative) const { return is_negative ? -Int128(x_value) : Int128(x_value); }

 private:
  static constexpr int kPowersMax = sizeof(Whole) == 8 ? kWidth64 : 38;

  static constexpr std::array<Whole, kPowersMax + 1> all_powers() {
    std::array<Whole, kPowersMax + 1> powers{1};
    for (std::size_t i = 1; i < powers.size(); ++i) powers[i] = powers[i - 1] * 10;
    return powers;
  }
  /// 10^exponent; 0 below.
  static Whole power(int exponent) {
    static constexpr auto kAll = all_powers();
    return exponent < 0 ? 0 : kAll[std::size_t(exponent)];
  }

  Whole x_value = 0;
  int x_width;
};

/// The value of a number, moved by `scale` decimal digits.
template <typename Whole>
std::optional<Int128> summed(const Parts& parts, int width, int scale) {
  Sum<Whole> sum(width);
  for (int i = 0; i <= parts.weight; ++i) {
    if (!sum.add(parts.digit(i), kDigits)) return std::nullopt;
  }
  int index = std::max(parts.weight + 1, 0);
  // 0.0000 0005: digits that are not sent.
  int zeros = parts.weight < -1 ? -1 - parts.weight : 0;
  for (int left = scale; left > 0; left -= kDigits) {
    const unsigned digit = zeros > 0 ? 0 : parts.digit(index);
    const int taken = std::min(left, kDigits);
    const unsigned rest = kPowers[std::size_t(kDigits - taken)];
    if (digit % rest != 0) return std::nullopt;
    if (!sum.add(digit / rest, taken)) return std::nullopt;
    if (zeros > 0) {
      --zeros;
    } else {
      ++index;
    }
  }
  for (; index < parts.count; ++index) {
    if (parts.digit(index) != 0) return std::nullopt;  // More decimals than there is room for.
  }
  return sum.value(parts.sign == kNegative);
}

void append_padded(std::string& text, unsigned digit) {
  const auto plain = std::to_string(digit);
  text.append(std::size_t(kDigits) - plain.size(), '0') += plain;
}

}  // namespace

void put_numeric(WireBytes& out, UInt128 magnitude, bool is_negative, int scale) {
  const auto low = std::uint64_t(magnitude);
  if (low == magnitude) return put_digits(out, low, is_negative, scale);
  put_digits(out, magnitude, is_negative, scale);
}

void put_numeric(WireBytes& out, std::uint64_t magnitude, bool is_negative, int scale) {
  put_digits(out, magnitude, is_negative, scale);
}

std::optional<std::string> numeric_text(std::string_view bytes) {
  const auto parts = parts_of(bytes);
  if (!parts) return std::nullopt;
  if (parts->sign == kNaN) return "NaN";
  if (parts->sign == kInfinity) return "Infinity";
  if (parts->sign == kMinusInfinity) return "-Infinity";
  std::string text = parts->sign == kNegative ? "-" : "";
  if (parts->weight < 0) text += "0";
  for (int i = 0; i <= parts->weight; ++i) {
    if (i == 0) {
      text += std::to_string(parts->digit(0));
    } else {
      append_padded(text, parts->digit(i));
    }
  }
  if (parts->scale <= 0) return text;
  std::string fraction;
  for (int i = parts->weight + 1; int(fraction.size()) < parts->scale; ++i) {
    append_padded(fraction, parts->digit(i));
  }
  return text + "." + fraction.substr(0, std::size_t(parts->scale));
}

std::optional<Int128> numeric_value(std::string_view bytes, int width, int scale) {
  const auto parts = parts_of(bytes);
  if (!parts || (parts->sign != 0 && parts->sign != kNegative)) return std::nullopt;
  if (width <= kWidth64) return summed<std::uint64_t>(*parts, width, scale);
  return summed<UInt128>(*parts, width, scale);
}

}  // namespace leat::connectors::postgres
