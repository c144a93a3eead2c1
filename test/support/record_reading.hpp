#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/assert.hpp"
#include "connectors/files/record_format.hpp"
#include "support/chunk_reading.hpp"

namespace leat::connectors::files::test {

/// A file of these bytes alone.
struct OneFile {
  explicit OneFile(std::string_view bytes) {
    files.entries["a"].text = bytes;
    listed.name = "a";
    listed.path = "a";
    listed.size = bytes.size();
    listed.mtime_ns = 1;
  }
  leat::test::MemoryFiles files;
  file_list::ListedFile listed;
};

/// `Open` makes a RecordFile of the columns that are read.
template <typename Open>
Result<std::vector<leat::test::SeenRow>> read_records(Open open, const data::Schema& schema,
                                                      std::uint32_t rows_max) {
  const std::vector<bool> wanted(schema.size(), true);
  TRY(std::unique_ptr<RecordFile> file, open(RecordColumns{schema, wanted}));
  std::vector<leat::test::SeenRow> rows;
  const auto nameless = [](std::uint32_t) { return std::string(); };
  TRY(leat::test::read_to_end(*file, schema, wanted, rows_max, nameless, rows));
  return rows;
}

/// Is there anything to look at? Whatever the bytes are: no bug of ours, the same rows in batches
/// of any size.
inline bool hold_alike(const Result<std::vector<leat::test::SeenRow>>& whole,
                       const Result<std::vector<leat::test::SeenRow>>& cut) {
  LEAT_ASSERT(whole.ok() == cut.ok());
  LEAT_ASSERT(whole.ok() || whole.error().fault() != Fault::internal);
  LEAT_ASSERT(!whole.ok() || *whole == *cut);
  return whole.ok();
}

/// And records in order.
template <typename Open>
void hold_against_itself(Open open, const data::Schema& schema) {
  const auto whole = read_records(open, schema, 2048);
  if (!hold_alike(whole, read_records(open, schema, 3))) return;
  std::uint64_t last = 0;
  for (const auto& row : *whole) {
    LEAT_ASSERT(row.record > last);
    last = row.record;
  }
}

/// The same of a file that a reader opens itself: `File` is made of what comes before the columns.
template <typename File, typename... Before>
void hold_file_against_itself(OneFile& one, const data::Schema& schema, const Before&... before) {
  const auto open = [&](const RecordColumns& columns) -> Result<std::unique_ptr<RecordFile>> {
    auto file = std::make_unique<File>(before..., columns);
    TRY(file->open(one.files, one.listed));
    return std::unique_ptr<RecordFile>(std::move(file));
  };
  hold_against_itself(open, schema);
}

}  // namespace leat::connectors::files::test
