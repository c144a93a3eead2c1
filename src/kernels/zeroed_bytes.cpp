#include "kernels/zeroed_bytes.hpp"

#include <sys/mman.h>

#include <cstdint>
#include <cstdlib>
#include <cstring>

namespace leat::kernels {
namespace {

constexpr std::size_t kPage = 4096;
constexpr std::size_t kHugePage = std::size_t{2} << 20;
constexpr std::size_t kMapped = std::size_t{64} << 10;  ///< Smaller ones are of the heap.

/// What more than half of a huge page is needed for has all of it.
std::size_t mapped_size(std::size_t size) {
  if (size < kMapped) return 0;
  const auto unit = size > kHugePage / 2 ? kHugePage : kPage;
  return (size + unit - 1) / unit * unit;
}

bool is_huge(std::size_t mapped) { return mapped % kHugePage == 0; }

/// A place for so many bytes which nothing else takes; of huge pages it begins where one may.
char* reserve(std::size_t mapped) {
  const auto room = mapped + (is_huge(mapped) ? kHugePage : 0);
  void* found = mmap(nullptr, room, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (found == MAP_FAILED) return nullptr;
  auto* begin = static_cast<char*>(found);
  if (!is_huge(mapped)) return begin;
  const auto past = reinterpret_cast<std::uintptr_t>(begin) % kHugePage;
  const auto before = past == 0 ? 0 : kHugePage - past;
  if (before > 0) munmap(begin, before);
  munmap(begin + before + mapped, kHugePage - before);
  return begin + before;
}

}  // namespace

void ZeroedBytes::Release::operator()(char* bytes) const {
  if (x_mapped == 0) {
    std::free(bytes);
  } else {
    munmap(bytes, x_mapped);
  }
}

bool ZeroedBytes::grow_in_heap(std::size_t size) {
  auto* bytes = static_cast<char*>(std::calloc(size, 1));
  if (bytes == nullptr) return false;
  if (x_size > 0) std::memcpy(bytes, x_bytes.get(), x_size);
  x_bytes = {bytes, Release()};
  return true;
}

/// Pages move without being copied; new ones are asked for at once, since all are looked into soon.
bool ZeroedBytes::grow_in_pages(std::size_t mapped) {
  const auto before = x_bytes.get_deleter().mapped();
  auto* place = reserve(mapped);
  if (place == nullptr) return false;
  const bool is_had = before > 0 ? mremap(x_bytes.get(), before, mapped,
                                          MREMAP_MAYMOVE | MREMAP_FIXED, place) == place
                                 : mprotect(place, mapped, PROT_READ | PROT_WRITE) == 0;
  // A place to which pages could not move may be another's by now: it is not given back.
  if (!is_had && before == 0) munmap(place, mapped);
  if (!is_had) return false;
  if (is_huge(mapped)) madvise(place, mapped, MADV_HUGEPAGE);  // Without them it is memory as any.
  madvise(place + before, mapped - before, MADV_POPULATE_WRITE);  // Or each page when touched.
  if (before > 0) {
    x_bytes.release();  // It has moved.
  } else if (x_size > 0) {
    std::memcpy(place, x_bytes.get(), x_size);
  }
  x_bytes = {place, Release(mapped)};
  return true;
}

bool ZeroedBytes::grow(std::size_t size) {
  const auto mapped = mapped_size(size);
  const bool is_room = x_bytes && mapped > 0 && mapped == x_bytes.get_deleter().mapped();
  if (!is_room && !(mapped > 0 ? grow_in_pages(mapped) : grow_in_heap(size))) return false;
  x_size = size;
  return true;
}

}  // namespace leat::kernels
