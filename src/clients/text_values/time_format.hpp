#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace leat::text_values {

/// A moment as it is written down, before anybody asked whether it exists.
struct Civil {
  int year = 1970;
  int month = 1;
  int day = 1;
  int day_of_year = 0;  ///< 0: not given.
  int hour = 0;
  int minute = 0;
  int second = 0;
  int micros = 0;
  int offset_minutes = 0;  ///< East of UTC.
  bool has_offset = false;
  bool has_half_day = false;  ///< `hour` is 1 to 12, with AM or PM.
  bool is_afternoon = false;
};

/// Days since 1970-01-01; false when there is no such day. Years 1 to 9999.
bool days_of(const Civil& civil, std::int32_t& days);
/// Microseconds since midnight; false when there is no such time.
bool micros_of_day(const Civil& civil, std::int64_t& micros);

/// "06:00", "06:00:00", "06:00:00.123456"; digits beyond microseconds must be zeros.
bool parse_iso_time(std::string_view text, Civil& out);
/// A date, or a date and a time with a blank or `T` between, then perhaps `Z` or an offset.
bool parse_iso_timestamp(std::string_view text, Civil& out);

/// A strftime pattern, read once.
///
/// Shape   %Y %y %m %d %e %j %b %B %a %A %H %I %M %S %f %p %z %F %T %D %R %%; month, day, hour,
///         minute and second may have one digit. Everything else stands for itself.
class TimeFormat {
 public:
  /// Errors: config, a directive that is not known.
  static Result<TimeFormat> make(std::string_view pattern);

  bool parse(std::string_view text, Civil& out) const;
  bool has_time() const;    ///< It names an hour, a minute, a second or an offset.
  bool has_offset() const;  ///< It names one.
  const std::string& pattern() const { return x_pattern; }

 private:
  std::string x_pattern;
  std::string x_steps;  ///< The pattern without shorthands: '%' and a letter, or a plain character.
};

}  // namespace leat::text_values
