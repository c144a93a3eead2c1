#include "connectors/files/record_chunks.hpp"

#include <algorithm>
#include <utility>

#include "base/quantity.hpp"

namespace leat::connectors::files {

/// One thread's hand on the files.
class RecordChunks::Reader final : public ChunkReader {
 public:
  Reader(RecordChunks& from, const std::vector<bool>& wanted) : x_from(from), x_wanted(wanted) {}

  Result<std::uint32_t> next(RowBatch& batch) override {
    x_ended.clear();
    for (;;) {
      batch.places.clear();
      batch.faults.clear();
      if (x_from.x_cancel != nullptr && x_from.x_cancel->requested()) {
        return Error(Fault::external, "reading was stopped").cancelled();
      }
      if (x_open == nullptr) {
        TRY(const bool has_file, open_next());
        if (!has_file) return std::uint32_t{0};
      }
      TRY(const std::uint32_t rows, read_some(batch));
      if (rows > 0) return rows;
      x_from.note(*x_open);
      x_ended.push_back(std::move(x_open));
    }
  }

  std::string raw(std::uint32_t row) const override { return x_open->raw(row); }

 private:
  Result<bool> open_next() {
    x_file = x_from.x_next_file.fetch_add(1);
    if (x_file >= x_from.x_listed.size()) return false;
    x_bytes = 0;
    const auto& listed = x_from.x_listed[x_file];
    auto opened =
        x_from.x_format->open(x_from.x_files, listed, {x_from.x_schema, x_wanted, x_from.x_cancel});
    if (!opened.ok()) return trail(std::move(opened).error());
    x_open = std::move(opened).value();
    return true;
  }

  Result<std::uint32_t> read_some(RowBatch& batch) {
    auto read = x_open->next(batch);
    if (!read.ok()) return trail(std::move(read).error());
    const std::uint64_t bytes = x_open->file_bytes();
    x_from.x_bytes += bytes - std::exchange(x_bytes, bytes);
    x_from.x_records += *read;
    for (auto& place : batch.places) place.file = x_file;
    return read;
  }

  Error trail(Error error) const {
    return std::move(error).during("while reading " + x_from.x_listed[x_file].name);
  }

  RecordChunks& x_from;
  std::vector<bool> x_wanted;
  std::unique_ptr<RecordFile> x_open;
  std::vector<std::unique_ptr<RecordFile>> x_ended;  ///< Texts of the batch before may lie there.
  std::uint32_t x_file = 0;
  std::uint64_t x_bytes = 0;
};

RecordChunks::RecordChunks(io::FileSystem& files, std::shared_ptr<const RecordFormat> format,
                           data::Schema schema, std::vector<file_list::ListedFile> listed,
                           const ReadContext& context)
    : x_files(files),
      x_format(std::move(format)),
      x_schema(std::move(schema)),
      x_listed(std::move(listed)),
      x_cancel(context.cancel),
      x_threads(std::max<std::size_t>(1, context.threads)) {
  for (const auto& file : x_listed) x_bytes_total += file.size;
}

std::size_t RecordChunks::threads_max() const {
  return std::clamp<std::size_t>(x_listed.size(), 1, x_threads);
}

Result<std::unique_ptr<ChunkReader>> RecordChunks::make_reader(const std::vector<bool>& wanted) {
  return std::unique_ptr<ChunkReader>(std::make_unique<Reader>(*this, wanted));
}

void RecordChunks::note(const RecordFile& file) {
  if (file.seen() == nullptr) return;
  const std::lock_guard held(x_seen_mutex);
  x_seen.merge(*file.seen());
}

Status RecordChunks::verify_unchanged() const {
  return file_list::verify_unchanged(x_files, x_listed);
}

std::vector<std::string> RecordChunks::said() const {
  const auto where =
      x_listed.size() == 1 ? x_listed[0].name : format_count(x_listed.size()) + " files";
  const std::lock_guard held(x_seen_mutex);
  return x_seen.warnings(x_format->sought(x_schema), "record", where);
}

Result<SliceRead> RecordFormat::read(const BuildContext& context, data::Schema columns,
                                     std::vector<file_list::ListedFile> listed,
                                     const ReadContext& read) const {
  std::unique_ptr<ChunkSource> chunks = std::make_unique<RecordChunks>(
      *context.files, shared_from_this(), std::move(columns), std::move(listed), read);
  return SliceRead(std::move(chunks));
}

}  // namespace leat::connectors::files
