#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

namespace leat::parquet_levels {

/// Reads Thrift's compact protocol, as far as Parquet's metadata needs it.
///
/// Promise   never looks outside of its bytes, nor nests deeper than 64. What does not fit in sets
///           `is_broken`, and everything read from then on is zero.
/// Source    Thrift compact protocol encoding.
class Thrift {
 public:
  explicit Thrift(std::string_view bytes) : x_bytes(bytes) {}

  enum Type : std::uint8_t {
    kStop,
    kTrue,
    kFalse,
    kByte,
    kI16,
    kI32,
    kI64,
    kDouble,
    kBinary,
    kList,
    kSet,
    kMap,
    kStruct,
  };
  /// Reads the value of a field; false: it is not wanted, and passed by.
  using Field = std::function<bool(int id, Type type)>;

  void fields(const Field& take);
  /// Calls `take` for each item.
  void items(const std::function<void()>& take);
  std::int64_t integer();
  std::string_view binary();
  bool is_broken() const { return x_is_broken; }
  /// Bytes read so far.
  std::size_t at() const { return x_at; }

 private:
  std::uint8_t byte();
  std::uint64_t varint();
  void pass(Type type);
  std::uint64_t list_size(Type& type);

  std::string_view x_bytes;
  std::size_t x_at = 0;
  int x_depth = 0;
  bool x_is_broken = false;
};

}  // namespace leat::parquet_levels
