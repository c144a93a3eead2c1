#include "kernels/literal.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <limits>

#include "base/clock.hpp"
#include "base/names.hpp"
#include "base/text.hpp"
#include "data/chunk_view.hpp"

namespace leat::kernels {
namespace {

using data::Type;
using data::TypeId;

/// Two digits at `at`, or -1.
int two_digits(std::string_view text, std::size_t at) {
  if (at + 2 > text.size() || !is_digit(text[at]) || !is_digit(text[at + 1])) return -1;
  return (text[at] - '0') * 10 + (text[at + 1] - '0');
}

/// Microseconds of a fraction's digits, at most six of them.
std::optional<std::int64_t> parse_fraction(std::string_view digits) {
  if (digits.empty() || digits.size() > 6 || !std::all_of(digits.begin(), digits.end(), is_digit)) {
    return std::nullopt;
  }
  std::int64_t micros = 0;
  for (std::size_t i = 0; i < 6; ++i) {
    micros = micros * 10 + (i < digits.size() ? digits[i] - '0' : 0);
  }
  return micros;
}

/// "10:00", "10:00:30", "10:00:30.25"
std::optional<std::int64_t> parse_clock(std::string_view text) {
  const int hours = two_digits(text, 0);
  const int minutes = text.size() >= 5 && text[2] == ':' ? two_digits(text, 3) : -1;
  if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) return std::nullopt;
  int seconds = 0;
  std::int64_t micros = 0;
  if (text.size() > 5) {
    seconds = text[5] == ':' ? two_digits(text, 6) : -1;
    if (seconds < 0 || seconds > 59) return std::nullopt;
  }
  if (text.size() > 8) {
    if (text[8] != '.') return std::nullopt;
    const auto fraction = parse_fraction(text.substr(9));
    if (!fraction) return std::nullopt;
    micros = *fraction;
  }
  return ((hours * 60 + minutes) * 60ll + seconds) * 1'000'000 + micros;
}

/// Takes "Z" or "+02:00" off the end; its microseconds east of UTC.
std::optional<std::int64_t> take_zone(std::string_view& clock) {
  if (clock.ends_with('Z')) return clock.remove_suffix(1), 0;
  const auto sign = clock.find_first_of("+-");
  if (sign == std::string_view::npos) return 0;
  const auto zone = clock.substr(sign);
  const int hours = two_digits(zone, 1);
  int minutes = 0;
  if (zone.size() > 3) minutes = zone.size() == 6 && zone[3] == ':' ? two_digits(zone, 4) : -1;
  if (hours < 0 || hours > 15 || minutes < 0 || minutes > 59) return std::nullopt;
  clock = clock.substr(0, sign);
  return (zone[0] == '-' ? -1 : 1) * (hours * 60 + minutes) * 60'000'000ll;
}

Whole whole_of(std::int64_t value) {
  Whole out;
  out.negative = value < 0;
  out.magnitude = value < 0 ? UInt128(0) - UInt128(Int128(value)) : UInt128(value);
  return out;
}

bool fits_carrier(const Whole& whole, const Type& type) {
  bool fits = false;
  with_integer(physical_of(type),
               [&](auto zero) { fits = narrow<decltype(zero)>(whole).has_value(); });
  if (!fits || type.id != TypeId::decimal) return fits;
  UInt128 limit = 1;
  for (unsigned i = 0; i < type.width; ++i) limit *= 10;
  return whole.magnitude < limit;
}

Error not_a_value(std::string_view text, const Type& type) {
  return Error(Fault::config,
               "`" + std::string(text) + "` is not a value of type " + data::sql_of(type));
}

std::string padded(long value, int digits) {
  auto text = std::to_string(value);
  return std::string(std::size_t(std::max(0, digits - int(text.size()))), '0') + text;
}

std::string cast_of(std::string_view text, const Type& type) {
  return "CAST(" + quote_literal(text) + " AS " + data::sql_of(type) + ")";
}

bool is_boolean_word(std::string_view text) {
  const auto lower = to_lower(text);
  return lower == "true" || lower == "false";
}

}  // namespace

data::TypeId physical_of(const Type& type) {
  return type.id == TypeId::decimal ? data::decimal_carrier(type.width) : type.id;
}

std::optional<Decimal> parse_decimal(std::string_view text) {
  Decimal out;
  std::size_t at = 0;
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) out.negative = text[at++] == '-';
  const auto take_digits = [&] {
    const auto from = at;
    while (at < text.size() && is_digit(text[at])) out.digits += text[at++];
    return at - from;
  };
  const auto whole = take_digits();
  std::size_t fraction = 0;
  if (at < text.size() && text[at] == '.') fraction = (++at, take_digits());
  if (whole + fraction == 0) return std::nullopt;
  out.exponent = -long(fraction);
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    if (++at < text.size() && text[at] == '+') ++at;
    int exponent = 0;
    const auto end = text.data() + text.size();
    const auto read = std::from_chars(text.data() + at, end, exponent);
    if (read.ec != std::errc() || read.ptr != end) return std::nullopt;
    out.exponent += exponent;
    at = text.size();
  }
  if (at != text.size()) return std::nullopt;
  out.digits.erase(0, std::min(out.digits.find_first_not_of('0'), out.digits.size()));
  return out;
}

