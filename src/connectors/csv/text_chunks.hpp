#pragma once

#include <atomic>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "connectors/csv/chunk_source.hpp"

namespace leat::connectors::csv {

/// Records by their texts alone, each a block of its own at the place where it stood.
///
/// Threads   one.
/// Errors    config  a text is no longer one record, as the source reads records now.
class TextChunks final : public ChunkSource, private BlockSource {
 public:
  /// `folders`: the last columns of the plan, whose values stand in the names of folders.
  TextChunks(ReadPlan plan, std::vector<data::Column> folders, NextRecord next);

  std::size_t threads_max() const override { return 1; }
  Result<std::unique_ptr<ChunkReader>> make_reader(const std::vector<bool>& wanted) override;
  std::uint64_t records_claimed() const override { return x_records; }
  std::uint64_t bytes_claimed() const override { return 0; }
  std::uint64_t bytes_total() const override { return 0; }
  std::string file_name(std::uint32_t file) const override { return x_files.at(file).name; }
  std::string raw_form(std::uint32_t file) const override { return x_files.at(file).form; }
  Status verify_unchanged() const override { return {}; }

 private:
  class Reader;

  /// Records with the same names of their fields.
  struct TextFile {
    std::string name;
    std::string form;
    Layout layout;
  };

  const ReadPlan& plan() const override { return x_plan; }
  std::string block_file(std::uint32_t file) const override { return file_name(file); }
  Result<std::uint64_t> claim(Block& block, std::size_t& lane) override;
  /// The number of the file that a record is of.
  Result<std::uint32_t> file_of(const RecordText& record);

  ReadPlan x_plan;
  std::vector<data::Column> x_folders;
  NextRecord x_next;
  std::map<std::pair<std::string, std::string>, std::uint32_t> x_numbers;
  std::deque<TextFile> x_files;  ///< Blocks point into it.
  std::atomic<std::uint64_t> x_records{0};
};

}  // namespace leat::connectors::csv
