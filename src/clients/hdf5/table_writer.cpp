#include "clients/hdf5/table_writer.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <utility>

#include "clients/hdf5/written.hpp"

namespace leat::hdf5 {
namespace {

using data::ColumnView;
using data::TypeId;

constexpr hsize_t kPieceRows = 16'384;
constexpr std::uint64_t kBufferRows = 65'536;

/// A dataset that grows. Names are UTF-8.
Handle create_dataset(hid_t in, const char* name, hid_t type, hsize_t rows, unsigned level) {
  const hsize_t most = H5S_UNLIMITED;
  const Handle space(H5Screate_simple(1, &rows, &most), H5Sclose);
  const Handle how(H5Pcreate(H5P_DATASET_CREATE), H5Pclose);
  H5Pset_chunk(how.get(), 1, &kPieceRows);
  H5Pset_obj_track_times(how.get(), false);
  if (level > 0) {
    H5Pset_shuffle(how.get());
    H5Pset_deflate(how.get(), level);
  }
  const Handle way(H5Pcreate(H5P_LINK_CREATE), H5Pclose);
  H5Pset_char_encoding(way.get(), H5T_CSET_UTF8);
  return {H5Dcreate2(in, name, type, space.get(), way.get(), how.get(), H5P_DEFAULT), H5Dclose};
}

}  // namespace

Result<std::unique_ptr<TableWriter>> TableWriter::create(const std::filesystem::path& path,
                                                         const data::Schema& schema,
                                                         const Form& form) {
  const auto held = use_library();
  auto writer = std::make_unique<TableWriter>();
  TRY(writer->x_file, create_file(path));
  writer->x_group = create_group(writer->x_file.get(), form.group.c_str());
  if (!writer->x_group.ok()) return complaint("the group `" + form.group + "` cannot be made");
  TRY(writer->prepare(schema, form));
  return writer;
}

Status TableWriter::prepare(const data::Schema& schema, const Form& form) {
  x_boolean = boolean_type();
  x_level = form.level;
  for (const auto& column : schema.columns) {
    Lane lane;
    lane.column = column;
    const auto type = written(column.type.id);
    lane.width = column.type.id == TypeId::boolean ? 1 : type.width;
    lane.memory = column.type.id == TypeId::boolean ? boolean_type()
                  : type.width > 0                  ? Handle(H5Tcopy(type.memory), H5Tclose)
                                                    : text_type();
    TRY(make_lane(lane, form));
    x_lanes.push_back(std::move(lane));
  }
  return {};
}

Status TableWriter::make_lane(Lane& lane, const Form& form) {
  const auto type = written(lane.column.type.id);
  const hid_t in_file = type.width > 0 ? type.file : lane.memory.get();
  lane.dataset = create_dataset(x_group.get(), lane.column.name.c_str(), in_file, 0, form.level);
  if (!lane.dataset.ok()) return complaint("column `" + lane.column.name + "` cannot be made");
  const char* units = units_of(lane.column.type.id);
  if (units == nullptr || add_text_attribute(lane.dataset.get(), "units", units)) return {};
  return complaint("column `" + lane.column.name + "` cannot be described");
}

/// The rows before are no nulls.
Status TableWriter::make_mask(Lane& lane) {
  const bool is_there = H5Lexists(x_group.get(), kMissing, H5P_DEFAULT) > 0;
  const auto masks = is_there ? Handle(H5Gopen2(x_group.get(), kMissing, H5P_DEFAULT), H5Gclose)
                              : create_group(x_group.get(), kMissing);
  if (masks.ok()) {
    lane.mask = create_dataset(masks.get(), lane.column.name.c_str(), x_boolean.get(), x_rows,
                               std::max(1U, x_level));
  }
  if (lane.mask.ok()) return {};
  return complaint("the mask of column `" + lane.column.name + "` cannot be made");
}

Status TableWriter::gather(Lane& lane, const ColumnView& view, std::uint32_t rows) {
  const bool is_text = lane.width == 0;
  if (!is_text) lane.bytes.append(view.as<char>(), std::size_t{rows} * lane.width);
  char* const values = lane.bytes.data() + lane.bytes.size() - std::size_t{rows} * lane.width;
  for (std::uint32_t row = 0; row < rows; ++row) {
    const bool is_valid = view.is_valid(row);
    lane.missing += is_valid ? '\0' : '\1';
    if (is_text) {
      lane.texts.emplace_back(is_valid ? view.text(row) : std::string_view());
      if (lane.texts.back().find('\0') != std::string::npos) {
        return Error(Fault::data, "column `" + lane.column.name +
                                      "` holds a text with a NUL byte, which would end it in HDF5");
      }
    }
    if (is_valid) continue;
    ++lane.nulls;
    if (is_text) continue;
    std::memset(values + std::size_t{row} * lane.width, 0, lane.width);
    if (lane.column.type.id == TypeId::float32) {
      const float nothing = std::numeric_limits<float>::quiet_NaN();
      std::memcpy(values + std::size_t{row} * lane.width, &nothing, sizeof nothing);
    } else if (lane.column.type.id == TypeId::float64) {
      const double nothing = std::numeric_limits<double>::quiet_NaN();
      std::memcpy(values + std::size_t{row} * lane.width, &nothing, sizeof nothing);
    }
  }
  return {};
}

Status TableWriter::add(std::span<const ColumnView> columns, std::uint32_t rows) {
  const auto held = use_library();
  for (std::size_t i = 0; i < x_lanes.size(); ++i) TRY(gather(x_lanes[i], columns[i], rows));
  x_pending += rows;
  return x_pending >= kBufferRows ? flush() : Status();
}

Status TableWriter::append(const Handle& dataset, const Handle& memory, const void* values) {
  const hsize_t size = x_rows + x_pending;
  const hsize_t start = x_rows;
  const hsize_t count = x_pending;
  const bool has_room = H5Dset_extent(dataset.get(), &size) >= 0;
  const Handle space(has_room ? H5Dget_space(dataset.get()) : -1, H5Sclose);
  const Handle buffer(has_room ? H5Screate_simple(1, &count, nullptr) : -1, H5Sclose);
  if (has_room) {
    H5Sselect_hyperslab(space.get(), H5S_SELECT_SET, &start, nullptr, &count, nullptr);
  }
  if (has_room &&
      H5Dwrite(dataset.get(), memory.get(), buffer.get(), space.get(), H5P_DEFAULT, values) >= 0) {
    return {};
  }
  x_is_broken = true;
  return complaint("rows cannot be written to the HDF5 file");
}

Status TableWriter::flush() {
  if (x_pending == 0) return {};
  for (auto& lane : x_lanes) {
    if (lane.nulls > 0 && !lane.mask.ok()) TRY(make_mask(lane));
    if (lane.width > 0) {
      TRY(append(lane.dataset, lane.memory, lane.bytes.data()));
    } else {
      std::vector<const char*> texts;
      texts.reserve(lane.texts.size());
      for (const auto& text : lane.texts) texts.push_back(text.c_str());
      TRY(append(lane.dataset, lane.memory, texts.data()));
    }
    if (lane.mask.ok()) TRY(append(lane.mask, x_boolean, lane.missing.data()));
    lane.bytes.clear();
    lane.texts.clear();
    lane.missing.clear();
    lane.nulls = 0;
  }
  x_rows += std::exchange(x_pending, 0);
  return {};
}

Status TableWriter::add_table(const std::filesystem::path& path) {
  const auto held = use_library();
  std::string group(4096, '\0');
  group.resize(static_cast<std::size_t>(
      std::max<ssize_t>(0, H5Iget_name(x_group.get(), group.data(), group.size()))));
  TRY(const auto from, Table::open(path, group, {}));
  bool is_same = from->columns().size() == x_lanes.size();
  for (std::size_t i = 0; is_same && i < x_lanes.size(); ++i) {
    const auto& column = from->columns()[i];
    is_same = column.name == x_lanes[i].column.name && column.type == x_lanes[i].column.type;
  }
  if (!is_same) {
    return Error(Fault::internal, "two files of the same columns have other columns");
  }
  const std::vector<bool> all(x_lanes.size(), true);
  Table::Rows part;
  const auto most = from->rows_at_once();
  for (std::uint64_t first = 0; first < from->rows(); first += most) {
    TRY(flush());
    const auto rows = std::min(most, from->rows() - first);
    TRY(from->read(first, rows, all, part));
    for (std::size_t i = 0; i < x_lanes.size(); ++i) {
      auto& lane = x_lanes[i];
      auto& bytes = part.parts[from->columns()[i].part];
      lane.missing = part.masks[i].empty() ? std::string(rows, '\0') : part.masks[i];
      lane.nulls =
          static_cast<std::uint64_t>(std::count(lane.missing.begin(), lane.missing.end(), '\1'));
      if (lane.width > 0) {
        lane.bytes = std::move(bytes);
        continue;
      }
      for (std::uint64_t row = 0; row < rows; ++row) {
        const std::string* text = nullptr;
        std::memcpy(&text, bytes.data() + row * sizeof text, sizeof text);
        lane.texts.push_back(text == nullptr ? "" : *text);
      }
    }
    x_pending = rows;
  }
  return flush();
}

Status TableWriter::close() {
  const auto held = use_library();
  TRY(flush());
  // Only what has been written can be closed without harm.
  if (H5Fflush(x_file.get(), H5F_SCOPE_GLOBAL) < 0) {
    x_is_broken = true;
    return complaint("the HDF5 file cannot be written");
  }
  x_lanes.clear();
  x_group.close();
  x_boolean.close();
  if (x_file.close()) return {};
  return complaint("the HDF5 file cannot be written");
}

void TableWriter::forget() {
  for (auto& lane : x_lanes) {
    lane.mask.forget();
    lane.dataset.forget();
  }
  x_group.forget();
  x_file.forget();
}

TableWriter::~TableWriter() {
  const auto held = use_library();
  if (!x_file.ok()) return;
  if (x_is_broken || H5Fflush(x_file.get(), H5F_SCOPE_GLOBAL) < 0) forget();
  x_lanes.clear();
  x_group.close();
  x_boolean.close();
  x_file.close();
}

/// One thread's hand; the library itself does one thing at a time.
class ChunksToFile::OneHand final : public Hand {
 public:
  OneHand(TableWriter& file, std::mutex& one_at_a_time)
      : x_file(file), x_one_at_a_time(one_at_a_time) {}
  Status write(std::span<const ColumnView> columns, std::uint32_t rows) override {
    const std::lock_guard lock(x_one_at_a_time);
    return x_file.add(columns, rows);
  }
  Status finish() override { return {}; }

 private:
  TableWriter& x_file;
  std::mutex& x_one_at_a_time;
};

std::unique_ptr<ChunkWriter::Hand> ChunksToFile::hand_on(TableWriter& file) {
  return std::make_unique<OneHand>(file, x_one_at_a_time);
}

std::optional<data::Type> hdf5_travel_type(const data::Type& type) {
  const bool is_itself = type.id == TypeId::boolean || type.id == TypeId::varchar ||
                         type.id == TypeId::json || written(type.id).width > 0;
  if (is_itself) return std::nullopt;
  return data::Type{TypeId::varchar, 0, 0, {}};
}

}  // namespace leat::hdf5
