#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace leat::run {

struct ColumnProfile {
  std::string name;
  std::uint64_t missing = 0;   ///< Nulls.
  std::uint64_t outliers = 0;  ///< Beyond the quartiles by 3 x their distance, NaN and infinities.
};

/// What a run says of a published dataset without any check being written. Exact.
struct Profile {
  bool is_known = false;  ///< `total`, `cells` and what is missing.
  /// `invalid`, and outliers. Without: statistics leave them open, and nobody asked for a look.
  bool knows_invalid = true;
  bool knows_outliers = true;
  std::uint64_t total = 0;    ///< Rows that came to the dataset.
  std::uint64_t invalid = 0;  ///< Set aside, or with an outlier, or failing a check that lets pass.
  std::uint64_t cells = 0;    ///< Values and nulls of the rows that were handed on.
  std::uint64_t missing = 0;
  bool looked_again = false;  ///< Statistics could not tell: the rows were queried.
  std::vector<ColumnProfile> columns;

  std::uint64_t valid() const { return total - invalid; }
  /// Share of the values that are there, in percent; 100 without any.
  double completeness() const {
    return cells == 0 ? 100 : 100 * double(cells - missing) / double(cells);
  }
};

/// Adds what another slice of the same dataset says.
void add_profile(Profile& all, const Profile& slice);

}  // namespace leat::run
