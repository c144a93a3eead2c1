#include "clients/hdf5/array_writer.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>

#include "base/names.hpp"
#include "base/quantity.hpp"
#include "clients/hdf5/written.hpp"

namespace leat::hdf5 {
namespace {

using data::ColumnView;
using data::TypeId;

constexpr std::uint64_t kCellsMax = std::uint64_t{1} << 36;
constexpr std::uint64_t kSparseFrom = std::uint64_t{1} << 24;  ///< Cells.
constexpr std::uint64_t kCellsARowMax = 10'000;
constexpr std::uint64_t kSortedBytesMax = 64 << 20;
constexpr std::int64_t kCoordinateMax = std::int64_t{UINT32_MAX} - 1;
constexpr std::uint64_t kPieceBytes = 1 << 20;
constexpr std::size_t kPendingBytes = 4 << 20;

/// A coordinate; negative: it cannot be one.
std::int64_t coordinate_at(const ColumnView& view, TypeId id, std::uint32_t row) {
  switch (id) {
    case TypeId::int8: return view.as<std::int8_t>()[row];
    case TypeId::uint8: return view.as<std::uint8_t>()[row];
    case TypeId::int16: return view.as<std::int16_t>()[row];
    case TypeId::uint16: return view.as<std::uint16_t>()[row];
    case TypeId::int32: return view.as<std::int32_t>()[row];
    case TypeId::uint32: return view.as<std::uint32_t>()[row];
    case TypeId::int64: return view.as<std::int64_t>()[row];
    case TypeId::uint64: {
      const auto value = view.as<std::uint64_t>()[row];
      return value > INT64_MAX ? INT64_MAX : static_cast<std::int64_t>(value);
    }
    default: return -1;
  }
}

template <typename T>
std::optional<std::string> bytes_of(std::string_view text) {
  T value{};
  const auto end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, value);
  if (read.ec != std::errc() || read.ptr != end) return std::nullopt;
  return std::string(reinterpret_cast<const char*>(&value), sizeof value);
}

/// What an author wrote for cells without a row, as a value of the type.
std::optional<std::string> fill_bytes(std::string_view text, TypeId id) {
  switch (id) {
    case TypeId::boolean:
      if (text == "true") return std::string(1, '\1');
      return text == "false" ? std::optional(std::string(1, '\0')) : std::nullopt;
    case TypeId::int8: return bytes_of<std::int8_t>(text);
    case TypeId::uint8: return bytes_of<std::uint8_t>(text);
    case TypeId::int16: return bytes_of<std::int16_t>(text);
    case TypeId::uint16: return bytes_of<std::uint16_t>(text);
    case TypeId::int32: return bytes_of<std::int32_t>(text);
    case TypeId::uint32: return bytes_of<std::uint32_t>(text);
    case TypeId::int64: return bytes_of<std::int64_t>(text);
    case TypeId::uint64: return bytes_of<std::uint64_t>(text);
    case TypeId::float32: return bytes_of<float>(text);
    case TypeId::float64: return bytes_of<double>(text);
    default: return std::nullopt;
  }
}

/// Of a value in memory; 0: there are none of that type in an array.
std::size_t width_of(TypeId id) { return id == TypeId::boolean ? 1 : written(id).width; }

bool is_coordinate(TypeId id) { return id >= TypeId::int8 && id <= TypeId::uint64; }

bool is_axis(const ArrayForm& form, const std::string& column) {
  return std::any_of(form.axes.begin(), form.axes.end(),
                     [&](const auto& axis) { return is_same_name(axis, column); });
}

Status require_axis(const data::Schema& schema, const std::string& axis) {
  const auto at = schema.find(axis);
  if (!at) {
    return Error(Fault::config, "`axes` names `" + axis + "`, which is no column")
        .hint(name_hint(axis, schema.names()));
  }
  const auto& column = schema.columns[*at];
  if (is_coordinate(column.type.id)) return {};
  return Error(Fault::config, "`" + column.name + "` is " + data::sql_of(column.type) +
                                  ": a coordinate is a whole number from 0")
      .hint("number its values in a model: dense_rank() OVER (ORDER BY " + column.name + ") - 1");
}

Status require_value(const data::Column& column, const data::Column& first) {
  if (width_of(column.type.id) == 0) {
    return Error(Fault::config, "`" + column.name + "` is " + data::sql_of(column.type) +
                                    ": an array holds numbers, booleans, dates and times")
        .hint("cast it, or leave it out in a model");
  }
  if (column.type == first.type) return {};
  return Error(Fault::config, "`" + first.name + "` is " + data::sql_of(first.type) + " and `" +
                                  column.name + "` " + data::sql_of(column.type) +
                                  ": the values of one array have one type")
      .hint("cast them in a model, or name the coordinates in `axes`");
}

/// Pieces of about a MiB that follow the last dimensions.
std::vector<hsize_t> piece_of(const std::vector<std::uint64_t>& sizes, std::size_t cell_bytes) {
  std::vector<hsize_t> piece(sizes.size(), 1);
  auto room = std::max<hsize_t>(1, kPieceBytes / cell_bytes);
  for (std::size_t i = sizes.size(); i-- > 0;) {
    piece[i] = std::min<hsize_t>(sizes[i], room);
    room = std::max<hsize_t>(1, room / piece[i]);
  }
  return piece;
}

}  // namespace

