#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "base/cancel.hpp"
#include "connectors/csv/file_lane.hpp"
#include "core/source.hpp"

namespace leat::connectors::csv {

/// What hands out blocks of records to readers.
class BlockSource {
 public:
  virtual ~BlockSource() = default;
  virtual const ReadPlan& plan() const = 0;
  /// The name of the file that a block means.
  virtual std::string block_file(std::uint32_t file) const = 0;
  /// Fills `block` with records that nobody else gets; their number, 0 when there are no more.
  /// `lane` is the file that this thread read last; it stays there while it can.
  virtual Result<std::uint64_t> claim(Block& block, std::size_t& lane) = 0;
};

/// The files of one slice, read by any number of threads.
class CsvChunks final : public ChunkSource, private BlockSource {
 public:
  CsvChunks(ReadPlan plan, std::vector<file_list::ListedFile> files, const ReadContext& context);

  std::size_t threads_max() const override;
  Result<std::unique_ptr<ChunkReader>> make_reader(const std::vector<bool>& wanted) override;
  std::uint64_t records_claimed() const override { return x_records; }
  std::uint64_t bytes_claimed() const override;
  std::uint64_t bytes_total() const override { return x_bytes_total; }
  std::string file_name(std::uint32_t file) const override { return x_files.at(file).name; }
  std::string raw_form(std::uint32_t file) const override { return x_lanes.at(file)->raw_form(); }
  Status verify_unchanged() const override;

 private:
  /// So many threads find something to do.
  std::size_t parsers_max() const;
  const ReadPlan& plan() const override { return x_plan; }
  std::string block_file(std::uint32_t file) const override { return file_name(file); }
  Result<std::uint64_t> claim(Block& block, std::size_t& lane) override;
  /// A file that nobody is claiming from just now, else the first that is not read to its end;
  /// its number, or that of no file.
  std::size_t next_lane(std::size_t last, std::unique_lock<std::mutex>& held);

  ReadPlan x_plan;
  FileHeaders x_headers{x_plan};
  std::vector<file_list::ListedFile> x_files;
  std::vector<std::unique_ptr<FileLane>> x_lanes;
  const CancelToken* x_cancel;
  std::size_t x_threads;
  std::uint64_t x_bytes_total = 0;
  std::atomic<std::size_t> x_first{0};  ///< All lanes before it are done.
  std::atomic<std::uint64_t> x_records{0};
};

}  // namespace leat::connectors::csv
