#pragma once

#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "clients/avro/cursor.hpp"
#include "clients/avro/file_reader.hpp"
#include "connectors/files/record_format.hpp"

namespace leat::connectors::files {

/// Opens a listed file.
Result<std::unique_ptr<avro::FileReader>> open_avro(io::FileSystem& files,
                                                    const file_list::ListedFile& listed);

/// One Avro file while it is read, block by block.
///
/// Errors   a text that is no UTF-8, a number or time that does not fit are faults. A block that is
///          not what it claims to be stops the run: nothing in it can be believed.
class AvroFile final : public RecordFile {
 public:
  explicit AvroFile(const RecordColumns& columns)
      : x_schema(columns.schema), x_wanted(columns.wanted) {}

  Status open(io::FileSystem& files, const file_list::ListedFile& listed);
  Result<std::uint32_t> next(RowBatch& batch) override;
  std::string raw(std::uint32_t row) const override;
  std::uint64_t file_bytes() const override { return x_reader->file_bytes(); }

 private:
  /// A block in memory.
  struct Loaded {
    avro::Block block;
    std::string bytes;
  };
  /// Where the values of a field of the file go.
  struct Target {
    std::ptrdiff_t column = -1;  ///< Nowhere.
    void* values = nullptr;
    std::uint64_t* valid = nullptr;
  };

  Loaded& loaded() { return x_loaded[x_current]; }
  Result<bool> load();
  void aim(RowBatch& batch);
  void read_row(std::uint32_t row, RowBatch& batch);
  /// What is wrong with the value; empty: nothing.
  std::string read_value(const avro::Field& field, const Target& target, std::uint32_t row);
  std::string read_text(const avro::Field& field, duckdb_string_t& out);
  std::string read_number(const avro::Field& field, void* values, std::uint32_t row);
  std::string read_time(const avro::Field& field, const avro::Node& node, void* values,
                        std::uint32_t row);
  std::string read_decimal(const avro::Field& field, const avro::Node& node, void* values,
                           std::uint32_t row);
  std::string read_uuid(const avro::Node& node, void* values, std::uint32_t row);
  bool is_null(const avro::Field& field);

  const data::Schema& x_schema;
  const std::vector<bool>& x_wanted;
  std::unique_ptr<avro::FileReader> x_reader;
  std::vector<Target> x_targets;  ///< By field.
  Loaded x_loaded[2];             ///< Texts point into a block until the next-but-one call.
  std::size_t x_current = 0;
  std::deque<std::string> x_texts[2];  ///< JSON, likewise.
  std::size_t x_turn = 0;
  std::size_t x_text_bytes = 0;
  avro::Cursor x_cursor;
  std::uint64_t x_rows_left = 0;
  std::uint64_t x_records = 0;
  std::vector<duckdb_vector> x_vectors;  ///< Of the last batch.
};

}  // namespace leat::connectors::files
