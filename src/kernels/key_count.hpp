#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "data/chunk_view.hpp"
#include "kernels/key_room.hpp"

namespace leat::kernels {

/// Counts rows that repeat a key; exact, never an estimate. Which rows do it does not say, as a
/// KeySet does, and takes a part of its time: keys are only laid aside by the start of their hash
/// while rows stream by, and met part by part at the end, each in the processor's own cache.
///
/// Calls     `open_hand` once a thread, its `add`; then `finish` once.
/// Threads   `open_hand` any number at once; a hand one; `finish` when no hand works any more.
/// Missing   as KeySet.
class KeyCount {
 public:
  /// Keys so short as short_key_width says that they are.
  static bool fits(std::span<const data::Type> key);

  /// What was found.
  struct Repeated {
    std::uint64_t rows = 0;  ///< Whose key was there before in another row.
    /// Some keys that are repeated: their columns' values one behind the other, the last first.
    std::vector<std::vector<char>> examples;
  };

  class Hand {
   public:
    virtual ~Hand() = default;
    /// As KeySet::insert.
    [[nodiscard]] virtual bool add(std::span<const data::ColumnView> key, std::uint32_t rows,
                                   const std::uint64_t* judged) = 0;
  };

  /// `room` outlives it.
  explicit KeyCount(KeyRoom& room);
  ~KeyCount();
  KeyCount(const KeyCount&) = delete;
  KeyCount& operator=(const KeyCount&) = delete;

  Hand& open_hand();
  Repeated finish(std::size_t examples_max);

 private:
  struct State;
  std::unique_ptr<State> x_state;
};

}  // namespace leat::kernels
