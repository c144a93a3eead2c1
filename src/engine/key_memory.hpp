#pragma once

#include <atomic>

#include <duckdb.h>
#include "kernels/key_room.hpp"

namespace leat::engine {

/// The memory of a session as keys may take it: half of its limit, and only while the engine's own
/// rows leave it or can go to disk for it. The engine counts it as its own.
class KeyMemory final : public kernels::KeyRoom {
 public:
  /// `connection` outlives it.
  explicit KeyMemory(duckdb_connection connection);

  bool take(std::uint64_t bytes) override;
  void give_back(std::uint64_t bytes) override;
  /// Once, and for all that comes after.
  bool was_refused() const { return x_refused.load(std::memory_order_relaxed); }

 private:
  bool refuse(std::uint64_t bytes);

  duckdb_connection x_connection;
  std::uint64_t x_most;
  std::atomic<std::uint64_t> x_taken{0};
  std::atomic<bool> x_refused{false};
};

}  // namespace leat::engine
