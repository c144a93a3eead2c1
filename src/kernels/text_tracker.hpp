#pragma once

#include <duckdb.h>

#include <array>
#include <string>
#include <string_view>

#include "kernels/column_tracker.hpp"

namespace leat::kernels {

/// Follows varchar, json and blob columns; text is ordered by its bytes, as in the engine.
class TextTracker final : public ColumnTracker {
 public:
  TextTracker(std::uint64_t seed, bool is_blob) : x_seed(seed), x_is_blob(is_blob) {}

  void measure(const void* values, std::uint32_t count, std::uint64_t* hashes) override;
  void merge(const ColumnTracker& other) override;
  void describe(ColumnSummary& summary) const override;
  TopValues::Value keep(const void* values, std::uint32_t index) const override;
  std::string render(const TopValues::Value& value) const override;

 private:
  /// The least or the greatest text, and what tells of most texts that they are not beyond it.
  struct Extreme {
    /// First 8 bytes, zeros behind a shorter text, as a number that sorts alike.
    std::uint64_t head = 0;
    /// Of texts with this head, only shorter ones may be less, only longer ones greater.
    std::uint32_t size = 0;
    /// The struct of a text that lies in it: a column of few values has its extremes again and
    /// again. No text's where it does not.
    std::array<std::uint64_t, 2> words{~std::uint64_t{0}, ~std::uint64_t{0}};
    std::string text;
  };

  void take_min(std::string_view text);
  void take_max(std::string_view text);

  std::uint64_t x_seed;
  bool x_is_blob;
  bool x_any = false;
  Extreme x_min;
  Extreme x_max;
};

}  // namespace leat::kernels
