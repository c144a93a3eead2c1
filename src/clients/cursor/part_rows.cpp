#include "clients/cursor/part_rows.hpp"
#include "core/wrapped_chunks.hpp"

#include <set>
#include <utility>

namespace leat::cursor {
namespace {

/// Hashes that are waited for. A row that is the same as another one has its own entry.
using Hashes = std::multiset<std::string>;

/// Rows that must all come.
class NamedRows final : public WrappedChunks {
 public:
  NamedRows(std::unique_ptr<ChunkSource> rows, std::shared_ptr<const Hashes> left)
      : WrappedChunks(std::move(rows)), x_left(std::move(left)) {}

  Result<std::unique_ptr<ChunkReader>> make_reader(const std::vector<bool>& wanted) override {
    TRY(auto reader, inner().make_reader(wanted));
    return std::unique_ptr<ChunkReader>(std::make_unique<Reader>(std::move(reader), x_was_read));
  }
  Status verify_unchanged() const override {
    TRY(inner().verify_unchanged());
    if (!x_was_read || x_left->empty()) return {};
    return Error(Fault::external,
                 "rows at the last value of the cursor have changed since they were looked at")
        .hint("run again");
  }

 private:
  class Reader final : public ChunkReader {
   public:
    Reader(std::unique_ptr<ChunkReader> reader, bool& was_read)
        : x_reader(std::move(reader)), x_was_read(was_read) {}
    Result<std::uint32_t> next(RowBatch& batch) override {
      TRY(const auto rows, x_reader->next(batch));
      x_was_read = rows == 0;
      return rows;
    }
    std::string raw(std::uint32_t row) const override { return x_reader->raw(row); }

   private:
    std::unique_ptr<ChunkReader> x_reader;
    bool& x_was_read;
  };

  std::shared_ptr<const Hashes> x_left;
  bool x_was_read = false;  ///< To its end: a reader may stop early.
};

bool take(Hashes& hashes, const std::string& hash) {
  const auto found = hashes.find(hash);
  if (found == hashes.end()) return false;
  hashes.erase(found);
  return true;
}

}  // namespace

Result<std::unique_ptr<ChunkSource>> new_rows(Table& table, const Range& range, const Mark& read,
                                              const data::Schema& schema,
                                              const ReadContext& context) {
  TRY(const auto hash, RowHash::of(read.columns, schema));
  auto left = std::make_shared<Hashes>(read.hashes.begin(), read.hashes.end());
  return table.rows(
      range, [hash, left](const RowTexts& row) { return !take(*left, hash(row)); }, context);
}

Result<std::unique_ptr<ChunkSource>> named_rows(Table& table, const Range& range,
                                                const Mark& columns,
                                                const std::vector<std::string>& hashes,
                                                const data::Schema& schema,
                                                const ReadContext& context) {
  TRY(const auto hash, RowHash::of(columns.columns, schema));
  auto left = std::make_shared<Hashes>(hashes.begin(), hashes.end());
  TRY(auto rows,
      table.rows(
          range, [hash, left](const RowTexts& row) { return take(*left, hash(row)); }, context));
  return std::unique_ptr<ChunkSource>(std::make_unique<NamedRows>(std::move(rows), left));
}

}  // namespace leat::cursor
