#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace leat::text_values {

/// Of a year from 1 on.
constexpr bool is_leap(unsigned year) { return (year % 100 == 0 ? year / 100 : year) % 4 == 0; }

/// Days from 1970-01-01 to the last day of the year before.
constexpr std::int32_t days_before_year(unsigned year) {
  const unsigned before = year - 1;
  const unsigned centuries = before / 100;
  return static_cast<std::int32_t>(before * 365 + before / 4 - centuries + centuries / 4) - 719163;
}

/// Days since 1970-01-01; false when there is no such day. Years 1 to 9999.
inline bool days_of_date(int year, int month, int day, std::int32_t& days) {
  constexpr std::array<std::uint16_t, 13> kDaysBefore{0,   31,  59,  90,  120, 151, 181,
                                                      212, 243, 273, 304, 334, 365};
  const auto index = static_cast<unsigned>(month) - 1;
  if (static_cast<unsigned>(year) - 1 > 9998 || index > 11) return false;
  const int leap = is_leap(static_cast<unsigned>(year)) ? 1 : 0;
  const int days_in_month = kDaysBefore[index + 1] - kDaysBefore[index] + (month == 2 ? leap : 0);
  if (day < 1 || day > days_in_month) return false;
  days = days_before_year(static_cast<unsigned>(year)) + kDaysBefore[index] +
         (month > 2 ? leap : 0) + day;
  return true;
}

/// Two digits at `text`; false when they are not.
inline bool two_digits(const char* text, int& out) {
  const unsigned high = static_cast<unsigned char>(text[0]) - unsigned{'0'};
  const unsigned low = static_cast<unsigned char>(text[1]) - unsigned{'0'};
  out = static_cast<int>(high * 10 + low);
  return high <= 9 && low <= 9;
}

/// "2026-01-31"
inline bool parse_iso_date(std::string_view text, int& year, int& month, int& day) {
  constexpr std::uint64_t kDashes = 0xFF0000FF00000000;  // The fifth byte and the eighth.
  if (text.size() != 10 || !two_digits(text.data() + 8, day)) return false;
  std::uint64_t word;
  std::memcpy(&word, text.data(), 8);
  word ^= kDashes & 0x1D1D1D1D1D1D1D1D;  // Of a dash makes a zero.
  const std::uint64_t high =
      (word & 0xF0F0F0F0F0F0F0F0) | (((word + 0x0606060606060606) & 0xF0F0F0F0F0F0F0F0) >> 4);
  word -= 0x3030303030303030;
  if (high != 0x3333333333333333 || (word & kDashes) != 0) return false;
  word = word * 10 + (word >> 8);
  year = static_cast<int>((word & 0xFF) * 100 + ((word >> 16) & 0xFF));
  month = static_cast<int>((word >> 40) & 0xFF);
  return true;
}

}  // namespace leat::text_values
