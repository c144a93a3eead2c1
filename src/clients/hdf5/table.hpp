#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "clients/hdf5/handle.hpp"
#include "data/schema.hpp"

namespace leat::hdf5 {

/// A folder of masks in the group of a table: `_missing/price` is true where a price is null.
inline constexpr const char* kMissing = "_missing";

/// How the values of a column lie in memory.
enum class Shape : std::uint8_t { plain, boolean, symbol, fixed_text, text };

/// One column of a table.
struct Column {
  std::string name;
  data::Type type;
  Shape shape = Shape::plain;
  std::size_t width = 0;      ///< Bytes of a value in memory.
  std::size_t part = 0;       ///< Which block of memory it lies in,
  std::size_t offset = 0;     ///< and where in a row of that.
  std::int64_t multiply = 1;  ///< Dates and times: from the file's unit to ours.
  bool is_padded = false;     ///< A fixed text is filled up with blanks.
  std::vector<std::pair<std::int64_t, std::string>> symbols;
};

/// What a path leads to: a group of datasets, a compound dataset, an array.
///
/// Calls     `open`; then `read`, for as many rows as are wanted.
/// Threads   one at a time.
/// Shape     a compound type's members are columns; a group's datasets of one dimension and of the
///           same length are columns; those of an array of one or two dimensions are "c0", "c1"
///           …, one alone is called as the dataset. With `axes` each cell of an array of so many
///           dimensions is a row, which begins with its coordinates; one dimension more is that of
///           columns.
/// Missing   a mask says what is null. NaN is NaN.
/// Errors    config    no such path, no table, a type that is not read: each by name; a row of more
///                     than 256 MiB.
///           external  broken.
class Table {
 public:
  static Result<std::unique_ptr<Table>> open(const std::filesystem::path& path,
                                             const std::string& dataset,
                                             const std::vector<std::string>& names,
                                             const std::vector<std::string>& axes = {});

  Table() = default;
  ~Table();
  Table(const Table&) = delete;
  Table& operator=(const Table&) = delete;

  const std::vector<Column>& columns() const { return x_columns; }
  std::uint64_t rows() const { return x_rows; }
  /// Bytes of one in memory; texts of variable length come on top.
  std::uint64_t bytes_a_row() const;
  /// How many may be read at once, so that they take no more than 64 MiB: 1 to 65,536.
  std::uint64_t rows_at_once() const;

  /// Some rows in memory.
  struct Rows {
    std::vector<std::string> parts;                   ///< A row takes `x_row_bytes` of each.
    std::vector<std::string> masks;                   ///< By column; empty: none is null.
    std::vector<std::unique_ptr<std::string>> texts;  ///< That values point to.
  };
  Status read(std::uint64_t first, std::uint64_t rows, const std::vector<bool>& wanted,
              Rows& into) const;
  std::size_t row_bytes(std::size_t part) const { return x_parts[part].row_bytes; }

 private:
  /// One dataset that is read at once.
  struct Part {
    Handle dataset;
    Handle memory;  ///< The type of its rows in memory.
    std::size_t row_bytes = 0;
    std::vector<hsize_t> sizes;  ///< Of an array.
    bool is_place = false;       ///< Not read: the coordinates of each row.
    std::vector<std::size_t> columns;
  };

  Status open_group(hid_t group);
  Status open_compound(Handle dataset, hid_t type);
  Status open_array(Handle dataset, hid_t type, const std::vector<std::uint64_t>& sizes,
                    const std::string& name, const std::vector<std::string>& names);
  Status open_cells(Handle dataset, hid_t type, const std::vector<std::uint64_t>& sizes,
                    const std::string& name, const std::vector<std::string>& names,
                    const std::vector<std::string>& axes);
  Status add_across(Part part, hid_t type, std::uint64_t across, const std::string& name,
                    const std::vector<std::string>& names);
  Status add_member(hid_t group, const std::string& name, std::size_t beside);
  Status read_part(const Part& part, std::uint64_t first, std::uint64_t rows,
                   std::string& into) const;
  Status keep_texts(const Part& part, std::uint64_t rows, std::string& bytes, Rows& into) const;
  Status require_other_name(const std::string& name);
  Status require_bytes() const;

  Handle x_file;
  std::vector<Part> x_parts;
  std::vector<Handle> x_masks;  ///< By column; not open: there is none.
  std::vector<Column> x_columns;
  std::unordered_set<std::string> x_names;  ///< Of the columns, in lower case.
  std::uint64_t x_rows = 0;
};

/// Fills in how values of a type in a file are read. Errors: config, naming the type.
Status read_type(hid_t type, Column& column, Handle& memory);
/// What the attribute `units` of a dataset says of its numbers.
void read_units(hid_t dataset, Column& column);

}  // namespace leat::hdf5
