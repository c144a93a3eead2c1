#include "base/secret.hpp"

#include <string.h>

namespace leat {

Secret& Secret::operator=(Secret&& other) noexcept {
  if (this != &other) {
    wipe();
    x_value = std::move(other.x_value);
    other.wipe();
  }
  return *this;
}

void Secret::wipe() {
  ::explicit_bzero(x_value.data(), x_value.capacity());
  x_value.clear();
}

}  // namespace leat
