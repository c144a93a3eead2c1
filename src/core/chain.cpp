#include "core/chain.hpp"

#include <algorithm>

namespace leat {
namespace {

/// One thread's hand on all parts, one after the other.
class ChainReader final : public ChunkReader {
 public:
  ChainReader(const std::vector<std::unique_ptr<ChunkSource>>& parts, std::vector<bool> wanted)
      : x_parts(parts), x_wanted(std::move(wanted)) {}

  Result<std::uint32_t> next(RowBatch& batch) override {
    for (;;) {
      if (x_readers.size() > x_at) {
        TRY(const auto rows, x_readers[x_at]->next(batch));
        if (rows > 0) return tell_part(batch, rows);
        ++x_at;
      }
      if (x_at == x_parts.size()) return std::uint32_t(0);
      if (x_readers.size() > x_at) continue;
      TRY(auto reader, x_parts[x_at]->make_reader(x_wanted));
      x_readers.push_back(std::move(reader));  // Kept: rows handed out may still point into it.
    }
  }
  std::string raw(std::uint32_t row) const override { return x_readers[x_at]->raw(row); }

 private:
  std::uint32_t tell_part(RowBatch& batch, std::uint32_t rows) const {
    for (auto& place : batch.places) place.file |= std::uint32_t(x_at) << kChainFileBits;
    return rows;
  }

  const std::vector<std::unique_ptr<ChunkSource>>& x_parts;
  std::vector<bool> x_wanted;
  std::vector<std::unique_ptr<ChunkReader>> x_readers;
  std::size_t x_at = 0;
};

class ChainSource final : public ChunkSource {
 public:
  explicit ChainSource(std::vector<std::unique_ptr<ChunkSource>> parts)
      : x_parts(std::move(parts)) {}

  std::size_t threads_max() const override {
    std::size_t most = 1;
    for (const auto& part : x_parts) most = std::max(most, part->threads_max());
    return most;
  }
  Result<std::unique_ptr<ChunkReader>> make_reader(const std::vector<bool>& wanted) override {
    return std::unique_ptr<ChunkReader>(std::make_unique<ChainReader>(x_parts, wanted));
  }
  std::uint64_t records_claimed() const override {
    return sum([](const ChunkSource& part) { return part.records_claimed(); });
  }
  std::uint64_t bytes_claimed() const override {
    return sum([](const ChunkSource& part) { return part.bytes_claimed(); });
  }
  std::uint64_t bytes_total() const override {
    return sum([](const ChunkSource& part) { return part.bytes_total(); });
  }
  std::string file_name(std::uint32_t file) const override {
    return x_parts[file >> kChainFileBits]->file_name(file & ((1u << kChainFileBits) - 1));
  }
  std::string raw_form(std::uint32_t file) const override {
    return x_parts[file >> kChainFileBits]->raw_form(file & ((1u << kChainFileBits) - 1));
  }
  Status verify_unchanged() const override {
    for (const auto& part : x_parts) TRY(part->verify_unchanged());
    return {};
  }
  std::vector<std::string> said() const override {
    std::vector<std::string> all;
    for (const auto& part : x_parts) {
      for (auto& one : part->said()) all.push_back(std::move(one));
    }
    return all;
  }

 private:
  template <typename Count>
  std::uint64_t sum(Count count) const {
    std::uint64_t all = 0;
    for (const auto& part : x_parts) all += count(*part);
    return all;
  }

  std::vector<std::unique_ptr<ChunkSource>> x_parts;
};

}  // namespace

std::unique_ptr<ChunkSource> chain(std::vector<std::unique_ptr<ChunkSource>> parts) {
  return std::make_unique<ChainSource>(std::move(parts));
}

}  // namespace leat
