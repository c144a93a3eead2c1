#include "core/item_texts.hpp"

#include <utility>

#include "core/chain.hpp"

namespace leat {
namespace {

constexpr std::uint32_t kFileMask = (1u << kChainFileBits) - 1;

}  // namespace

/// Goes from source to source, as the records do.
class ItemTexts::Reader final : public ChunkReader {
 public:
  Reader(ItemTexts& from, std::vector<bool> wanted)
      : x_from(from), x_wanted(std::move(wanted)), x_readers(from.x_parts.size()) {}

  Result<std::uint32_t> next(RowBatch& batch) override {
    TRY(const bool has_more, x_from.look_at_next());
    if (!has_more) return std::uint32_t{0};
    x_at = x_from.x_source;
    auto& reader = x_readers[x_at];
    if (!reader) {
      TRY(reader, x_from.x_parts[x_at]->make_reader(x_wanted));
    }
    TRY(const auto rows, reader->next(batch));
    if (rows == 0) return Error(Fault::internal, "a record was not read again");
    for (auto& place : batch.places) place.file |= std::uint32_t(x_at) << kChainFileBits;
    return rows;
  }
  std::string raw(std::uint32_t row) const override { return x_readers[x_at]->raw(row); }

 private:
  ItemTexts& x_from;
  std::vector<bool> x_wanted;
  std::vector<std::unique_ptr<ChunkReader>> x_readers;
  std::size_t x_at = 0;
};

Result<std::unique_ptr<ChunkSource>> ItemTexts::make(NextRecord next, Whose whose,
                                                     std::size_t sources, const Open& open) {
  auto all = std::make_unique<ItemTexts>(std::move(next), std::move(whose));
  for (std::size_t i = 0; i < sources; ++i) {
    const NextRecord own = [texts = all.get(), i](RecordText& record) {
      return texts->take(i, record);
    };
    TRY(auto part, open(i, own));
    all->x_parts.push_back(std::move(part));
  }
  return std::unique_ptr<ChunkSource>(std::move(all));
}

Result<std::unique_ptr<ChunkReader>> ItemTexts::make_reader(const std::vector<bool>& wanted) {
  return std::unique_ptr<ChunkReader>(std::make_unique<Reader>(*this, wanted));
}

std::uint64_t ItemTexts::records_claimed() const {
  std::uint64_t all = 0;
  for (const auto& part : x_parts) all += part ? part->records_claimed() : 0;
  return all;
}

std::string ItemTexts::file_name(std::uint32_t file) const {
  return x_parts[file >> kChainFileBits]->file_name(file & kFileMask);
}

std::string ItemTexts::raw_form(std::uint32_t file) const {
  return x_parts[file >> kChainFileBits]->raw_form(file & kFileMask);
}

Result<bool> ItemTexts::look_at_next() {
  if (x_has_record) return true;
  TRY(x_has_record, x_next(x_record));
  if (!x_has_record) return false;
  const auto source = x_whose(x_record.file);
  if (!source || !x_parts[*source]) {
    return Error(Fault::internal, "nobody reads the texts of " + x_record.file);
  }
  x_source = *source;
  return true;
}

Result<bool> ItemTexts::take(std::size_t source, RecordText& record) {
  TRY(const bool has_more, look_at_next());
  if (!has_more || x_source != source) return false;
  record = std::move(x_record);
  x_has_record = false;
  return true;
}

}  // namespace leat
