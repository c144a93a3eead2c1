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
  /// The last text that was compared, where it is one that lies in its struct: a column of few
  /// values has its extremes again and again.
  class ShortText {
   public:
    /// Keeps the text in mind.
    bool is_other(const duckdb_string_t& text);

   private:
    std::array<std::uint64_t, 2> x_words{~std::uint64_t{0}, ~std::uint64_t{0}};  ///< No text.
  };

  void take_min(std::string_view text);
  void take_max(std::string_view text);

  std::uint64_t x_seed;
  bool x_is_blob;
  bool x_any = false;
  std::string x_min;
  std::string x_max;
  std::uint64_t x_min_head = ~std::uint64_t{0};  ///< First 8 bytes as a number that sorts alike.
  std::uint64_t x_max_head = 0;
  ShortText x_not_below;
  ShortText x_not_above;
};

}  // namespace leat::kernels
