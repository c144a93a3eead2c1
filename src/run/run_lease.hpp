#pragma once

#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/result.hpp"
#include "state/store.hpp"

namespace leat::run {

/// How long a lease holds that nobody renews.
inline constexpr Micros kLeaseLength = std::chrono::seconds(30);

/// The right to run a pipeline, or one interval of it: taken from the state store, renewed by a
/// thread of its own while the run goes on, and given back at its end.
///
/// Calls     `add` for each name, `require` before each publish, then the destructor.
/// Threads   one at a time.
/// Promise   of all who share the store one holds it, except that one which could not renew it (its
///           process was stopped, its machine is cut off) may be followed by another one; `require`
///           then refuses the former. The compare-and-set of the ledgers covers the moment between
///           `require` and the commit.
class RunLease {
 public:
  RunLease(state::Store& store, const Uuid& run_id, Micros length);
  ~RunLease();
  RunLease(const RunLease&) = delete;
  RunLease& operator=(const RunLease&) = delete;

  /// `may_be_held`: see Store::take_lease. Errors: busy.
  Status add(const std::string& name, bool may_be_held);
  /// Errors   refused  somebody has taken it over.
  Status require();

 private:
  void renew();

  state::Store& x_store;
  Uuid x_run_id;
  Micros x_length;
  std::vector<state::Lease> x_leases;
  std::thread x_renewer;
  std::mutex x_mutex;
  std::condition_variable x_ends;
  bool x_is_over = false;  ///< Under `x_mutex`.
};

}  // namespace leat::run
