#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "data/schema.hpp"
#include "engine/session.hpp"

namespace leat::app {

/// How the values of a column lie as DOUBLE, so that sums, squares and distances are computed
/// without loss: `value = number * unit + offset`.
struct Scale {
  std::string number;     ///< SQL; empty: the column holds no numbers.
  double unit = 1;        ///< A power of two; not 1 where squares are beyond a DOUBLE.
  double offset = 0;      ///< Of numbers that are larger than a DOUBLE can tell apart.
  bool has_gaps = false;  ///< Infinity or NaN is among the values: they have no place on it.

  std::string finite() const {
    return has_gaps ? " FILTER (WHERE isfinite(" + number + "))" : std::string();
  }
  double value(double scaled) const { return scaled * unit + offset; }
};

bool is_instant(data::TypeId id);

/// One look at the rows: how many they are, and the scale of each column. A filter in every sum
/// would cost more than this look.
Result<std::vector<Scale>> scales_of(engine::Session& session, const std::string& rows_sql,
                                     const data::Schema& schema, std::uint64_t& rows);

}  // namespace leat::app