Status require_array(const data::Schema& schema, const ArrayForm& form) {
  for (const auto& axis : form.axes) TRY(require_axis(schema, axis));
  const data::Column* first = nullptr;
  for (const auto& column : schema.columns) {
    if (is_axis(form, column.name)) continue;
    if (first == nullptr) first = &column;
    TRY(require_value(column, *first));
  }
  if (first == nullptr) {
    return Error(Fault::config, "all columns are axes: there is no value to write");
  }
  if (!form.fill || fill_bytes(*form.fill, first->type.id)) return {};
  return Error(Fault::config, "`fill` is `" + *form.fill + "`, which is no " +
                                  data::sql_of(first->type) + " that can stand for nothing");
}

Result<std::unique_ptr<ArrayWriter>> ArrayWriter::create(const std::filesystem::path& path,
                                                         const data::Schema& schema,
                                                         const ArrayForm& form) {
  TRY(require_array(schema, form));
  const auto held = use_library();
  auto writer = std::make_unique<ArrayWriter>();
  writer->x_form = form;
  writer->x_schema = schema;
  for (const auto& axis : form.axes) writer->x_axes.push_back(*schema.find(axis));
  for (std::size_t i = 0; i < schema.size(); ++i) {
    if (!is_axis(form, schema.columns[i].name)) writer->x_values.push_back(i);
  }
  const auto id = schema.columns[writer->x_values.front()].type.id;
  writer->x_width = width_of(id);
  writer->x_fill = form.fill ? *fill_bytes(*form.fill, id) : std::string(writer->x_width, '\0');
  writer->x_memory =
      id == TypeId::boolean ? boolean_type() : Handle(H5Tcopy(written(id).memory), H5Tclose);
  writer->x_sizes.assign(form.axes.size(), 0);
  TRY(writer->x_file, create_file(path));
  const auto memory = std::clamp<std::uint64_t>(form.memory_max / 2, 1, kSortedBytesMax);
  TRY(writer->x_order.open(path, form.axes.size(), writer->record_bytes(), memory, form.cancel));
  return writer;
}

Status ArrayWriter::add(std::span<const ColumnView> columns, std::uint32_t rows) {
  for (std::uint32_t row = 0; row < rows; ++row) TRY(add_row(columns, row));
  return x_pending.size() < kPendingBytes ? Status() : keep_pending();
}

