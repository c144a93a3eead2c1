#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "data/chunk_view.hpp"

namespace leat::kernels {

/// The keys seen so far; exact, never an estimate.
///
/// Threads   any number at once.
/// Missing   a row with a null in its key is not judged: never a duplicate, never remembered.
class KeySet {
 public:
  KeySet();
  ~KeySet();
  KeySet(const KeySet&) = delete;
  KeySet& operator=(const KeySet&) = delete;

  /// Sets bit i of `duplicates` where row i (among those with bit i of `judged` set; null: all)
  /// repeats a key that was inserted before, by whichever thread; clears the others.
  void insert(std::span<const data::ColumnView> key, std::uint32_t rows,
              const std::uint64_t* judged, std::uint64_t* duplicates);
  std::uint64_t bytes() const;

 private:
  struct State;
  std::unique_ptr<State> x_state;
};

}  // namespace leat::kernels
