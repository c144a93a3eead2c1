#include "io/torn_bytes.hpp"

#include <xxhash.h>

#include <cstdio>

namespace leat::io {

struct TornBytes::State {
  State() { XXH3_128bits_reset(&hash); }
  XXH3_state_t hash;
};

TornBytes::TornBytes() : x_state(std::make_unique<State>()) {}
TornBytes::~TornBytes() = default;
TornBytes::TornBytes(TornBytes&&) noexcept = default;
TornBytes& TornBytes::operator=(TornBytes&&) noexcept = default;

void TornBytes::add(std::string_view bytes) {
  XXH3_128bits_update(&x_state->hash, bytes.data(), bytes.size());
}

std::string TornBytes::hex() const {
  const auto hash = XXH3_128bits_digest(&x_state->hash);
  char text[33];
  std::snprintf(text, sizeof text, "%016llx%016llx", static_cast<unsigned long long>(hash.high64),
                static_cast<unsigned long long>(hash.low64));
  return text;
}

}  // namespace leat::io
