#pragma once

#include <cstdint>
#include <string_view>

#include <duckdb.h>

#include "data/type.hpp"

namespace leat::data {

/// A read-only look at one flat vector of the engine. Owns nothing.
struct ColumnView {
  const void* values = nullptr;             ///< Laid out as duckdb.h says for the type.
  const std::uint64_t* validity = nullptr;  ///< One bit a row, 1 = not null; null: none is null.
  TypeId id = TypeId::other;
  /// The integer type that carries the values of a decimal (int16 … int128); else `id`.
  TypeId physical = TypeId::other;
  std::uint8_t scale = 0;

  bool is_valid(std::uint64_t row) const {
    return validity == nullptr || ((validity[row >> 6] >> (row & 63)) & 1) != 0;
  }
  template <typename T>
  const T* as() const {
    return static_cast<const T*>(values);
  }
  /// Of varchar and blob columns. Valid as long as the vector.
  std::string_view text(std::uint64_t row) const {
    const auto& s = as<duckdb_string_t>()[row];
    const std::uint32_t size = s.value.inlined.length;
    return {size <= 12 ? s.value.inlined.inlined : s.value.pointer.ptr, size};
  }
};

/// `vector` must be flat. `type` is the column's type.
ColumnView view_column(duckdb_vector vector, const Type& type);

/// The integer type that carries a decimal of this width.
TypeId decimal_carrier(std::uint8_t width);

}  // namespace leat::data
