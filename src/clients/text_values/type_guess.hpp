#pragma once

#include <cstdint>
#include <span>

#include "clients/text_values/cell.hpp"
#include "clients/text_values/value_format.hpp"
#include "data/type.hpp"

namespace leat::text_values {

/// The types that a column's values may still have.
///
/// Promise  a type that remains reads every value that was tried, by the same code as the run.
class TypeGuess {
 public:
  void try_values(std::span<const Cell> cells, const ValueFormat& format);
  data::Type result() const;

 private:
  std::uint8_t x_ruled_out = 0;  ///< One bit a candidate.
  bool x_has_values = false;
};

}  // namespace leat::text_values
