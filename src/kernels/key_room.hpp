#pragma once

#include <cstdint>

namespace leat::kernels {

/// Memory that keys ask for before they take it.
///
/// Threads   any number at once.
class KeyRoom {
 public:
  virtual ~KeyRoom() = default;
  /// False: it is not to be had.
  [[nodiscard]] virtual bool take(std::uint64_t bytes) = 0;
  virtual void give_back(std::uint64_t bytes) = 0;
};

/// What one owner took of a room; given back with it.
class HeldRoom {
 public:
  explicit HeldRoom(KeyRoom& room) : x_room(room) {}
  ~HeldRoom() { x_room.give_back(x_bytes); }
  HeldRoom(const HeldRoom&) = delete;
  HeldRoom& operator=(const HeldRoom&) = delete;

  [[nodiscard]] bool take(std::uint64_t bytes) {
    if (!x_room.take(bytes)) return false;
    x_bytes += bytes;
    return true;
  }
  void give_back(std::uint64_t bytes) {
    x_room.give_back(bytes);
    x_bytes -= bytes;
  }

 private:
  KeyRoom& x_room;
  std::uint64_t x_bytes = 0;
};

}  // namespace leat::kernels
