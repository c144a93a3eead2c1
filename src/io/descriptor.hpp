#pragma once

#include <unistd.h>

#include <utility>

namespace leat::io {

/// An open descriptor of the system, closed when it goes. Move only; -1: none.
class Descriptor {
 public:
  explicit Descriptor(int number = -1) : x_number(number) {}
  ~Descriptor() { close(); }
  Descriptor(Descriptor&& other) noexcept : x_number(other.release()) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    close();
    x_number = other.release();
    return *this;
  }
  int number() const { return x_number; }
  void close() {
    if (x_number >= 0) ::close(x_number);
    x_number = -1;
  }

 private:
  int release() { return std::exchange(x_number, -1); }
  int x_number;
};

}  // namespace leat::io
