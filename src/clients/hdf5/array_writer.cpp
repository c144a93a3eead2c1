#include "clients/hdf5/array_writer.hpp"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>
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
constexpr std::uint64_t kSlabBytesMax = std::uint64_t{2} << 30;
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

Error disk_error(const std::string& what) {
  return Error(Fault::external, what).with("reason", std::strerror(errno));
}

/// A file beside another one, which is gone when it is closed.
io::Descriptor file_without_name(const std::filesystem::path& beside) {
  const auto folder = beside.has_parent_path() ? beside.parent_path() : ".";
  io::Descriptor made(::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
  if (made.number() >= 0) return made;
  // Some file systems know no files without a name.
  const auto name = beside.string() + ".cells";
  made = io::Descriptor(::open(name.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600));
  if (made.number() >= 0) ::unlink(name.c_str());
  return made;
}

/// Pieces of about a MiB that follow the last dimensions.
std::vector<hsize_t> piece_of(const std::vector<hsize_t>& sizes, std::size_t value_bytes) {
  std::vector<hsize_t> piece(sizes.size(), 1);
  auto room = std::max<hsize_t>(1, kPieceBytes / value_bytes);
  for (std::size_t i = sizes.size(); i-- > 0;) {
    piece[i] = std::min(sizes[i], room);
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
  writer->x_kept = file_without_name(path);
  if (writer->x_kept.number() >= 0) return writer;
  return disk_error("no file can be made to keep rows in until their array is written");
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
    if (at < 0 || at >= UINT32_MAX) {
      return Error(Fault::data, "`" + column.name + "` is " + std::to_string(at) +
                                    ": a coordinate is a whole number from 0");
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
  std::string_view rest(x_pending);
  while (!rest.empty()) {
    const auto done = ::write(x_kept.number(), rest.data(), rest.size());
    if (done < 0 && errno == EINTR) continue;
    if (done < 0) return disk_error("rows cannot be kept until their array is written");
    rest.remove_prefix(static_cast<std::size_t>(done));
  }
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

Status ArrayWriter::write_array() {
  std::uint64_t cells = 1;
  for (const auto size : x_sizes) {
    const bool fits = size == 0 || cells <= kCellsMax / size;
    if (!fits) {
      return Error(Fault::data, "the coordinates ask for an array of more than " +
                                    format_count(kCellsMax) + " cells")
          .hint("is one of them no coordinate? They count from 0, without gaps");
    }
    cells *= size;
  }
  TRY(create_dataset());
  TRY(describe());
  if (cells == 0) return {};
  const auto across = cells / x_sizes[0] * cell_bytes();
  if (across > kSlabBytesMax) {
    return Error(Fault::data, "one step along `" + x_form.axes[0] + "` takes " +
                                  format_bytes(across) + "; at most " +
                                  format_bytes(kSlabBytesMax) + " are written")
        .hint("let the axis with the most steps be the first");
  }
  const auto piece = piece_of(sizes(), x_width)[0];
  auto step = std::max<std::uint64_t>(1, x_form.slab_bytes / across);
  if (step > piece) step -= step % piece;
  for (std::uint64_t first = 0; first < x_sizes[0]; first += step) {
    TRY(write_slab(first, std::min(step, x_sizes[0] - first)));
  }
  return {};
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
    const auto piece = piece_of(size, x_width);
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

/// Reads the kept rows once, and takes those whose first coordinate lies here.
Status ArrayWriter::gather_slab(std::uint64_t first, std::uint64_t count, std::string& cells) {
  std::uint64_t across = 1;
  for (std::size_t i = 1; i < x_sizes.size(); ++i) across *= x_sizes[i];
  std::vector<bool> is_there(count * across);
  std::uint64_t found = 0;
  std::string block(kPendingBytes / record_bytes() * record_bytes() + record_bytes(), '\0');
  const auto total = x_rows * record_bytes();
  for (std::uint64_t at = 0; at < total;) {
    const auto wanted = std::min<std::uint64_t>(block.size(), total - at);
    const auto got = ::pread(x_kept.number(), block.data(), wanted, static_cast<off_t>(at));
    if (got < 0 && errno == EINTR) continue;
    const auto whole = got < 0 ? 0 : static_cast<std::uint64_t>(got) / record_bytes();
    if (whole == 0) return disk_error("kept rows cannot be read again");
    for (std::uint64_t i = 0; i < whole; ++i) {
      const char* const record = block.data() + i * record_bytes();
      Coordinates place(x_axes.size());
      std::memcpy(place.data(), record, place.size() * sizeof place[0]);
      if (place[0] < first || place[0] >= first + count) continue;
      std::uint64_t cell = place[0];
      for (std::size_t axis = 1; axis < place.size(); ++axis) {
        cell = cell * x_sizes[axis] + place[axis];
      }
      const auto here = cell - first * across;
      if (is_there[here]) {
        return Error(Fault::data, "two rows have the coordinates " + place_text(cell));
      }
      is_there[here] = true;
      ++found;
      std::memcpy(cells.data() + here * cell_bytes(), record + place.size() * sizeof place[0],
                  cell_bytes());
    }
    at += whole * record_bytes();
  }
  if (x_form.fill || found == is_there.size()) return {};
  const auto gap = std::find(is_there.begin(), is_there.end(), false) - is_there.begin();
  return Error(Fault::data, "no row has the coordinates " +
                                place_text(first * across + static_cast<std::uint64_t>(gap)))
      .hint("say with `fill` what stands for nothing");
}

Status ArrayWriter::write_slab(std::uint64_t first, std::uint64_t count) {
  auto start = sizes();
  auto size = sizes();
  std::fill(start.begin(), start.end(), 0);
  start[0] = first;
  size[0] = count;
  std::uint64_t values = 1;
  for (const auto one : size) values *= one;
  std::string cells;
  cells.reserve(values * x_width);
  for (std::uint64_t i = 0; i < values; ++i) cells += x_fill;
  TRY(gather_slab(first, count, cells));
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
