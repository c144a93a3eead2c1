#include "kernels/key_runs.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "base/assert.hpp"
#include "kernels/encoded_keys.hpp"

namespace leat::kernels {
namespace {

constexpr std::size_t kStepBytesMax = 19;  ///< 128 bits, seven a byte.
/// What the map and the heap take beside a run's own bytes, about.
constexpr std::uint64_t kNodeBytes = 64;

/// Seven bits a byte, the lower ones first; the upper bit says that more follow.
std::uint8_t* put_step(UInt128 step, std::uint8_t* out) {
  for (; step >= 0x80; step >>= 7) *out++ = std::uint8_t(step) | 0x80;
  *out++ = std::uint8_t(step);
  return out;
}

const std::uint8_t* take_step(const std::uint8_t* at, UInt128& step) {
  step = 0;
  for (std::uint32_t shift = 0;; shift += 7) {
    const auto byte = *at++;
    step |= UInt128(byte & 0x7f) << shift;
    if (byte < 0x80) return at;
  }
}

}  // namespace

KeyRun::KeyRun(std::span<const UInt128> keys)
    : x_first(keys.front()), x_last(keys.back()), x_count(std::uint32_t(keys.size())) {
  LEAT_ASSERT(keys.size() <= kKeyBatch);
  std::array<std::uint8_t, kKeyBatch * kStepBytesMax> steps;
  auto* end = steps.data();
  for (std::size_t i = 1; i < keys.size(); ++i) end = put_step(keys[i] - keys[i - 1], end);
  x_size = std::uint32_t(end - steps.data());
  x_steps = std::make_unique_for_overwrite<std::uint8_t[]>(x_size);
  std::memcpy(x_steps.get(), steps.data(), x_size);
}

std::uint64_t KeyRun::bytes() const { return sizeof(KeyRun) + kNodeBytes + x_size; }

void KeyRun::copy_to(UInt128* keys) const {
  const auto* at = x_steps.get();
  keys[0] = x_first;
  for (std::uint32_t i = 1; i < x_count; ++i) {
    UInt128 step;
    at = take_step(at, step);
    keys[i] = keys[i - 1] + step;
  }
}

KeyRuns::Answer KeyRuns::add(KeyRun run) {
  const auto next = x_runs.upper_bound(run.first());
  if (next != x_runs.end() && next->first <= run.last()) return Answer::out_of_order;
  if (next != x_runs.begin() && std::prev(next)->second.last() >= run.first()) {
    return Answer::out_of_order;
  }
  const auto bytes = run.bytes();
  if (!x_room.take(bytes)) return Answer::no_room;
  x_bytes += bytes;
  const auto first = run.first();
  x_runs.emplace_hint(next, first, std::move(run));
  return Answer::taken;
}

KeyRun KeyRuns::take() {
  auto node = x_runs.extract(x_runs.begin());
  const auto bytes = node.mapped().bytes();
  x_room.give_back(bytes);
  x_bytes -= bytes;
  return std::move(node.mapped());
}

}  // namespace leat::kernels
