#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "clients/file_list/file_list.hpp"
#include "connectors/csv/block.hpp"
#include "connectors/csv/file_format.hpp"
#include "connectors/csv/file_header.hpp"
#include "connectors/csv/input.hpp"
#include "connectors/csv/layout.hpp"
#include "connectors/csv/preamble.hpp"
#include "connectors/csv/record_scan.hpp"
#include "data/schema.hpp"

namespace leat::connectors::csv {

/// A value from the name of a folder, with readable bytes behind it.
struct FolderText {
  std::string padded;
  std::uint32_t size = 0;
  bool is_null = false;
};

/// The values of these columns in the names of a file's folders.
Result<std::vector<FolderText>> folder_texts_of(const file_list::ListedFile& file,
                                                const std::vector<data::Column>& folders);

/// What all files of a slice have in common. Never changes.
struct ReadPlan {
  io::FileSystem* files = nullptr;
  FileFormat format;
  data::Schema schema;
  bool is_declared = true;
  /// The last columns of the schema stand in the names of folders: of each file its values.
  std::size_t folders = 0;
  std::vector<std::vector<FolderText>> folder_texts;
  std::size_t block_bytes = 1 << 20;
  bool is_ordered = false;  ///< One reader wants all records in their order.
};

/// One file, from which threads claim blocks of whole records in turn.
///
/// Threads  any: `claim` under `mutex()`; `is_done`, `file_bytes` and `inode` without.
/// Errors   config and external, as Input says, with the file's name.
class FileLane {
 public:
  FileLane(const ReadPlan& plan, FileHeaders& headers, const file_list::ListedFile& file,
           std::uint32_t number)
      : x_plan(plan), x_headers(headers), x_file(file), x_number(number) {}

  std::mutex& mutex() { return x_mutex; }
  bool is_done() const { return x_is_done.load(std::memory_order_acquire); }
  std::uint64_t file_bytes() const { return x_file_bytes.load(std::memory_order_relaxed); }
  std::uint64_t inode() const { return x_inode.load(std::memory_order_relaxed); }
  /// As ChunkSource::raw_form; known when a block was claimed.
  const std::string& raw_form() const { return x_header->raw_form; }

  /// Puts the next records into `block` and returns their number; 0 at the end of the file.
  Result<std::uint64_t> claim(Block& block);

 private:
  Status start();
  /// The next of what stands above the records, as a record of its own.
  std::uint64_t claim_left_out(Block& block);
  void finish();
  Result<std::uint64_t> claim_some(Block& block);
  /// Fills `block` until it holds a whole record, the file ends, or the record is too long.
  struct Filled {
    std::size_t size = 0;
    WholeRecords whole;
    bool at_end = false;
  };
  Result<Filled> fill(Block& block);
  void place(Block& block) const;
  std::uint64_t take_whole(Block& block, Filled& filled);
  Status skip_record(Block& block, Filled& filled);
  /// Goes to what follows the record, whose end lies at `end` of the text read last.
  void leave_skipped(const SkippedRecord& skipped, std::string_view text,
                     std::optional<std::size_t> end);
  bool blank_is_record() const;

  const ReadPlan& x_plan;
  FileHeaders& x_headers;
  const file_list::ListedFile& x_file;
  const std::uint32_t x_number;
  std::mutex x_mutex;
  std::optional<Input> x_input;  ///< Open between the first claim and the last.
  std::shared_ptr<const FileHeader> x_header;
  std::vector<LeftOut> x_left_out;  ///< Above the records; the next of it comes last.
  std::uint64_t x_records = 0;      ///< Taken so far, as are lines and bytes.
  std::uint64_t x_lines = 0;
  std::uint64_t x_bytes = 0;
  std::atomic<bool> x_is_done{false};
  std::atomic<std::uint64_t> x_file_bytes{0};
  std::atomic<std::uint64_t> x_inode{0};
};

}  // namespace leat::connectors::csv
