#include "connectors/files/json_chunks.hpp"

#include <algorithm>
#include <utility>

#include "connectors/files/json_reader.hpp"

namespace leat::connectors::files {

JsonChunks::JsonChunks(JsonPlan plan, std::vector<file_list::ListedFile> listed,
                       const ReadContext& context)
    : x_plan(std::move(plan)),
      x_listed(std::move(listed)),
      x_cancel(context.cancel),
      x_threads(std::max<std::size_t>(1, context.threads)) {
  for (std::uint32_t i = 0; i < x_listed.size(); ++i) {
    x_lanes.push_back(std::make_unique<JsonLane>(*x_plan.files, x_plan.cut, x_listed[i], i));
    x_bytes_total += x_listed[i].size;
  }
}

std::size_t JsonChunks::threads_max() const {
  const std::uint64_t blocks = x_bytes_total / x_plan.cut.block_bytes + x_listed.size();
  return std::clamp<std::uint64_t>(blocks, 1, x_threads);
}

Result<std::unique_ptr<ChunkReader>> JsonChunks::make_reader(const std::vector<bool>& wanted) {
  return std::unique_ptr<ChunkReader>(std::make_unique<JsonReader>(*this, wanted));
}

std::uint64_t JsonChunks::bytes_claimed() const {
  std::uint64_t bytes = 0;
  for (const auto& lane : x_lanes) bytes += lane->bytes_read();
  return bytes;
}

Status JsonChunks::verify_unchanged() const {
  return file_list::verify_unchanged(*x_plan.files, x_listed);
}

Result<std::size_t> JsonChunks::claim(JsonBlock& block) {
  for (const auto& lane : x_lanes) {
    if (x_cancel != nullptr && x_cancel->requested()) {
      return Error(Fault::external, "reading was stopped").cancelled();
    }
    if (lane->is_done()) continue;
    const std::lock_guard held(lane->mutex());
    TRY(const std::size_t records, lane->claim(block));
    x_records += records;
    if (records > 0) return records;
  }
  return std::size_t{0};
}

}  // namespace leat::connectors::files
