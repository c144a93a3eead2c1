#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "kernels/literal.hpp"

namespace leat::kernels {

/// A number that is known exactly, however many digits it takes: a sum of products over a number
/// above 0.
class Fraction {
 public:
  /// "12.50", "1e+19", "-3*1e19+7", "3*0.25+5*0.75/1e2". Nothing for any other text.
  static std::optional<Fraction> parse(std::string_view text);

  /// Below 0, 0 or above 0 as it lies below, at or above a plain decimal number. Nothing when
  /// `bound` is none.
  std::optional<int> compare(std::string_view bound) const;

  /// Its digits; where they go on, eighteen more than it is written with, the last one never 0.
  std::string text() const;

 private:
  Decimal x_top;
  Decimal x_bottom;
};

}  // namespace leat::kernels
