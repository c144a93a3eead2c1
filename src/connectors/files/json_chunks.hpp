#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "base/cancel.hpp"
#include "clients/file_list/file_list.hpp"
#include "connectors/files/json_lane.hpp"
#include "core/source.hpp"

namespace leat::connectors::files {

/// What all files of a slice have in common. Never changes.
struct JsonPlan {
  io::FileSystem* files = nullptr;
  JsonCut cut;
  data::Schema schema;
  /// The author named the columns: other keys are passed by. Else such a record is set aside.
  bool is_declared = true;
};

/// The JSON files of one slice, read by any number of threads.
class JsonChunks final : public ChunkSource {
 public:
  JsonChunks(JsonPlan plan, std::vector<file_list::ListedFile> listed, const ReadContext& context);

  std::size_t threads_max() const override;
  Result<std::unique_ptr<ChunkReader>> make_reader(const std::vector<bool>& wanted) override;
  std::uint64_t records_claimed() const override { return x_records; }
  std::uint64_t bytes_claimed() const override;
  std::uint64_t bytes_total() const override { return x_bytes_total; }
  std::string file_name(std::uint32_t file) const override { return x_listed.at(file).name; }
  Status verify_unchanged() const override;

  const JsonPlan& plan() const { return x_plan; }
  /// Fills `block` with records that nobody else gets; their number, 0 when there are no more.
  Result<std::size_t> claim(JsonBlock& block);

 private:
  JsonPlan x_plan;
  std::vector<file_list::ListedFile> x_listed;
  std::vector<std::unique_ptr<JsonLane>> x_lanes;
  const CancelToken* x_cancel;
  std::size_t x_threads;
  std::uint64_t x_bytes_total = 0;
  std::atomic<std::uint64_t> x_records{0};
};

}  // namespace leat::connectors::files
