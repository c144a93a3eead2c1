#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace leat::connectors::csv {

/// How dates and timestamps of one column are written, where its values leave no doubt: 31.01.2024
/// tells the day from the month, 31-Jan-24 and 1/31/24 the year as well; 01/02/2024 does not.
/// Another column may be written in another way, and tells nothing of this one.
///
/// Missing  empty texts and marks of missing values say nothing.
class ColumnMoments {
 public:
  void look_at(std::string_view text);

  /// strftime pattern; empty: no moments, those of ISO, or nobody can tell which number is the
  /// month.
  std::string pattern() const;
  /// All values are moments, and none tells which number is the month: how they may be read, the
  /// day first and the month first. Empty: it is not so.
  std::vector<std::string> both_orders() const;

 private:
  bool x_has_values = false;
  bool x_are_moments = true;
  bool x_have_one_form = true;
  bool x_are_iso = true;
  bool x_are_padded = true;
  std::string x_form;  ///< A pattern in which `A` and `B` are the two numbers.
  int x_first_max = 0;
  int x_second_max = 0;
};

}  // namespace leat::connectors::csv
