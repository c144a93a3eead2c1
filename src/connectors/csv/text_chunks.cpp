#include "connectors/csv/text_chunks.hpp"

#include <cstring>
#include <utility>

#include "connectors/csv/chunk_reader.hpp"

namespace leat::connectors::csv {
namespace {

/// What stood before the records, as far as their form tells.
Preamble preamble_of(const std::string& form) {
  Preamble preamble;
  for (auto at = form.find(kFieldMark); at != std::string::npos;) {
    const auto end = form.find(kFieldMark, at + 1);
    preamble.names.push_back(form.substr(at + 1, end == std::string::npos ? end : end - at - 1));
    at = end;
  }
  preamble.has_header = !preamble.names.empty();
  return preamble;
}

}  // namespace

/// Counts what comes of the texts.
class TextChunks::Reader final : public ChunkReader {
 public:
  Reader(TextChunks& from, const std::vector<bool>& wanted)
      : x_from(from), x_reader(from, wanted) {}

  Result<std::uint32_t> next(RowBatch& batch) override {
    TRY(const auto rows, x_reader.next(batch));
    x_delivered += rows;
    if (x_delivered == x_from.records_claimed()) return rows;
    return Error(Fault::config, "a text that was one record is none any more, or several")
        .with("records", std::to_string(x_from.records_claimed()))
        .with("read", std::to_string(x_delivered))
        .hint(
            "the delimiter, quotes or comments of the source are other ones than when the record "
            "was set aside");
  }
  std::string raw(std::uint32_t row) const override { return x_reader.raw(row); }

 private:
  TextChunks& x_from;
  CsvReader x_reader;
  std::uint64_t x_delivered = 0;
};

TextChunks::TextChunks(ReadPlan plan, std::vector<data::Column> folders, NextRecord next)
    : x_plan(std::move(plan)), x_folders(std::move(folders)), x_next(std::move(next)) {}

Result<std::unique_ptr<ChunkReader>> TextChunks::make_reader(const std::vector<bool>& wanted) {
  return std::unique_ptr<ChunkReader>(std::make_unique<Reader>(*this, wanted));
}

Result<std::uint64_t> TextChunks::claim(Block& block, std::size_t&) {
  RecordText record;
  TRY(const bool has_more, x_next(record));
  if (!has_more) return std::uint64_t{0};
  TRY(block.file, file_of(record));
  // An empty record of one field is an empty line.
  if (record.text.empty()) record.text = "\n";
  block.text.reserve(record.text.size(), 0);
  std::memcpy(block.text.data(), record.text.data(), record.text.size());
  block.size = static_cast<std::uint32_t>(record.text.size());
  block.first_record = record.place.record;
  block.first_line = record.place.line;
  block.byte_offset = record.place.byte_offset;
  block.layout = &x_files[block.file].layout;
  block.skipped.reset();
  block.arena.clear();
  // As when it was set aside, unless the source says by now that the records begin above it.
  if (record.place.record == 0 && is_above_records(record.place.line, x_plan.format)) {
    block.skipped = SkippedRecord{.bytes = record.text.size()};
    block.skipped->why_none = why_left_out(x_plan.format);
  }
  ++x_records;
  return std::uint64_t{1};
}

Result<std::uint32_t> TextChunks::file_of(const RecordText& record) {
  const auto number = static_cast<std::uint32_t>(x_files.size());
  const auto [at, fresh] = x_numbers.emplace(std::pair(record.file, record.form), number);
  if (!fresh) return at->second;
  data::Schema in_file = x_plan.schema;
  in_file.columns.resize(in_file.size() - x_plan.folders);
  TextFile file{record.file, record.form, {}};
  TRY(file.layout,
      make_layout(preamble_of(record.form), x_plan.format, in_file, x_plan.is_declared));
  file_list::ListedFile listed;
  listed.name = record.file;
  listed.path = record.file;
  TRY(auto texts, folder_texts_of(listed, x_folders));
  x_plan.folder_texts.push_back(std::move(texts));
  x_files.push_back(std::move(file));
  return number;
}

}  // namespace leat::connectors::csv
