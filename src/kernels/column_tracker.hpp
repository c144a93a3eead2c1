#pragma once

#include <cstdint>
#include <memory>

#include "data/type.hpp"
#include "kernels/statistics.hpp"
#include "kernels/top_values.hpp"

namespace leat::kernels {

/// Follows the values of one column: hashes, extremes, quantiles, moments.
///
/// Threads   one at a time.
class ColumnTracker {
 public:
  virtual ~ColumnTracker() = default;
  /// `values` are `count` > 0 values that are not null, side by side. Writes a hash for each.
  virtual void measure(const void* values, std::uint32_t count, std::uint64_t* hashes) = 0;
  /// `other` follows a column of the same type.
  virtual void merge(const ColumnTracker& other) = 0;
  /// Fills in min, max, quantiles and moments.
  virtual void describe(ColumnSummary& summary) const = 0;
  /// One of the values that `measure` was given, for when they are gone.
  virtual TopValues::Value keep(const void* values, std::uint32_t index) const = 0;
  virtual std::string render(const TopValues::Value& value) const = 0;
};

/// Null for a type whose values are not looked at.
std::unique_ptr<ColumnTracker> make_tracker(const data::Type& type, std::uint64_t seed);

/// Bytes of one value in a vector.
std::uint32_t value_width(const data::Type& type);

}  // namespace leat::kernels
