#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "data/chunk_view.hpp"
#include "kernels/key_room.hpp"

namespace leat::kernels {

/// The keys seen so far; exact, never an estimate.
///
/// Threads   any number at once.
/// Missing   a row with a null in its key is not judged: never a duplicate, never remembered.
class KeySet {
 public:
  /// `room` outlives it.
  explicit KeySet(KeyRoom& room);
  ~KeySet();
  KeySet(const KeySet&) = delete;
  KeySet& operator=(const KeySet&) = delete;

  /// Sets bit i of `duplicates` where row i (among those with bit i of `judged` set; null: all)
  /// repeats a key that was inserted before, by whichever thread; clears the others. False: there
  /// is no room for more keys, and this set is of no use any more.
  [[nodiscard]] bool insert(std::span<const data::ColumnView> key, std::uint32_t rows,
                            const std::uint64_t* judged, std::uint64_t* duplicates);
  std::uint64_t bytes() const;

 private:
  struct State;
  std::unique_ptr<State> x_state;
};

}  // namespace leat::kernels
