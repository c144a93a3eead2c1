#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/cancel.hpp"
#include "clients/hdf5/cell_order.hpp"
#include "clients/hdf5/handle.hpp"
#include "core/one_file_writer.hpp"
#include "data/schema.hpp"

namespace leat::hdf5 {

/// Where rows become an array.
struct ArrayForm {
  std::string dataset;
  std::vector<std::string> axes;    ///< Columns that say where in it a row lies, from 0.
  std::optional<std::string> fill;  ///< What cells without a row hold; nothing: each has one.
  unsigned level = 0;               ///< Of deflate; 0: nothing is packed.
  /// What rows may take in memory while they are brought into order.
  std::uint64_t memory_max = std::uint64_t{128} << 20;
  const CancelToken* cancel = nullptr;
};

/// Can rows of these columns become such an array? Errors: config, naming the column.
Status require_array(const data::Schema& schema, const ArrayForm& form);

/// Writes rows as cells of one dataset.
///
/// Shape     A dimension an axis, as long as its greatest coordinate asks for; where there are
///           several columns of values, one dimension more, for them. `DIMENSION_LABELS` names the
///           axes, `columns` those columns, `rows` says how many rows there were. Values as in
///           tables. Rows come in any order: they lie in a file without a name until the last has
///           come, and are then sorted there; a piece of the array is in memory at a time, and
///           pieces without a row are not written.
/// Missing   a cell without a row, and a null, is `fill`, which is the dataset's fill value, too.
/// Errors    data      two rows with the same coordinates; one that is null or negative; a cell
///                     without a row or a null where there is no `fill`; far more cells than rows.
///           external  the disk; cancelled.
class ArrayWriter {
 public:
  static Result<std::unique_ptr<ArrayWriter>> create(const std::filesystem::path& path,
                                                     const data::Schema& schema,
                                                     const ArrayForm& form);
  ArrayWriter() = default;
  ~ArrayWriter();
  ArrayWriter(const ArrayWriter&) = delete;
  ArrayWriter& operator=(const ArrayWriter&) = delete;

  /// How many rows such an array was made of.
  static Result<std::uint64_t> rows_in(const std::filesystem::path& path, const ArrayForm& form);

  Status add(std::span<const data::ColumnView> columns, std::uint32_t rows);
  Status close();
  std::uint64_t rows() const { return x_rows; }

 private:
  /// Cells that are written at once: a piece as the library keeps them.
  struct Piece {
    std::vector<hsize_t> start;
    std::vector<hsize_t> size;
    std::uint64_t first = 0;
    std::uint64_t cells = 0;
  };

  Status add_row(std::span<const data::ColumnView> columns, std::uint32_t row);
  Status keep_pending();
  Status write_array();
  Status create_dataset();
  Status describe();
  Result<std::uint64_t> count_cells() const;
  Piece piece_around(std::uint64_t cell) const;
  Status write_piece(const Piece& piece, CellOrder::Record& record);
  Status write_cells(const Piece& piece, const std::string& cells);
  Status require_none_left_out(std::uint64_t next, std::uint64_t found) const;
  std::string longest_text() const;
  std::string place_text(std::uint64_t cell) const;
  std::vector<hsize_t> sizes() const;
  std::size_t cell_bytes() const { return x_width * x_values.size(); }
  std::size_t record_bytes() const { return x_axes.size() * sizeof(std::uint32_t) + cell_bytes(); }

  ArrayForm x_form;
  data::Schema x_schema;
  std::vector<std::size_t> x_axes;    ///< Columns of the schema.
  std::vector<std::size_t> x_values;  ///< Columns of the schema, all of one type.
  std::size_t x_width = 0;
  std::string x_fill;  ///< The bytes of one value.
  Handle x_file;
  Handle x_dataset;
  Handle x_memory;  ///< The type of a value in memory.
  CellOrder x_order;
  std::string x_pending;
  std::vector<std::uint64_t> x_sizes;  ///< By axis.
  std::uint64_t x_rows = 0;
  bool x_is_broken = false;  ///< A write failed.
};

/// Fills a file with the chunks of a stage.
class ChunksToArray final : public OneFileWriter<ArrayWriter> {
 public:
  ChunksToArray(std::filesystem::path path, data::Schema schema, ArrayForm form)
      : x_path(std::move(path)), x_schema(std::move(schema)), x_form(std::move(form)) {}

 private:
  class OneHand;

  Result<std::unique_ptr<ArrayWriter>> make() override {
    return ArrayWriter::create(x_path, x_schema, x_form);
  }
  std::unique_ptr<Hand> hand_on(ArrayWriter& file) override;
  Status end(ArrayWriter& file) override { return file.close(); }

  std::filesystem::path x_path;
  data::Schema x_schema;
  ArrayForm x_form;
  std::mutex x_one_at_a_time;
};

}  // namespace leat::hdf5
