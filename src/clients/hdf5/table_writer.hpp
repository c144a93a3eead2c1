#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "clients/hdf5/table.hpp"
#include "core/one_file_writer.hpp"

namespace leat::hdf5 {

/// Writes a table as a group with one dataset a column.
///
/// Shape     Datasets of one dimension, in the order of the columns, in pieces of 16,384 rows.
///           Booleans as h5py has them (an enum of FALSE and TRUE); texts of variable length in
///           UTF-8; dates and times as whole numbers whose attribute `units` says "days since
///           1970-01-01" or "microseconds since 1970-01-01 00:00:00".
/// Missing   `_missing/<column>`, true where it is null, for columns that have nulls; the value
///           there is zero, an empty text, or NaN.
/// Errors    data      a text with a NUL byte, which ends it in HDF5.
///           external  the disk.
class TableWriter {
 public:
  struct Form {
    std::string group;
    unsigned level = 0;  ///< Of deflate; 0: nothing is packed.
  };
  static Result<std::unique_ptr<TableWriter>> create(const std::filesystem::path& path,
                                                     const data::Schema& schema, const Form& form);
  TableWriter() = default;
  ~TableWriter();
  TableWriter(const TableWriter&) = delete;
  TableWriter& operator=(const TableWriter&) = delete;

  Status add(std::span<const data::ColumnView> columns, std::uint32_t rows);
  /// All rows of such a table in another file.
  Status add_table(const std::filesystem::path& path);
  /// Says whether everything could be written.
  Status close();
  std::uint64_t rows() const { return x_rows; }

 private:
  /// A column under way.
  struct Lane {
    data::Column column;
    Handle dataset;
    Handle memory;
    Handle mask;
    std::size_t width = 0;
    std::string bytes;    ///< Of fixed width.
    std::string missing;  ///< A byte a row.
    std::vector<std::string> texts;
    std::uint64_t nulls = 0;
  };

  Status prepare(const data::Schema& schema, const Form& form);
  Status make_lane(Lane& lane, const Form& form);
  Status make_mask(Lane& lane);
  Status gather(Lane& lane, const data::ColumnView& view, std::uint32_t rows);
  Status flush();
  void forget();
  Status append(const Handle& dataset, const Handle& memory, const void* values);

  Handle x_file;
  Handle x_group;
  Handle x_boolean;
  std::vector<Lane> x_lanes;
  std::uint64_t x_rows = 0;     ///< In the datasets.
  std::uint64_t x_pending = 0;  ///< Gathered.
  unsigned x_level = 0;
  bool x_is_broken = false;  ///< A write failed.
};

/// Fills a file with the chunks of a stage.
class ChunksToFile final : public OneFileWriter<TableWriter> {
 public:
  ChunksToFile(std::filesystem::path path, data::Schema schema, TableWriter::Form form)
      : x_path(std::move(path)), x_schema(std::move(schema)), x_form(std::move(form)) {}

 private:
  class OneHand;

  Result<std::unique_ptr<TableWriter>> make() override {
    return TableWriter::create(x_path, x_schema, x_form);
  }
  std::unique_ptr<Hand> hand_on(TableWriter& file) override;
  Status end(TableWriter& file) override { return file.close(); }

  std::filesystem::path x_path;
  data::Schema x_schema;
  TableWriter::Form x_form;
  std::mutex x_one_at_a_time;
};

/// As which type a column travels into an HDF5 file; nothing: as itself.
std::optional<data::Type> hdf5_travel_type(const data::Type& type);

}  // namespace leat::hdf5
