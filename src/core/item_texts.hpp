#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/source.hpp"

namespace leat {

/// Records by their texts alone, each read by the source that reads its file.
///
/// Shape    in the order of `next`. `RowPlace::file` tells the source in the bits above
///          kChainFileBits.
/// Errors   internal  a record whose file none of them reads.
class ItemTexts final : public ChunkSource {
 public:
  /// The number of the source that reads a file; nothing: none does.
  using Whose = std::function<std::optional<std::size_t>(const std::string& file)>;
  /// Opens the texts of one source.
  using Open = std::function<Result<std::unique_ptr<ChunkSource>>(std::size_t, NextRecord)>;

  ItemTexts(NextRecord next, Whose whose) : x_next(std::move(next)), x_whose(std::move(whose)) {}
  /// `open` is called for each of so many sources.
  static Result<std::unique_ptr<ChunkSource>> make(NextRecord next, Whose whose,
                                                   std::size_t sources, const Open& open);

  std::size_t threads_max() const override { return 1; }
  Result<std::unique_ptr<ChunkReader>> make_reader(const std::vector<bool>& wanted) override;
  std::uint64_t records_claimed() const override;
  std::uint64_t bytes_claimed() const override { return 0; }
  std::uint64_t bytes_total() const override { return 0; }
  std::string file_name(std::uint32_t file) const override;
  std::string raw_form(std::uint32_t file) const override;
  Status verify_unchanged() const override { return {}; }

 private:
  class Reader;

  /// Looks whose the record at hand is. False: there is none any more.
  Result<bool> look_at_next();
  /// The record at hand, where it is of this source.
  Result<bool> take(std::size_t source, RecordText& record);

  NextRecord x_next;
  Whose x_whose;
  std::vector<std::unique_ptr<ChunkSource>> x_parts;
  RecordText x_record;
  bool x_has_record = false;
  std::size_t x_source = 0;  ///< Whose it is.
};

}  // namespace leat
