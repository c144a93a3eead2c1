#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <span>

#include "kernels/key_room.hpp"
#include "kernels/wide.hpp"

namespace leat::kernels {

/// Keys of one batch that ascend, as the differences from each to the next: a byte or a few of each
/// key where a hash table takes sixteen.
class KeyRun {
 public:
  /// At least one key; each is greater than the one before.
  explicit KeyRun(std::span<const UInt128> keys);

  UInt128 first() const { return x_first; }
  UInt128 last() const { return x_last; }
  std::uint32_t count() const { return x_count; }
  std::uint64_t bytes() const;
  /// Writes its keys, as many as `count` says.
  void copy_to(UInt128* keys) const;

 private:
  UInt128 x_first;
  UInt128 x_last;
  std::uint32_t x_count;
  std::uint32_t x_size;
  std::unique_ptr<std::uint8_t[]> x_steps;
};

/// The keys seen so far as long as they come in order, as those of most files and tables do: each
/// batch ascends and lies between the keys of others. None of them can be a repeat then, and
/// nothing is looked up. Batches may come in any order.
///
/// Threads   one at a time.
class KeyRuns {
 public:
  enum class Answer : std::uint8_t { taken, out_of_order, no_room };

  /// `room` outlives it.
  explicit KeyRuns(KeyRoom& room) : x_room(room) {}

  [[nodiscard]] Answer add(KeyRun run);
  bool empty() const { return x_runs.empty(); }
  /// Takes one of them out. Only where it is not empty.
  KeyRun take();
  std::uint64_t bytes() const { return x_bytes; }

 private:
  HeldRoom x_room;
  std::uint64_t x_bytes = 0;
  std::map<UInt128, KeyRun> x_runs;  ///< By the first key.
};

}  // namespace leat::kernels
