#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "data/type.hpp"
#include "kernels/wide.hpp"

namespace leat::kernels {

/// A number that somebody wrote, scaled and rounded to a whole one.
struct Whole {
  bool negative = false;
  UInt128 magnitude = 0;
  bool too_large = false;  ///< Beyond 38 digits: only the sign is known.
  bool exact = true;       ///< Nothing was rounded away.
};

/// A number that somebody wrote, with all its digits: digits x 10^exponent.
struct Decimal {
  bool negative = false;
  std::string digits;  ///< Without leading zeros: of 0 there are none.
  long exponent = 0;
};

/// Nothing when `text` is no plain decimal number ("-1.5", "2e6").
std::optional<Decimal> parse_decimal(std::string_view text);

enum class Rounding { down, up };

/// `text` x 10^scale. Nothing when it is no plain decimal number ("-1.5", "2e6").
std::optional<Whole> parse_whole(std::string_view text, unsigned scale, Rounding rounding);

/// Days from 1970-01-01 to a date written "2024-01-31"; years 1 to 9999.
std::optional<std::int32_t> parse_date(std::string_view text);

/// Microseconds since 1970 of "2024-01-31", "2024-01-31 10:00", "2024-01-31T10:00:00.25"; with
/// `zoned` also with "Z" or "+02:00" behind the time, which counts as UTC without.
std::optional<std::int64_t> parse_timestamp(std::string_view text, bool zoned);

/// A date of parse_date, an instant of parse_timestamp, as the engine prints them.
std::string date_text(std::int32_t days);
std::string timestamp_text(std::int64_t micros);

/// The nearest value of T to a plain decimal number; nothing for any other text, or out of range.
template <typename T>
std::optional<T> parse_floating(std::string_view text);

std::string whole_text(const Whole& whole, unsigned scale);

/// A value of `type` as SQL: "CAST('2024-01-31' AS DATE)".
/// Errors    config  the text is no value of the type, or this type cannot be written as text here.
Result<std::string> sql_literal(std::string_view text, const data::Type& type);

/// The value as the whole number that carries it; nothing when the type is not carried by one or
/// the text is not exactly one of its values.
std::optional<Whole> exact_whole(std::string_view text, const data::Type& type);

/// The limits of the values that a carrier can hold.
template <typename T>
constexpr T lowest() {
  if constexpr (T(-1) < T(0)) return T(T(1) << (sizeof(T) * 8 - 1));
  return T(0);
}
template <typename T>
constexpr T highest() {
  return T(~lowest<T>());
}

/// Nothing when it lies outside of T.
template <typename T>
std::optional<T> narrow(const Whole& whole) {
  if (whole.too_large) return std::nullopt;
  const auto limit = UInt128(highest<T>());
  if (!whole.negative) {
    return whole.magnitude <= limit ? std::optional<T>(T(whole.magnitude)) : std::nullopt;
  }
  if (whole.magnitude == 0) return T(0);
  if (lowest<T>() == T(0) || whole.magnitude > limit + 1) return std::nullopt;
  return T(T(~T(0)) - T(whole.magnitude - 1));
}

}  // namespace leat::kernels
