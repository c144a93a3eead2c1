#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "clients/file_list/open_listed.hpp"
#include "clients/text_values/arena.hpp"
#include "connectors/files/json_split.hpp"

namespace leat::connectors::files {

/// So much is kept of a record that is too long.
inline constexpr std::size_t kShownBytes = 1000;

/// How files of JSON are cut. Never changes while they are read.
struct JsonCut {
  JsonShape shape = JsonShape::detect;
  std::vector<std::string> records;  ///< Keys that lead to the array; none: it is the document.
  std::uint64_t max_record_bytes = 16 << 20;
  std::size_t block_bytes = 1 << 20;
};

/// Records of one file, whole, with the place of the first. Owned by one reader.
struct JsonBlock {
  std::vector<char> text;  ///< Padded.
  std::vector<JsonRecord> records;
  text_values::Arena arena;  ///< Texts whose escapes were undone.
  std::uint32_t file = 0;
  std::uint64_t first_record = 0;  ///< Number of the first record, from 1.
  std::uint64_t first_line = 0;    ///< Line on which the text starts, from 1.
  std::uint64_t byte_offset = 0;
  /// The block is one record that was too long; `text` holds its start, this is its length.
  std::optional<std::uint64_t> skipped_bytes;
};

/// One file, from which threads claim blocks in turn.
///
/// Threads   any: `claim` under `mutex()`, the rest without.
/// Errors    external  the file changed, cannot be read, or ends before its array does.
class JsonLane {
 public:
  JsonLane(io::FileSystem& files, const JsonCut& cut, const file_list::ListedFile& file,
           std::uint32_t number, file_list::Opened how)
      : x_files(files),
        x_cut(cut),
        x_file(file),
        x_number(number),
        x_how(how),
        x_split(cut.shape, cut.records) {}

  std::mutex& mutex() { return x_mutex; }
  bool is_done() const { return x_is_done.load(std::memory_order_acquire); }
  std::uint64_t bytes_read() const { return x_bytes_read.load(std::memory_order_relaxed); }

  /// Puts the next records into `block` and returns their number; 0 at the end of the file.
  Result<std::size_t> claim(JsonBlock& block);

 private:
  Result<std::size_t> claim_some(JsonBlock& block);
  Status start();
  /// Reads until `block.text` holds `wanted` bytes or the file ends.
  Status fill(JsonBlock& block, std::size_t wanted);
  void take(JsonBlock& block, std::size_t bytes);
  Status skip_record(JsonBlock& block);
  Status finish();
  Status judge_path() const;

  io::FileSystem& x_files;
  const JsonCut& x_cut;
  const file_list::ListedFile& x_file;
  const std::uint32_t x_number;
  const file_list::Opened x_how;
  std::mutex x_mutex;
  std::optional<file_list::OpenFile> x_open;
  JsonSplit x_split;
  std::string x_rest;  ///< Read, and not yet cut.
  bool x_at_end = false;
  std::uint64_t x_records = 0;  ///< Taken so far, as are lines and bytes.
  std::uint64_t x_lines = 0;
  std::uint64_t x_bytes = 0;
  std::atomic<bool> x_is_done{false};
  std::atomic<std::uint64_t> x_bytes_read{0};
};

}  // namespace leat::connectors::files
