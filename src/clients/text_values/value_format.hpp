#pragma once

#include <optional>
#include <string>
#include <vector>

#include "clients/text_values/time_format.hpp"

namespace leat::text_values {

/// How values are written in a file.
///
/// Missing  An unquoted field that equals one of `nulls` is null; a quoted one is null too unless
///          its column is varchar. An empty field is null in every column that is not varchar.
struct ValueFormat {
  std::vector<std::string> nulls{""};
  char decimal = '.';
  /// Between groups of three digits; empty: there are none. A blank stands for those that keep a
  /// line together as well.
  std::string thousands;
  std::vector<std::string> signs;         ///< Before or behind a number, and no part of it: $, %.
  std::optional<TimeFormat> date;         ///< None: 2026-01-31.
  std::optional<TimeFormat> timestamp;    ///< None: 2026-01-31 06:00:00.123456.
  std::vector<std::string> true_values;   ///< Exactly; none: true, t, 1, yes, y in any letter case.
  std::vector<std::string> false_values;  ///< Exactly; none: false, f, 0, no, n likewise.
};

}  // namespace leat::text_values
