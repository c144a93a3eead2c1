#pragma once

#include <algorithm>
#include <cstring>
#include <map>
#include <optional>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "core/source.hpp"
#include "data/chunk_view.hpp"
#include "io/files.hpp"

namespace leat::test {

/// Files that are only text. Everything but reading fails.
class MemoryFiles final : public io::FileSystem {
 public:
  struct Entry {
    std::string text;
    std::int64_t mtime_ns = 1;
    std::uint64_t inode = 1;
  };
  std::map<std::string, Entry> entries;

  Result<std::unique_ptr<io::File>> open(const io::fs::path& path, io::Open) override {
    TRY(const io::FileStat stat, this->stat(path));
    return std::unique_ptr<io::File>(std::make_unique<MemoryFile>(entries[path.string()], stat));
  }
  Result<io::FileStat> stat(const io::fs::path& path) override {
    const auto found = entries.find(path.string());
    if (found == entries.end()) {
      return Error(Fault::config, "`" + path.string() + "` is not there");
    }
    const Entry& entry = found->second;
    return io::FileStat{
        .size = entry.text.size(), .mtime_ns = entry.mtime_ns, .inode = entry.inode};
  }
  bool exists(const io::fs::path& path) override { return entries.contains(path.string()); }
  Status rename(const io::fs::path&, const io::fs::path&) override { return refused(); }
  Result<bool> rename_new(const io::fs::path&, const io::fs::path&) override { return refused(); }
  Status copy_rights(const io::fs::path&, const io::fs::path&) override { return refused(); }
  Status remove(const io::fs::path&) override { return refused(); }
  Status create_folders(const io::fs::path&) override { return refused(); }
  Status sync_folder(const io::fs::path&) override { return refused(); }
  Result<std::vector<io::fs::path>> list(const io::fs::path&) override { return refused(); }
  Result<std::vector<io::fs::path>> list_folders(const io::fs::path&) override { return refused(); }
  Result<std::vector<io::fs::path>> list_links(const io::fs::path&) override { return refused(); }
  Result<std::unique_ptr<io::FileLock>> lock(const io::fs::path&) override { return refused(); }
  Result<std::unique_ptr<io::FileLock>> lock_shared(const io::fs::path&) override {
    return refused();
  }

 private:
  class MemoryFile final : public io::File {
   public:
    MemoryFile(const Entry& entry, const io::FileStat& stat) : x_entry(entry), x_stat(stat) {}
    Result<std::size_t> read_at(std::uint64_t offset, char* buffer, std::size_t size) override {
      const std::size_t at = std::min<std::uint64_t>(offset, x_entry.text.size());
      const std::size_t count = std::min(size, x_entry.text.size() - at);
      if (count > 0) std::memcpy(buffer, x_entry.text.data() + at, count);
      return count;
    }
    Status append(std::string_view) override { return refused(); }
    Status sync() override { return refused(); }
    Status truncate(std::uint64_t) override { return refused(); }
    Result<io::FileStat> stat() override { return x_stat; }

   private:
    const Entry& x_entry;
    io::FileStat x_stat;
  };
  static Error refused() { return Error(Fault::internal, "these files are only for reading"); }
};

/// A row as the engine would see it, or as it should.
struct SeenRow {
  std::string file;
  std::uint64_t record = 0;
  std::uint64_t line = 0;
  std::uint64_t offset = 0;
  std::string raw;
  std::vector<std::optional<std::string>> values;  ///< By column of the schema; wanted ones.
  std::vector<std::string> faults;                 ///< "column: message"

