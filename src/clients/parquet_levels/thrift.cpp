#include "clients/parquet_levels/thrift.hpp"

namespace leat::parquet_levels {
namespace {

constexpr int kDepthMax = 64;

}  // namespace

std::uint8_t Thrift::byte() {
  if (x_is_broken || x_at >= x_bytes.size()) {
    x_is_broken = true;
    return 0;
  }
  return static_cast<std::uint8_t>(x_bytes[x_at++]);
}

std::uint64_t Thrift::varint() {
  std::uint64_t value = 0;
  for (int shift = 0; shift < 64; shift += 7) {
    const auto next = byte();
    value |= std::uint64_t{static_cast<std::uint8_t>(next & 0x7F)} << shift;
    if ((next & 0x80) == 0) return value;
  }
  x_is_broken = true;
  return 0;
}

std::int64_t Thrift::integer() {
  const auto zigzag = varint();
  return static_cast<std::int64_t>((zigzag >> 1) ^ (~(zigzag & 1) + 1));
}

std::string_view Thrift::binary() {
  const auto size = varint();
  if (x_is_broken || size > x_bytes.size() - x_at) {
    x_is_broken = true;
    return {};
  }
  const auto bytes = x_bytes.substr(x_at, size);
  x_at += size;
  return bytes;
}

std::uint64_t Thrift::list_size(Type& type) {
  const auto head = byte();
  type = static_cast<Type>(head & 0x0F);
  const std::uint64_t size = (head >> 4) == 15 ? varint() : head >> 4;
  // An item has at least one byte.
  if (size > x_bytes.size() - x_at) x_is_broken = true;
  return x_is_broken ? 0 : size;
}

void Thrift::items(const std::function<void()>& take) {
  Type type = kStop;
  const auto size = list_size(type);
  for (std::uint64_t i = 0; i < size && !x_is_broken; ++i) take();
}

void Thrift::fields(const Field& take) {
  if (++x_depth > kDepthMax) x_is_broken = true;
  int id = 0;
  while (!x_is_broken) {
    const auto head = byte();
    const auto type = static_cast<Type>(head & 0x0F);
    if (type == kStop) break;
    const int delta = head >> 4;
    id = delta != 0 ? id + delta : static_cast<int>(integer());
    if (!take(id, type)) pass(type);
  }
  --x_depth;
}

void Thrift::pass(Type type) {
  switch (type) {
    case kTrue:
    case kFalse: return;
    case kByte: byte(); return;
    case kI16:
    case kI32:
    case kI64: varint(); return;
    case kDouble:
      for (int i = 0; i < 8; ++i) byte();
      return;
    case kBinary: binary(); return;
    case kStruct: fields([](int, Type) { return false; }); return;
    case kList:
    case kSet: {
      Type item = kStop;
      const auto size = list_size(item);
      if (++x_depth > kDepthMax) x_is_broken = true;
      // In a list a boolean has a byte of its own.
      if (item == kTrue || item == kFalse) item = kByte;
      for (std::uint64_t i = 0; i < size && !x_is_broken; ++i) pass(item);
      --x_depth;
      return;
    }
    default: x_is_broken = true;
  }
}

}  // namespace leat::parquet_levels
