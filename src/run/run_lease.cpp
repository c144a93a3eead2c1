#include "run/run_lease.hpp"

#include "run/quarantine_acts.hpp"

namespace leat::run {
namespace {

/// So often within its length: one that comes late is no lost lease yet.
constexpr int kRenewals = 3;

}  // namespace

RunLease::RunLease(state::Store& store, const Uuid& run_id, Micros length)
    : x_store(store), x_run_id(run_id), x_length(length) {}

RunLease::~RunLease() {
  {
    const std::lock_guard lock(x_mutex);
    x_is_over = true;
  }
  x_ends.notify_all();
  if (x_renewer.joinable()) x_renewer.join();
  for (const auto& lease : x_leases) {
    // One that stays is seen to be that of a process which has ended, or runs out.
    [[maybe_unused]] const auto released = x_store.release_lease(lease);
  }
}

Status RunLease::add(const std::string& name, bool may_be_held) {
  state::Lease wanted;
  wanted.name = name;
  wanted.run_id = x_run_id;
  wanted.holder = who_acts();
  wanted.process = io::own_process();
  TRY(auto lease, x_store.take_lease(wanted, x_length, may_be_held));
  const std::lock_guard lock(x_mutex);
  x_leases.push_back(std::move(lease));
  if (!x_renewer.joinable()) x_renewer = std::thread([this] { renew(); });
  return {};
}

Status RunLease::require() {
  for (const auto& lease : x_leases) TRY(x_store.renew_lease(lease, x_length));
  return {};
}

/// A store that is out of reach is asked again; whether a lease was lost is told by `require`.
void RunLease::renew() {
  std::unique_ptr<state::Store> store;
  std::unique_lock lock(x_mutex);
  while (!x_ends.wait_for(lock, x_length / kRenewals, [this] { return x_is_over; })) {
    const auto leases = x_leases;
    lock.unlock();
    if (!store) {
      if (auto opened = x_store.open_another(); opened.ok()) store = std::move(opened).value();
    }
    for (const auto& lease : leases) {
      if (!store) break;
      [[maybe_unused]] const auto renewed = store->renew_lease(lease, x_length);
    }
    lock.lock();
  }
}

}  // namespace leat::run
