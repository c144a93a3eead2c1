#pragma once

#include <memory>
#include <string>
#include <vector>

#include "clients/hdf5/table.hpp"
#include "connectors/files/record_format.hpp"

namespace leat::connectors::files {

/// Which table of each file.
struct Hdf5Plan {
  std::string dataset;
  std::vector<std::string> names;  ///< Of an array's columns.
  std::vector<std::string> axes;   ///< Of an array whose cells are rows.
};

/// One table of an HDF5 file while it is read.
///
/// Errors   a text that is no UTF-8, a number that is no symbol or no time are faults.
class Hdf5File final : public RecordFile {
 public:
  Hdf5File(const Hdf5Plan& plan, const RecordColumns& columns)
      : x_plan(plan), x_schema(columns.schema), x_wanted(columns.wanted) {}

  Status open(const file_list::ListedFile& listed, const CancelToken* cancel);
  Result<std::uint32_t> next(RowBatch& batch) override;
  std::string raw(std::uint32_t row) const override;
  std::uint64_t file_bytes() const override;

 private:
  /// One column of one batch on its way.
  struct Job {
    const hdf5::Column& from;
    const data::Column& column;
    const char* values;  ///< Of the first row.
    std::size_t stride;
    const char* mask;  ///< Null: none is null.
    std::uint32_t rows;
    duckdb_vector vector;
    std::vector<RowFault>& faults;

    void set_null(std::uint32_t row) const;
    void fault(std::uint32_t row, std::string message) const;
  };

  hdf5::Table::Rows& loaded() { return x_loaded[x_current]; }
  void fill(std::size_t column, std::uint32_t rows, RowBatch& batch);
  static void write_plain(const Job& job);
  static void write_times(const Job& job);
  static void write_symbols(const Job& job);
  static void write_texts(const Job& job);

  const Hdf5Plan& x_plan;
  const data::Schema& x_schema;
  const std::vector<bool>& x_wanted;
  std::unique_ptr<hdf5::Table> x_table;
  std::vector<std::size_t> x_columns;  ///< Of the table, by column of the schema.
  std::vector<bool> x_read;            ///< By column of the table.
  hdf5::Table::Rows x_loaded[2];       ///< Texts point there until the next-but-one call.
  std::size_t x_current = 0;
  std::uint64_t x_size = 0;
  std::uint64_t x_first = 0;        ///< Row of the table where the loaded rows begin,
  std::uint64_t x_loaded_rows = 0;  ///< how many they are,
  std::uint64_t x_at = 0;           ///< and which comes next.
  std::vector<duckdb_vector> x_vectors;
};

}  // namespace leat::connectors::files
