#include "kernels/hash.hpp"

#include <xxhash.h>

namespace leat::kernels {

std::uint64_t hash_long_text(const char* text, std::size_t size, std::uint64_t seed) {
  return XXH3_64bits_withSeed(text, size, seed);
}

}  // namespace leat::kernels