std::optional<Whole> parse_whole(std::string_view text, unsigned scale, Rounding rounding) {
  const auto number = parse_decimal(text);
  if (!number) return std::nullopt;
  Whole out;
  out.negative = number->negative;
  if (number->digits.empty()) return out.negative = false, out;
  const long point = long(number->digits.size()) + number->exponent + long(scale);
  if (point > 38) return out.too_large = true, out;
  for (long i = 0; i < point; ++i) {
    const bool given = i < long(number->digits.size());
    out.magnitude = out.magnitude * 10 + unsigned(given ? number->digits[std::size_t(i)] - '0' : 0);
  }
  const auto dropped = std::size_t(std::clamp(point, 0l, long(number->digits.size())));
  out.exact = number->digits.find_first_not_of('0', dropped) == std::string::npos;
  if (!out.exact && out.negative == (rounding == Rounding::down)) ++out.magnitude;
  if (out.magnitude == 0) out.negative = false;
  return out;
}

std::optional<std::int32_t> parse_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const int century = two_digits(text, 0);
  const int year = two_digits(text, 2);
  const int month = two_digits(text, 5);
  const int day = two_digits(text, 8);
  if (century < 0 || year < 0 || month < 1 || day < 1 || century + year == 0) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(century * 100 + year),
                                         std::chrono::month(unsigned(month)),
                                         std::chrono::day(unsigned(day))};
  if (!date.ok()) return std::nullopt;
  return std::int32_t(std::chrono::sys_days(date).time_since_epoch().count());
}

std::optional<std::int64_t> parse_timestamp(std::string_view text, bool zoned) {
  const auto days = parse_date(text.substr(0, 10));
  if (!days) return std::nullopt;
  if (text.size() == 10) return *days * kMicrosADay;
  if (text[10] != ' ' && text[10] != 'T') return std::nullopt;
  auto clock = text.substr(11);
  const auto east = zoned ? take_zone(clock) : 0;
  const auto micros = parse_clock(clock);
  if (!east || !micros) return std::nullopt;
  return *days * kMicrosADay + *micros - *east;
}

template <typename T>
std::optional<T> parse_floating(std::string_view text) {
  if (!parse_decimal(text)) return std::nullopt;
  if (text.starts_with('+')) text.remove_prefix(1);
  T value{};
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  if (read.ec != std::errc() || !std::isfinite(value)) return std::nullopt;
  return value;
}
template std::optional<float> parse_floating(std::string_view);
template std::optional<double> parse_floating(std::string_view);

std::string date_text(std::int32_t days) {
  const std::chrono::year_month_day date{std::chrono::sys_days(std::chrono::days(days))};
  return padded(int(date.year()), 4) + "-" + padded(unsigned(date.month()), 2) + "-" +
         padded(unsigned(date.day()), 2);
}

std::string timestamp_text(std::int64_t micros) {
  const auto days = micros / kMicrosADay - (micros % kMicrosADay < 0 ? 1 : 0);
  const auto rest = micros - days * kMicrosADay;
  const auto seconds = rest / 1'000'000;
  auto text = date_text(std::int32_t(days)) + " " + padded(seconds / 3600, 2) + ":" +
              padded(seconds / 60 % 60, 2) + ":" + padded(seconds % 60, 2);
  if (rest % 1'000'000 != 0) text += "." + padded(rest % 1'000'000, 6);
  return text;
}

std::string whole_text(const Whole& whole, unsigned scale) {
  std::string digits;
  for (auto rest = whole.magnitude; rest != 0; rest /= 10) digits += char('0' + int(rest % 10));
  while (digits.size() <= scale) digits += '0';
  std::reverse(digits.begin(), digits.end());
  if (scale > 0) digits.insert(digits.size() - scale, ".");
  return (whole.negative ? "-" : "") + digits;
}

std::optional<Whole> exact_whole(std::string_view text, const Type& type) {
  std::optional<Whole> whole;
  if (type.is_whole() || type.id == TypeId::decimal) {
    whole = parse_whole(text, type.id == TypeId::decimal ? type.scale : 0, Rounding::down);
  } else if (type.id == TypeId::date) {
    if (const auto days = parse_date(text)) whole = whole_of(*days);
  } else if (type.id == TypeId::timestamp || type.id == TypeId::timestamp_tz) {
    const auto micros = parse_timestamp(text, type.id == TypeId::timestamp_tz);
    if (micros) whole = whole_of(*micros);
  }
  if (!whole || !whole->exact || !fits_carrier(*whole, type)) return std::nullopt;
  return whole;
}

Result<std::string> sql_literal(std::string_view text, const Type& type) {
  if (type.is_text()) return cast_of(text, type);
  if (type.id == TypeId::boolean && is_boolean_word(text)) return to_lower(text);
  if (type.id == TypeId::float32 && parse_floating<float>(text)) return cast_of(text, type);
  if (type.id == TypeId::float64 && parse_floating<double>(text)) return cast_of(text, type);
  const auto whole = exact_whole(text, type);
  if (!whole) return not_a_value(text, type);
  if (type.id == TypeId::date) return cast_of(text, type);
  if (type.id == TypeId::timestamp || type.id == TypeId::timestamp_tz) {
    const auto micros = narrow<std::int64_t>(*whole).value_or(0);
    return cast_of(timestamp_text(micros) + (type.id == TypeId::timestamp ? "" : "+00"), type);
  }
  return cast_of(whole_text(*whole, type.id == TypeId::decimal ? type.scale : 0), type);
}

}  // namespace leat::kernels
