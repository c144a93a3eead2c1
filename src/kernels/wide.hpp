#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "data/type.hpp"

namespace leat::kernels {

__extension__ using Int128 = __int128;
__extension__ using UInt128 = unsigned __int128;

/// Value `row` of a column of Ts. The engine aligns 16-byte values to 8 only.
template <typename T>
T value_at(const void* values, std::size_t row) {
  T value;
  std::memcpy(&value, static_cast<const char*>(values) + row * sizeof(T), sizeof(T));
  return value;
}

/// Calls `visit(T{})` with the integer that carries values of this physical type and keeps their
/// order; false when there is none.
template <typename Visit>
bool with_integer(data::TypeId physical, Visit&& visit) {
  using data::TypeId;
  switch (physical) {
    case TypeId::int8: return visit(std::int8_t{}), true;
    case TypeId::int16: return visit(std::int16_t{}), true;
    case TypeId::date:
    case TypeId::int32: return visit(std::int32_t{}), true;
    case TypeId::time:
    case TypeId::timestamp:
    case TypeId::timestamp_tz:
    case TypeId::int64: return visit(std::int64_t{}), true;
    case TypeId::uuid:
    case TypeId::int128: return visit(Int128{}), true;
    case TypeId::boolean:
    case TypeId::uint8: return visit(std::uint8_t{}), true;
    case TypeId::uint16: return visit(std::uint16_t{}), true;
    case TypeId::uint32: return visit(std::uint32_t{}), true;
    case TypeId::uint64: return visit(std::uint64_t{}), true;
    case TypeId::uint128: return visit(UInt128{}), true;
    default: return false;
  }
}

/// The integer type that carries a type's values in a vector, or the type itself.
data::TypeId physical_of(const data::Type& type);

}  // namespace leat::kernels