Status ArrayWriter::add_row(std::span<const ColumnView> columns, std::uint32_t row) {
  for (std::size_t i = 0; i < x_axes.size(); ++i) {
    const auto& column = x_schema.columns[x_axes[i]];
    const auto& view = columns[x_axes[i]];
    if (!view.is_valid(row)) {
      return Error(Fault::data, "`" + column.name + "` is null: a cell has all its coordinates");
    }
    const auto at = coordinate_at(view, column.type.id, row);
    if (at < 0 || at > kCoordinateMax) {
      const auto shown = at == INT64_MAX ? std::string("beyond") : "is " + std::to_string(at);
      return Error(Fault::data, "`" + column.name + "` " + shown +
                                    ": a coordinate is a whole number from 0 to " +
                                    std::to_string(kCoordinateMax));
    }
    x_sizes[i] = std::max(x_sizes[i], static_cast<std::uint64_t>(at) + 1);
    const auto kept = static_cast<std::uint32_t>(at);
    x_pending.append(reinterpret_cast<const char*>(&kept), sizeof kept);
  }
  for (const auto value : x_values) {
    const auto& view = columns[value];
    if (view.is_valid(row)) {
      x_pending.append(view.as<char>() + std::size_t{row} * x_width, x_width);
    } else if (x_form.fill) {
      x_pending += x_fill;
    } else {
      return Error(Fault::data, "`" + x_schema.columns[value].name + "` is null in a row")
          .hint("say with `fill` what stands for nothing");
    }
  }
  ++x_rows;
  return {};
}

Status ArrayWriter::keep_pending() {
  TRY(x_order.keep(x_pending));
  x_pending.clear();
  return {};
}

std::vector<hsize_t> ArrayWriter::sizes() const {
  std::vector<hsize_t> sizes(x_sizes.begin(), x_sizes.end());
  if (x_values.size() > 1) sizes.push_back(x_values.size());
  return sizes;
}

Status ArrayWriter::close() {
  const auto held = use_library();
  TRY(keep_pending());
  TRY(write_array());
  if (H5Fflush(x_file.get(), H5F_SCOPE_GLOBAL) < 0) {
    x_is_broken = true;
    return complaint("the HDF5 file cannot be written");
  }
  x_dataset.close();
  x_memory.close();
  if (x_file.close()) return {};
  return complaint("the HDF5 file cannot be written");
}

/// Only what has been written can be closed without harm.
ArrayWriter::~ArrayWriter() {
  const auto held = use_library();
  if (x_file.ok() && (x_is_broken || H5Fflush(x_file.get(), H5F_SCOPE_GLOBAL) < 0)) {
    x_dataset.forget();
    x_file.forget();
  }
  x_dataset.close();
  x_memory.close();
  x_file.close();
}

/// "`day`, which reaches 20240131"
std::string ArrayWriter::longest_text() const {
  const auto longest = std::max_element(x_sizes.begin(), x_sizes.end()) - x_sizes.begin();
  const auto axis = static_cast<std::size_t>(longest);
  return "`" + x_form.axes[axis] + "`, which reaches " + std::to_string(x_sizes[axis] - 1);
}

Result<std::uint64_t> ArrayWriter::count_cells() const {
  std::uint64_t cells = 1;
  for (const auto size : x_sizes) {
    const bool fits = size == 0 || cells <= kCellsMax / size;
    if (!fits) {
      return Error(Fault::data, "the coordinates ask for an array of more than " +
                                    format_count(kCellsMax) + " cells")
          .hint("is " + longest_text() + ", no coordinate? They count from 0, without gaps");
    }
    cells *= size;
  }
  if (cells <= kSparseFrom || cells / kCellsARowMax <= x_rows) return cells;
  return Error(Fault::data, "the coordinates ask for an array of " + format_count(cells) +
                                " cells for " + format_count(x_rows) + " rows; at most " +
                                format_count(kCellsARowMax) + " a row are written")
      .hint("is " + longest_text() +
            ", no coordinate? They count from 0, without gaps; where they do not, number them in "
            "a model: dense_rank() OVER (ORDER BY …) - 1");
}

