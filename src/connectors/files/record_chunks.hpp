#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "connectors/files/record_format.hpp"

namespace leat::connectors::files {

/// The files of one slice; each is read whole by the thread that takes it.
class RecordChunks final : public ChunkSource {
 public:
  RecordChunks(io::FileSystem& files, std::shared_ptr<const RecordFormat> format,
               data::Schema schema, std::vector<file_list::ListedFile> listed,
               const ReadContext& context);

  std::size_t threads_max() const override;
  Result<std::unique_ptr<ChunkReader>> make_reader(const std::vector<bool>& wanted) override;
  std::uint64_t records_claimed() const override { return x_records; }
  std::uint64_t bytes_claimed() const override { return x_bytes; }
  std::uint64_t bytes_total() const override { return x_bytes_total; }
  std::string file_name(std::uint32_t file) const override { return x_listed.at(file).name; }
  std::string raw_form(std::uint32_t) const override { return x_format->raw_form(); }
  Status verify_unchanged() const override;
  std::vector<std::string> said() const override;

 private:
  class Reader;

  /// What the records of a file that has ended had.
  void note(const RecordFile& file);

  io::FileSystem& x_files;
  std::shared_ptr<const RecordFormat> x_format;
  data::Schema x_schema;
  std::vector<file_list::ListedFile> x_listed;
  const CancelToken* x_cancel;
  std::size_t x_threads;
  std::uint64_t x_bytes_total = 0;
  std::atomic<std::uint32_t> x_next_file{0};
  std::atomic<std::uint64_t> x_records{0};
  std::atomic<std::uint64_t> x_bytes{0};
  mutable std::mutex x_seen_mutex;
  SeenColumns x_seen;
};

}  // namespace leat::connectors::files
