#include "clients/text_values/time_format.hpp"

#include <array>
#include <cctype>

#include "base/names.hpp"
#include "clients/text_values/calendar.hpp"

namespace leat::text_values {
namespace {

constexpr std::array<std::string_view, 12> kMonths{"january",   "february", "march",    "april",
                                                   "may",       "june",     "july",     "august",
                                                   "september", "october",  "november", "december"};
constexpr std::array<std::string_view, 7> kDays{"monday", "tuesday",  "wednesday", "thursday",
                                                "friday", "saturday", "sunday"};

bool take(std::string_view& text, char c) {
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

/// `least` to `most` digits.
bool take_number(std::string_view& text, std::size_t least, std::size_t most, int& out) {
  std::size_t count = 0;
  out = 0;
  while (count < most && count < text.size() && text[count] >= '0' && text[count] <= '9') {
    out = out * 10 + (text[count++] - '0');
  }
  text.remove_prefix(count);
  return count >= least;
}

/// 1 to 9 digits after the point; those beyond microseconds must be zeros.
bool take_fraction(std::string_view& text, int& micros) {
  std::size_t count = 0;
  micros = 0;
  for (; count < text.size() && text[count] >= '0' && text[count] <= '9'; ++count) {
    if (count >= 9 || (count >= 6 && text[count] != '0')) return false;
    if (count < 6) micros = micros * 10 + (text[count] - '0');
  }
  for (std::size_t i = count; i < 6; ++i) micros *= 10;
  text.remove_prefix(count);
  return count > 0;
}

/// "Z", "UTC", "+02", "+0200", "+02:00", "-05:30"
bool take_offset(std::string_view& text, Civil& out) {
  out.has_offset = true;
  out.offset_minutes = 0;
  if (take(text, 'Z') || take(text, 'z')) return true;
  if (text.starts_with("UTC")) return text.remove_prefix(3), true;
  const bool is_west = !text.empty() && text.front() == '-';
  if (!take(text, '+') && !take(text, '-')) return false;
  int hours = 0;
  int minutes = 0;
  if (!take_number(text, 2, 2, hours)) return false;
  const bool has_colon = take(text, ':');
  const bool has_minutes = !text.empty() && text.front() >= '0' && text.front() <= '9';
  if ((has_colon || has_minutes) && !take_number(text, 2, 2, minutes)) return false;
  if (hours > 15 || minutes > 59) return false;
  out.offset_minutes = (hours * 60 + minutes) * (is_west ? -1 : 1);
  return true;
}

bool take_iso_time(std::string_view& text, Civil& out) {
  if (!take_number(text, 2, 2, out.hour) || !take(text, ':')) return false;
  if (!take_number(text, 2, 2, out.minute)) return false;
  if (!take(text, ':')) return true;
  if (!take_number(text, 2, 2, out.second)) return false;
  return !take(text, '.') || take_fraction(text, out.micros);
}

/// The full name or its first three letters, in any letter case; its index, or -1.
template <std::size_t N>
int take_name(std::string_view& text, const std::array<std::string_view, N>& names) {
  for (const bool in_full : {true, false}) {
    for (std::size_t i = 0; i < N; ++i) {
      const auto name = in_full ? names[i] : names[i].substr(0, 3);
      if (to_lower(text.substr(0, name.size())) != name) continue;
      text.remove_prefix(name.size());
      return static_cast<int>(i);
    }
  }
  return -1;
}

bool take_half_day(std::string_view& text, Civil& out) {
  const auto half = to_lower(text.substr(0, 2));
  if (half != "am" && half != "pm") return false;
  out.has_half_day = true;
  out.is_afternoon = half == "pm";
  text.remove_prefix(2);
  return true;
}

bool take_year_of_century(std::string_view& text, Civil& out) {
  if (!take_number(text, 2, 2, out.year)) return false;
  out.year += out.year < 69 ? 2000 : 1900;
  return true;
}

bool take_directive(char directive, std::string_view& text, Civil& out) {
  switch (directive) {
    case 'Y': return take_number(text, 4, 4, out.year);
    case 'y': return take_year_of_century(text, out);
    case 'm': return take_number(text, 1, 2, out.month);
    case 'd': return take_number(text, 1, 2, out.day);
    case 'e': return (take(text, ' '), take_number(text, 1, 2, out.day));
    case 'j': return take_number(text, 1, 3, out.day_of_year) && out.day_of_year > 0;
    case 'b':
    case 'B': return (out.month = take_name(text, kMonths) + 1) > 0;
    case 'a':
    case 'A': return take_name(text, kDays) >= 0;
    case 'H':
    case 'I': return take_number(text, 1, 2, out.hour);
    case 'M': return take_number(text, 1, 2, out.minute);
    case 'S': return take_number(text, 1, 2, out.second);
    case 'f': return take_fraction(text, out.micros);
    case 'p': return take_half_day(text, out);
    case 'z': return take_offset(text, out);
    default: return take(text, '%');
  }
}

std::string_view expansion_of(char directive) {
  switch (directive) {
    case 'F': return "%Y-%m-%d";
    case 'T': return "%H:%M:%S";
    case 'R': return "%H:%M";
    case 'D': return "%m/%d/%y";
    default: return {};
  }
}

}  // namespace

bool days_of(const Civil& civil, std::int32_t& days) {
  if (civil.day_of_year == 0) return days_of_date(civil.year, civil.month, civil.day, days);
  const auto year = static_cast<unsigned>(civil.year);
  if (year - 1 > 9998 || civil.day_of_year > (is_leap(year) ? 366 : 365)) return false;
  days = days_before_year(year) + civil.day_of_year;
  return true;
}

bool micros_of_day(const Civil& civil, std::int64_t& micros) {
  int hour = civil.hour;
  if (civil.has_half_day) {
    if (hour < 1 || hour > 12) return false;
    hour = hour % 12 + (civil.is_afternoon ? 12 : 0);
  }
  if (hour > 23 || civil.minute > 59 || civil.second > 59) return false;
  micros =
      ((hour * 60 + civil.minute) * 60 + civil.second) * std::int64_t{1'000'000} + civil.micros;
  return true;
}

bool parse_iso_time(std::string_view text, Civil& out) {
  return take_iso_time(text, out) && text.empty();
}

bool parse_iso_timestamp(std::string_view text, Civil& out) {
  if (!parse_iso_date(text.substr(0, 10), out.year, out.month, out.day)) return false;
  text.remove_prefix(10);
  if (text.empty()) return true;
  if (!take(text, ' ') && !take(text, 'T') && !take(text, 't')) return false;
  if (!take_iso_time(text, out)) return false;
  if (text.empty()) return true;
  take(text, ' ');
  return take_offset(text, out) && text.empty();
}

Result<TimeFormat> TimeFormat::make(std::string_view pattern) {
  constexpr std::string_view kKnown = "YymdejbBaAHIMSfpz%";
  TimeFormat out;
  out.x_pattern = pattern;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] != '%') {
      out.x_steps += pattern[i];
      continue;
    }
    const char directive = ++i < pattern.size() ? pattern[i] : '\0';
    const auto expansion = expansion_of(directive);
    if (expansion.empty() && (directive == '\0' || kKnown.find(directive) == kKnown.npos)) {
      return Error(Fault::config, "`%" + std::string(pattern.substr(i, 1)) + "` in `" +
                                      out.x_pattern + "` is no directive that can be read")
          .hint("known: %Y %y %m %d %e %j %b %B %a %A %H %I %M %S %f %p %z %F %T %D %R %%");
    }
    out.x_steps += expansion.empty() ? std::string{'%', directive} : std::string(expansion);
  }
  return out;
}

bool TimeFormat::parse(std::string_view text, Civil& out) const {
  for (std::size_t i = 0; i < x_steps.size(); ++i) {
    const char c = x_steps[i];
    if (c == '%' ? !take_directive(x_steps[++i], text, out) : !take(text, c)) return false;
  }
  return text.empty();
}

bool TimeFormat::has_time() const {
  for (std::size_t i = 0; i + 1 < x_steps.size(); ++i) {
    if (x_steps[i] != '%') continue;
    if (std::string_view("HIMSfpz").find(x_steps[++i]) != std::string_view::npos) return true;
  }
  return false;
}

bool TimeFormat::has_offset() const {
  for (std::size_t i = 0; i + 1 < x_steps.size(); ++i) {
    if (x_steps[i] == '%' && x_steps[++i] == 'z') return true;
  }
  return false;
}

}  // namespace leat::text_values