Status ArrayWriter::write_array() {
  TRY(const auto cells, count_cells());
  TRY(create_dataset());
  TRY(describe());
  if (cells == 0) return {};
  TRY(x_order.sort(x_sizes));
  std::uint64_t written = 0;
  TRY(auto record, x_order.next());
  while (record.values != nullptr) {
    const auto piece = piece_around(record.cell);
    TRY(require_none_left_out(written, piece.first));
    TRY(write_piece(piece, record));
    written = piece.first + piece.cells;
  }
  return require_none_left_out(written, cells);
}

/// Where nothing stands for nothing each cell has a row.
Status ArrayWriter::require_none_left_out(std::uint64_t next, std::uint64_t found) const {
  if (x_form.fill || next == found) return {};
  return Error(Fault::data, "no row has the coordinates " + place_text(next))
      .hint("say with `fill` what stands for nothing");
}

Status ArrayWriter::create_dataset() {
  const auto size = sizes();
  const auto rank = static_cast<int>(size.size());
  const Handle space(H5Screate_simple(rank, size.data(), nullptr), H5Sclose);
  const Handle how(H5Pcreate(H5P_DATASET_CREATE), H5Pclose);
  H5Pset_obj_track_times(how.get(), false);
  if (x_form.fill) H5Pset_fill_value(how.get(), x_memory.get(), x_fill.data());
  // What has no cell has no pieces.
  if (std::find(size.begin(), size.end(), hsize_t{0}) == size.end()) {
    auto piece = piece_of(x_sizes, cell_bytes());
    if (size.size() > piece.size()) piece.push_back(size.back());
    H5Pset_chunk(how.get(), rank, piece.data());
    if (x_form.level > 0) {
      H5Pset_shuffle(how.get());
      H5Pset_deflate(how.get(), x_form.level);
    }
  }
  const Handle way(H5Pcreate(H5P_LINK_CREATE), H5Pclose);
  H5Pset_create_intermediate_group(way.get(), 1);
  H5Pset_char_encoding(way.get(), H5T_CSET_UTF8);
  const auto id = x_schema.columns[x_values.front()].type.id;
  const auto type = id == TypeId::boolean ? x_memory.get() : written(id).file;
  x_dataset = Handle(H5Dcreate2(x_file.get(), x_form.dataset.c_str(), type, space.get(), way.get(),
                                how.get(), H5P_DEFAULT),
                     H5Dclose);
  if (x_dataset.ok()) return {};
  return complaint("the array `" + x_form.dataset + "` cannot be made");
}

Status ArrayWriter::describe() {
  const auto array = x_dataset.get();
  auto labels = x_form.axes;
  std::vector<std::string> columns;
  for (const auto value : x_values) columns.push_back(x_schema.columns[value].name);
  if (x_values.size() > 1) labels.emplace_back("columns");
  const auto* units = units_of(x_schema.columns[x_values.front()].type.id);
  const Handle one(H5Screate(H5S_SCALAR), H5Sclose);
  const Handle rows(H5Acreate2(array, "rows", H5T_STD_U64LE, one.get(), H5P_DEFAULT, H5P_DEFAULT),
                    H5Aclose);
  if (add_list_attribute(array, "DIMENSION_LABELS", labels) &&
      add_list_attribute(array, "columns", columns) && rows.ok() &&
      H5Awrite(rows.get(), H5T_NATIVE_UINT64, &x_rows) >= 0 &&
      (units == nullptr || add_text_attribute(array, "units", units))) {
    return {};
  }
  return complaint("the array `" + x_form.dataset + "` cannot be described");
}

/// "[time 3, station 7]"
std::string ArrayWriter::place_text(std::uint64_t cell) const {
  std::string text;
  for (std::size_t i = x_sizes.size(); i-- > 0;) {
    const auto part = x_form.axes[i] + " " + std::to_string(cell % x_sizes[i]);
    text = text.empty() ? part : part + ", " + text;
    cell /= x_sizes[i];
  }
  return "[" + text + "]";
}

