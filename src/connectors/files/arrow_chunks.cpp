#include "connectors/files/arrow_chunks.hpp"

#include <algorithm>
#include <utility>

#include "connectors/files/arrow_reader.hpp"
#include "connectors/files/arrow_types.hpp"
#include "connectors/files/found_columns.hpp"

namespace leat::connectors::files {

using arrow_ipc::MessageReader;
using file_list::ListedFile;

Result<std::unique_ptr<MessageReader>> open_arrow(io::FileSystem& files, const ListedFile& listed) {
  TRY(auto file, files.open(listed.path, io::Open::read));
  auto reader = MessageReader::open(std::move(file));
  if (reader.ok()) return reader;
  return std::move(reader).error().during("while reading " + listed.name);
}

ArrowChunks::ArrowChunks(io::FileSystem& files, data::Schema schema, std::vector<ListedFile> listed,
                         const ReadContext& context)
    : x_files(files),
      x_schema(std::move(schema)),
      x_listed(std::move(listed)),
      x_cancel(context.cancel),
      x_threads(std::max<std::size_t>(1, context.threads)) {
  for (const auto& file : x_listed) x_bytes_total += file.size;
}

Result<std::unique_ptr<ChunkReader>> ArrowChunks::make_reader(const std::vector<bool>& wanted) {
  return std::unique_ptr<ChunkReader>(std::make_unique<ArrowReader>(*this, wanted));
}

Status ArrowChunks::verify_unchanged() const {
  return file_list::verify_unchanged(x_files, x_listed);
}

Result<bool> ArrowChunks::open_next() {
  if (x_opened == x_listed.size()) return false;
  const auto& listed = x_listed[x_opened];
  TRY(x_current, open_arrow(x_files, listed));
  TRY(const auto columns, columns_of(x_current->fields()));
  auto found = find_columns(x_schema, columns.columns);
  if (!found.ok()) return std::move(found).error().during("while reading " + listed.name);
  x_field_of = std::make_shared<const std::vector<std::size_t>>(std::move(found).value());
  ++x_opened;
  x_next_record = 1;
  return true;
}

Result<bool> ArrowChunks::claim(ArrowBatch& batch) {
  const std::lock_guard lock(x_mutex);
  for (;;) {
    if (x_cancel != nullptr && x_cancel->requested()) {
      return Error(Fault::external, "reading was stopped").cancelled();
    }
    if (x_current == nullptr) {
      TRY(const bool opened, open_next());
      if (!opened) return false;
    }
    auto place = x_current->next();
    if (!place.ok()) {
      return std::move(place).error().during("while reading " + x_listed[x_opened - 1].name);
    }
    if (!place->has_value()) {
      x_current.reset();
      continue;
    }
    if ((*place)->rows == 0) continue;
    batch = {x_current, std::move(**place), x_field_of, static_cast<std::uint32_t>(x_opened - 1),
             x_next_record};
    x_next_record += batch.place.rows;
    x_records += batch.place.rows;
    x_bytes += batch.place.message_bytes + batch.place.body_bytes;
    return true;
  }
}

}  // namespace leat::connectors::files
