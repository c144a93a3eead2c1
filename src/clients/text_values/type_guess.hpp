#pragma once

#include <cstdint>
#include <span>

#include "clients/text_values/cell.hpp"
#include "clients/text_values/value_format.hpp"
#include "data/type.hpp"

namespace leat::text_values {

/// The types that a column's values may still have: boolean, bigint, double, date, timestamp with
/// zone where each has an offset, timestamp, time, uuid; and json, where texts may hold it.
///
/// Promise  a type that remains reads every value that was tried, by the same code as the run.
class TypeGuess {
 public:
  /// `may_be_json`: a text that is JSON is read as that, and not as a JSON string.
  explicit TypeGuess(bool may_be_json = false)
      : x_ruled_out(may_be_json ? 0 : std::uint16_t{1} << 8) {}

  void try_values(std::span<const Cell> cells, const ValueFormat& format);
  data::Type result() const;

 private:
  std::uint16_t x_ruled_out;  ///< One bit a candidate.
  bool x_has_values = false;
};

}  // namespace leat::text_values
