#include "run/publish_id.hpp"

namespace leat::run {
namespace {

constexpr int kTimeBytes = 6;  // A version 7 UUID begins with its milliseconds.

}  // namespace

Uuid publish_id_after(const Uuid& head, const Clock& clock) {
  auto id = make_uuid7(clock);
  if (id > head) return id;
  std::uint64_t ms = 1;
  for (int i = 0; i < kTimeBytes; ++i) {
    ms += std::uint64_t(head.bytes[std::size_t(i)]) << (8 * (kTimeBytes - 1 - i));
  }
  for (int i = 0; i < kTimeBytes; ++i) {
    id.bytes[std::size_t(i)] = std::uint8_t(ms >> (8 * (kTimeBytes - 1 - i)));
  }
  return id;
}

}  // namespace leat::run