/// Cells of a piece follow one another: only one of its dimensions is cut, those behind it are
/// whole, and those before it one step long.
ArrayWriter::Piece ArrayWriter::piece_around(std::uint64_t cell) const {
  Piece piece;
  piece.size = piece_of(x_sizes, cell_bytes());
  piece.start.resize(x_sizes.size());
  for (std::size_t i = x_sizes.size(); i-- > 0;) {
    const auto at = cell % x_sizes[i];
    cell /= x_sizes[i];
    piece.start[i] = at - at % piece.size[i];
    piece.size[i] = std::min<hsize_t>(piece.size[i], x_sizes[i] - piece.start[i]);
  }
  piece.cells = 1;
  for (std::size_t i = 0; i < x_sizes.size(); ++i) {
    piece.first = piece.first * x_sizes[i] + piece.start[i];
    piece.cells *= piece.size[i];
  }
  return piece;
}

/// Takes the records of the piece; `record` is the first behind it then.
Status ArrayWriter::write_piece(const Piece& piece, CellOrder::Record& record) {
  std::string cells;
  cells.reserve(piece.cells * cell_bytes());
  for (std::uint64_t i = 0; i < piece.cells * x_values.size(); ++i) cells += x_fill;
  auto next = piece.first;
  while (record.values != nullptr && record.cell < piece.first + piece.cells) {
    if (record.cell < next) {
      return Error(Fault::data, "two rows have the coordinates " + place_text(record.cell));
    }
    TRY(require_none_left_out(next, record.cell));
    std::memcpy(cells.data() + (record.cell - piece.first) * cell_bytes(), record.values,
                cell_bytes());
    next = record.cell + 1;
    TRY(record, x_order.next());
  }
  TRY(require_none_left_out(next, piece.first + piece.cells));
  return write_cells(piece, cells);
}

Status ArrayWriter::write_cells(const Piece& piece, const std::string& cells) {
  auto start = piece.start;
  auto size = piece.size;
  if (x_values.size() > 1) {
    start.push_back(0);
    size.push_back(x_values.size());
  }
  const Handle space(H5Dget_space(x_dataset.get()), H5Sclose);
  const Handle memory(H5Screate_simple(static_cast<int>(size.size()), size.data(), nullptr),
                      H5Sclose);
  if (H5Sselect_hyperslab(space.get(), H5S_SELECT_SET, start.data(), nullptr, size.data(),
                          nullptr) >= 0 &&
      H5Dwrite(x_dataset.get(), x_memory.get(), memory.get(), space.get(), H5P_DEFAULT,
               cells.data()) >= 0) {
    return {};
  }
  x_is_broken = true;
  return complaint("cells cannot be written to the HDF5 file");
}

Result<std::uint64_t> ArrayWriter::rows_in(const std::filesystem::path& path,
                                           const ArrayForm& form) {
  const auto held = use_library();
  TRY(const auto file, open_file(path));
  const Handle dataset(H5Dopen2(file.get(), form.dataset.c_str(), H5P_DEFAULT), H5Dclose);
  const Handle attribute(H5Aopen(dataset.get(), "rows", H5P_DEFAULT), H5Aclose);
  std::uint64_t rows = 0;
  if (attribute.ok() && H5Aread(attribute.get(), H5T_NATIVE_UINT64, &rows) >= 0) return rows;
  return complaint("the array `" + form.dataset + "` cannot be read again");
}

/// One thread's hand; the library itself does one thing at a time.
class ChunksToArray::OneHand final : public Hand {
 public:
  OneHand(ArrayWriter& file, std::mutex& one_at_a_time)
      : x_file(file), x_one_at_a_time(one_at_a_time) {}
  Status write(std::span<const ColumnView> columns, std::uint32_t rows) override {
    const std::lock_guard lock(x_one_at_a_time);
    return x_file.add(columns, rows);
  }
  Status finish() override { return {}; }

 private:
  ArrayWriter& x_file;
  std::mutex& x_one_at_a_time;
};

std::unique_ptr<ChunkWriter::Hand> ChunksToArray::hand_on(ArrayWriter& file) {
  return std::make_unique<OneHand>(file, x_one_at_a_time);
}

}  // namespace leat::hdf5