  bool operator==(const SeenRow&) const = default;
};

inline std::ostream& operator<<(std::ostream& out, const SeenRow& row) {
  out << row.file << " record " << row.record << " line " << row.line << " offset " << row.offset
      << " raw <" << row.raw << ">";
  for (const auto& value : row.values) out << " | " << (value ? "<" + *value + ">" : "null");
  for (const auto& fault : row.faults) out << " !! " << fault;
  return out;
}

/// A value of an engine's vector: text as it is, numbers as digits of what is stored.
inline std::string value_text(const data::ColumnView& view, std::size_t row) {
  using data::TypeId;
  switch (view.physical) {
    case TypeId::boolean: return view.as<bool>()[row] ? "true" : "false";
    case TypeId::int8: return std::to_string(view.as<std::int8_t>()[row]);
    case TypeId::int16: return std::to_string(view.as<std::int16_t>()[row]);
    case TypeId::int32:
    case TypeId::date: return std::to_string(view.as<std::int32_t>()[row]);
    case TypeId::uint8: return std::to_string(view.as<std::uint8_t>()[row]);
    case TypeId::uint16: return std::to_string(view.as<std::uint16_t>()[row]);
    case TypeId::uint32: return std::to_string(view.as<std::uint32_t>()[row]);
    case TypeId::uint64: return std::to_string(view.as<std::uint64_t>()[row]);
    case TypeId::float32: return std::to_string(view.as<float>()[row]);
    case TypeId::float64: return std::to_string(view.as<double>()[row]);
    case TypeId::int128:
    case TypeId::uint128:
    case TypeId::uuid: {
      const auto& value = view.as<duckdb_hugeint>()[row];
      return std::to_string(value.upper) + ":" + std::to_string(value.lower);
    }
    case TypeId::varchar:
    case TypeId::json:
    case TypeId::blob: return std::string(view.text(row));
    default: return std::to_string(view.as<std::int64_t>()[row]);
  }
}

/// The engine's chunk for a schema.
class Chunk {
 public:
  explicit Chunk(const data::Schema& schema) : x_schema(schema) {
    std::vector<duckdb_logical_type> types;
    for (const auto& column : schema.columns) types.push_back(data::type_to_engine(column.type));
    x_chunk = duckdb_create_data_chunk(types.data(), types.size());
    for (auto& type : types) duckdb_destroy_logical_type(&type);
  }
  ~Chunk() { duckdb_destroy_data_chunk(&x_chunk); }
  Chunk(const Chunk&) = delete;
  Chunk& operator=(const Chunk&) = delete;

  std::vector<duckdb_vector> vectors(const std::vector<bool>& wanted) {
    duckdb_data_chunk_reset(x_chunk);
    std::vector<duckdb_vector> out;
    for (std::size_t i = 0; i < x_schema.size(); ++i) {
      out.push_back(wanted[i] ? duckdb_data_chunk_get_vector(x_chunk, i) : nullptr);
    }
    return out;
  }
  void copy_values(std::vector<SeenRow>& rows, const std::vector<bool>& wanted) const {
    for (std::size_t i = 0; i < x_schema.size(); ++i) {
      if (!wanted[i]) continue;
      const auto view =
          data::view_column(duckdb_data_chunk_get_vector(x_chunk, i), x_schema.columns[i].type);
      for (std::size_t row = 0; row < rows.size(); ++row) {
        rows[row].values.push_back(
            view.is_valid(row) ? std::optional<std::string>(value_text(view, row)) : std::nullopt);
      }
    }
  }

 private:
  const data::Schema& x_schema;
  duckdb_data_chunk x_chunk;
};

/// Reads to the end with one hand, a ChunkReader or what reads like one. Values are looked at one
/// call late: that long they must last. `name_of` names a file by its number.
template <typename Reader, typename NameOf>
Status read_to_end(Reader& reader, const data::Schema& schema, const std::vector<bool>& wanted,
                   std::uint32_t rows_max, NameOf name_of, std::vector<SeenRow>& out) {
  Chunk chunks[2] = {Chunk(schema), Chunk(schema)};
  std::vector<SeenRow> before;
  for (std::size_t turn = 0;; turn = 1 - turn) {
    RowBatch batch;
    const auto vectors = chunks[turn].vectors(wanted);
    batch.columns = vectors;
    batch.rows_max = rows_max;
    TRY(const std::uint32_t count, reader.next(batch));
    chunks[1 - turn].copy_values(before, wanted);
    out.insert(out.end(), before.begin(), before.end());
    if (count == 0) return {};
    before.assign(count, {});
    for (std::uint32_t row = 0; row < count; ++row) {
      const auto& place = batch.places.at(row);
      before[row] = {name_of(place.file), place.record, place.line, place.byte_offset,
                     reader.raw(row),     {},           {}};
    }
    for (const auto& fault : batch.faults) {
      before.at(fault.row).faults.push_back(fault.column + ": " + fault.message);
    }
  }
}

}  // namespace leat::test
