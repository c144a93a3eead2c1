#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/cancel.hpp"
#include "base/result.hpp"
#include "io/descriptor.hpp"

namespace leat::hdf5 {

/// Brings the rows of an array into the order of its cells, on disk: whatever their number, they
/// are read twice.
///
/// Calls     `open`, `keep` any number of times, `sort` once, then `next` until it says nothing.
/// Shape     a record is a 32-bit coordinate an axis, then its values.
/// Errors    external  the disk; cancelled.
class CellOrder {
 public:
  /// Files without a name lie beside `path`. About `memory_max` bytes are taken while sorting, and
  /// as many while merging.
  Status open(const std::filesystem::path& path, std::size_t axes, std::size_t record_bytes,
              std::uint64_t memory_max, const CancelToken* cancel);
  Status keep(std::string_view records);
  /// `sizes` of the axes, whose product has 63 bits at most.
  Status sort(const std::vector<std::uint64_t>& sizes);

  struct Record {
    std::uint64_t cell = 0;
    const char* values = nullptr;  ///< Until the next `next`; null: there is no more.
  };
  Result<Record> next();

 private:
  /// A stretch of the sorted file, and the part of it that is in memory.
  struct Run {
    std::uint64_t at = 0;
    std::uint64_t end = 0;
    std::string block;
    std::size_t used = 0;
    std::uint64_t cell = 0;
  };

  Status read_at(int file, std::uint64_t at, std::string& block) const;
  Status write_run(const std::string& block, std::string& sorted);
  Status start_merge();
  Result<bool> advance(Run& run) const;
  std::uint64_t cell_of(const char* record) const;
  bool is_later(std::size_t a, std::size_t b) const { return x_runs[a].cell > x_runs[b].cell; }

  std::size_t x_axes = 0;
  std::size_t x_record_bytes = 0;
  std::uint64_t x_memory_max = 0;
  const CancelToken* x_cancel = nullptr;
  std::vector<std::uint64_t> x_sizes;
  io::Descriptor x_kept;
  io::Descriptor x_sorted;
  std::uint64_t x_bytes = 0;
  std::vector<Run> x_runs;
  std::vector<std::size_t> x_heap;  ///< Runs with a record left; that of the first cell is first.
  bool x_is_told = false;           ///< The first run's record has been told.
};

}  // namespace leat::hdf5
