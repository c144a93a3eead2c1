#pragma once

#include <cstddef>
#include <memory>

namespace leat::kernels {

/// Bytes of zeros for tables that are looked into at random places: large ones lie in huge pages
/// where the system has them, so that the processor knows where all of them are.
class ZeroedBytes {
 public:
  /// More of them, behind those that are there. False: there is no memory for so many, and nothing
  /// has changed.
  [[nodiscard]] bool grow(std::size_t size);

  char* data() const { return x_bytes.get(); }
  std::size_t size() const { return x_size; }

 private:
  class Release {
   public:
    Release() : Release(0) {}
    explicit Release(std::size_t mapped) : x_mapped(mapped) {}
    std::size_t mapped() const { return x_mapped; }
    void operator()(char* bytes) const;

   private:
    std::size_t x_mapped;  ///< 0: of the heap.
  };

  bool grow_in_heap(std::size_t size);
  bool grow_in_pages(std::size_t mapped);

  std::size_t x_size = 0;
  std::unique_ptr<char, Release> x_bytes;
};

}  // namespace leat::kernels
