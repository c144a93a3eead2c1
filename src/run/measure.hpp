#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/check.hpp"
#include "run/report.hpp"

namespace leat::run {

/// What the statistics of a pass say of a measure.
///
/// Shape    SQL literals between which the value lies; alike where the statistics are exact.
struct Measured {
  std::string low;
  std::string high;
  std::string shown;  ///< For people, where it is an estimate: "≈ 1234".

  bool is_exact() const { return low == high; }
};

/// Nothing where they say nothing: the rows have to be asked.
///
/// Promise   an estimate is so wide that the chance of the value to lie outside is below one in a
///           hundred million: six standard errors.
std::optional<Measured> measure(const SetTest& test, const DatasetReport& dataset);

}  // namespace leat::run
