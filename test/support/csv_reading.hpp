#pragma once

#include <algorithm>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <tuple>
#include <vector>

#include "base/assert.hpp"
#include "connectors/csv/csv_source.hpp"
#include "support/chunk_reading.hpp"

namespace leat::connectors::csv::test {

using leat::test::Chunk;
using leat::test::MemoryFiles;
using leat::test::SeenRow;

struct ReadOptions {
  std::size_t block_bytes = 1 << 20;
  std::size_t readers = 1;
  std::uint32_t rows_max = 2048;
  std::vector<bool> wanted{};  ///< Empty: all.
};

/// Reads with one reader to its end.
inline Status read_all(ChunkSource& source, const data::Schema& schema, const ReadOptions& options,
                       std::vector<SeenRow>& out) {
  const auto wanted =
      options.wanted.empty() ? std::vector<bool>(schema.size(), true) : options.wanted;
  TRY(auto reader, source.make_reader(wanted));
  const auto name_of = [&](std::uint32_t file) { return source.file_name(file); };
  return leat::test::read_to_end(*reader, schema, wanted, options.rows_max, name_of, out);
}

/// All rows of a source in order, whatever the number of readers.
inline Result<std::vector<SeenRow>> read_rows(io::FileSystem& files, const Settings& settings,
                                              const ReadOptions& options = {}) {
  CsvSource source(files, "", settings);
  TRY(const data::Schema schema, source.schema());
  TRY(const auto slice, source.next_slice({}, {}));
  if (!slice) return std::vector<SeenRow>{};
  TRY(auto read,
      source.read(*slice, {.threads = options.readers, .block_bytes = options.block_bytes}));
  auto& chunks = *std::get<std::unique_ptr<ChunkSource>>(read);
  std::vector<SeenRow> rows;
  std::mutex mutex;
  std::optional<Error> error;
  const auto work = [&] {
    std::vector<SeenRow> own;
    auto status = read_all(chunks, schema, options, own);
    const std::lock_guard lock(mutex);
    rows.insert(rows.end(), own.begin(), own.end());
    if (!status.ok()) error = std::move(status).error();
  };
  std::vector<std::thread> threads;
  for (std::size_t i = 1; i < options.readers; ++i) threads.emplace_back(work);
  work();
  for (auto& thread : threads) thread.join();
  if (error) return *error;
  TRY(chunks.verify_unchanged());
  LEAT_ASSERT(chunks.records_claimed() == rows.size());
  LEAT_ASSERT(chunks.bytes_claimed() == chunks.bytes_total());
  std::stable_sort(rows.begin(), rows.end(), [](const SeenRow& a, const SeenRow& b) {
    return std::tie(a.file, a.record) < std::tie(b.file, b.record);
  });
  return rows;
}

/// "a: bigint, b: varchar"
inline data::Schema schema_of(const std::vector<std::pair<std::string, std::string>>& columns) {
  data::Schema schema;
  for (const auto& [name, type] : columns) {
    schema.columns.push_back({name, data::parse_type(type).value(), true});
  }
  return schema;
}

}  // namespace leat::connectors::csv::test
