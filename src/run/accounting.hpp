#pragma once

#include <string>
#include <vector>

#include "plan/plan.hpp"
#include "run/report.hpp"

namespace leat::run {

/// The row counts of one publish.
struct Accounts {
  std::uint64_t read = 0;
  std::uint64_t quarantined = 0;
  std::uint64_t deduplicated = 0;
  std::uint64_t filtered = 0;  ///< Counted below and above the filter; 0 where a cut lies between.
  std::uint64_t published = 0;
  bool row_wise = true;
};

/// Rows that targets would not take, and that are in quarantine for it.
struct Refusals {
  std::uint64_t own = 0;     ///< By the target of the sink itself.
  std::uint64_t others = 0;  ///< By those of others, of datasets that the sink rests on.
};

/// Sums up what lies upstream of `sink` and closes the books.
///
/// Errors    internal  the numbers do not close: nothing may be published.
Result<Accounts> close_accounts(const plan::Plan& plan, const plan::SinkNode& sink,
                                const std::vector<DatasetReport>& datasets,
                                const engine::PassReport& last_pass, const Staged& staged,
                                const Refusals& refusals);

}  // namespace leat::run
