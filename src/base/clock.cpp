#include "base/clock.hpp"

#include <cstdio>

namespace leat {
namespace {

class SystemClock final : public Clock {
 public:
  Instant now() const override {
    return std::chrono::time_point_cast<Micros>(std::chrono::system_clock::now());
  }
  Micros steady() const override {
    return std::chrono::duration_cast<Micros>(std::chrono::steady_clock::now().time_since_epoch());
  }
};

/// A number of exactly `digits` digits at the start of `text`, which is then shorter.
bool take_number(std::string_view& text, std::size_t digits, int& out) {
  if (text.size() < digits) return false;
  out = 0;
  for (const char c : text.substr(0, digits)) {
    if (c < '0' || c > '9') return false;
    out = out * 10 + (c - '0');
  }
  text.remove_prefix(digits);
  return true;
}

bool take_sign(std::string_view& text, std::string_view signs) {
  if (text.empty() || signs.find(text[0]) == signs.npos) return false;
  text.remove_prefix(1);
  return true;
}

bool take_date(std::string_view& text, std::chrono::sys_days& out) {
  int year = 0;
  int month = 0;
  int day = 0;
  const bool shaped = take_number(text, 4, year) && take_sign(text, "-") &&
                      take_number(text, 2, month) && take_sign(text, "-") &&
                      take_number(text, 2, day);
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(unsigned(month)),
                                         std::chrono::day(unsigned(day))};
  if (!shaped || !date.ok()) return false;
  out = date;
  return true;
}

/// The digits after a point, as microseconds.
bool take_fraction(std::string_view& text, int& micros) {
  micros = 0;
  if (!take_sign(text, ".")) return true;
  int digits = 0;
  for (int digit = 0; digits < 6 && take_number(text, 1, digit); ++digits) {
    micros = micros * 10 + digit;
  }
  const bool some = digits > 0;
  for (; digits < 6; ++digits) micros *= 10;
  return some;
}

}  // namespace

const Clock& system_clock() {
  static const SystemClock clock;
  return clock;
}

std::string format_instant(Instant instant) {
  const auto day = std::chrono::floor<std::chrono::days>(instant);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss time{instant - day};
  char text[48];
  std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d.%06dZ", int(date.year()),
                unsigned(date.month()), unsigned(date.day()), int(time.hours().count()),
                int(time.minutes().count()), int(time.seconds().count()),
                int(time.subseconds().count()));
  return text;
}

Result<std::chrono::sys_days> parse_date(std::string_view text) {
  auto rest = text;
  std::chrono::sys_days day;
  if (take_date(rest, day) && rest.empty()) return day;
  return Error(Fault::config, "`" + std::string(text) + "` is not a date such as 2026-01-31");
}

Result<Instant> parse_instant(std::string_view text) {
  auto rest = text;
  std::chrono::sys_days day;
  int hour = 0;
  int minute = 0;
  int second = 0;
  int micros = 0;
  const bool shaped = take_date(rest, day) && take_sign(rest, "T ") && take_number(rest, 2, hour) &&
                      take_sign(rest, ":") && take_number(rest, 2, minute) &&
                      take_sign(rest, ":") && take_number(rest, 2, second) &&
                      take_fraction(rest, micros);
  if (shaped && (rest.empty() || rest == "Z") && hour < 24 && minute < 60 && second < 60) {
    return Instant(day) + std::chrono::hours(hour) + std::chrono::minutes(minute) +
           std::chrono::seconds(second) + Micros(micros);
  }
  return Error(Fault::config,
               "`" + std::string(text) + "` is not an instant such as 2026-01-31T06:00:00Z");
}

}  // namespace leat
