#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "clients/arrow_ipc/messages.hpp"
#include "clients/file_list/file_list.hpp"
#include "core/source.hpp"

namespace leat::connectors::files {

/// One record batch that one thread reads.
struct ArrowBatch {
  std::shared_ptr<arrow_ipc::MessageReader> from;  ///< Shared by all batches of its file.
  arrow_ipc::BatchPlace place;
  std::shared_ptr<const std::vector<std::size_t>> field_of;  ///< By column of ours.
  std::uint32_t file = 0;
  std::uint64_t first_record = 1;
};

/// The record batches of a slice's files, handed out in their order.
class ArrowChunks final : public ChunkSource {
 public:
  ArrowChunks(io::FileSystem& files, data::Schema schema, std::vector<file_list::ListedFile> listed,
              const ReadContext& context);

  std::size_t threads_max() const override { return x_threads; }
  Result<std::unique_ptr<ChunkReader>> make_reader(const std::vector<bool>& wanted) override;
  std::uint64_t records_claimed() const override { return x_records; }
  std::uint64_t bytes_claimed() const override { return x_bytes; }
  std::uint64_t bytes_total() const override { return x_bytes_total; }
  std::string file_name(std::uint32_t file) const override { return x_listed.at(file).name; }
  Status verify_unchanged() const override;

  const data::Schema& schema() const { return x_schema; }
  /// False when there is none left. Any thread.
  Result<bool> claim(ArrowBatch& batch);

 private:
  Result<bool> open_next();

  io::FileSystem& x_files;
  data::Schema x_schema;
  std::vector<file_list::ListedFile> x_listed;
  const CancelToken* x_cancel;
  std::size_t x_threads;
  std::uint64_t x_bytes_total = 0;
  std::mutex x_mutex;
  std::shared_ptr<arrow_ipc::MessageReader> x_current;
  std::shared_ptr<const std::vector<std::size_t>> x_field_of;  ///< Of `x_current`.
  std::size_t x_opened = 0;                                    ///< Files so far.
  std::uint64_t x_next_record = 1;
  std::atomic<std::uint64_t> x_records{0};
  std::atomic<std::uint64_t> x_bytes{0};
};

/// Opens a listed file. Errors name it.
Result<std::unique_ptr<arrow_ipc::MessageReader>> open_arrow(io::FileSystem& files,
                                                             const file_list::ListedFile& listed);

}  // namespace leat::connectors::files
