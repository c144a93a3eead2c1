#include "connectors/csv/chunk_source.hpp"

#include <algorithm>
#include <utility>

#include "connectors/csv/chunk_reader.hpp"
#include "connectors/csv/ordered_reader.hpp"

namespace leat::connectors::csv {

CsvChunks::CsvChunks(ReadPlan plan, std::vector<file_list::ListedFile> files,
                     const ReadContext& context)
    : x_plan(std::move(plan)),
      x_files(std::move(files)),
      x_cancel(context.cancel),
      x_threads(std::max<std::size_t>(1, context.threads)) {
  for (std::uint32_t i = 0; i < x_files.size(); ++i) {
    x_lanes.push_back(std::make_unique<FileLane>(x_plan, x_headers, x_files[i], i));
    x_bytes_total += x_files[i].size;
  }
}

std::size_t CsvChunks::threads_max() const { return x_plan.is_ordered ? 1 : parsers_max(); }

std::size_t CsvChunks::parsers_max() const {
  if (!x_files.empty() && x_files.front().stream) return x_threads;
  const std::uint64_t blocks = x_bytes_total / x_plan.block_bytes + x_files.size();
  return std::clamp<std::uint64_t>(blocks, 1, x_threads);
}

Result<std::unique_ptr<ChunkReader>> CsvChunks::make_reader(const std::vector<bool>& wanted) {
  BlockSource& blocks = *this;
  if (x_plan.is_ordered && parsers_max() > 1) {
    return std::unique_ptr<ChunkReader>(
        std::make_unique<OrderedReader>(blocks, wanted, parsers_max()));
  }
  return std::unique_ptr<ChunkReader>(std::make_unique<CsvReader>(blocks, wanted));
}

std::uint64_t CsvChunks::bytes_claimed() const {
  std::uint64_t bytes = 0;
  for (const auto& lane : x_lanes) bytes += lane->file_bytes();
  return bytes;
}

Status CsvChunks::verify_unchanged() const {
  std::vector<std::uint64_t> inodes;
  for (const auto& lane : x_lanes) inodes.push_back(lane->inode());
  return file_list::verify_unchanged(*x_plan.files, x_files, inodes);
}

std::size_t CsvChunks::next_lane(std::size_t last, std::unique_lock<std::mutex>& held) {
  const auto try_to_hold = [&](std::size_t i, bool wait) {
    if (i >= x_lanes.size() || x_lanes[i]->is_done()) return false;
    held = wait ? std::unique_lock(x_lanes[i]->mutex())
                : std::unique_lock(x_lanes[i]->mutex(), std::try_to_lock);
    return held.owns_lock();
  };
  if (try_to_hold(last, false)) return last;
  std::size_t first = x_first.load(std::memory_order_relaxed);
  while (first < x_lanes.size() && x_lanes[first]->is_done()) ++first;
  x_first.store(first, std::memory_order_relaxed);
  for (std::size_t i = first; i < x_lanes.size(); ++i) {
    if (try_to_hold(i, false)) return i;
  }
  for (std::size_t i = first; i < x_lanes.size(); ++i) {
    if (try_to_hold(i, true)) return i;
  }
  return x_lanes.size();
}

Result<std::uint64_t> CsvChunks::claim(Block& block, std::size_t& lane) {
  while (true) {
    if (x_cancel != nullptr && x_cancel->requested()) {
      return Error(Fault::external, "reading was stopped").cancelled();
    }
    std::unique_lock<std::mutex> held;
    lane = next_lane(lane, held);
    if (lane == x_lanes.size()) return std::uint64_t{0};
    TRY(const std::uint64_t records, x_lanes[lane]->claim(block));
    x_records += records;
    if (records > 0) return records;
  }
}

}  // namespace leat::connectors::csv
