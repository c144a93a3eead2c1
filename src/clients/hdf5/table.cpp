#include "clients/hdf5/table.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/names.hpp"
#include "base/quantity.hpp"

namespace leat::hdf5 {
namespace {

constexpr std::uint64_t kAcrossMax = 16'384;
/// Of pieces that are unpacked: for one dataset, and for all of a group.
constexpr std::size_t kCacheBytes = 64 << 20;
constexpr std::size_t kCachesBytes = 512 << 20;
constexpr std::uint64_t kRowBytesMax = 256 << 20;
constexpr std::uint64_t kBytesAtOnce = 64 << 20;
constexpr std::uint64_t kRowsAtOnce = 65'536;
constexpr std::size_t kCacheSlots = 12'421;

herr_t keep_name(hid_t, const char* name, const H5L_info_t*, void* to) {
  static_cast<std::vector<std::string>*>(to)->emplace_back(name);
  return 0;
}

std::vector<std::string> names_in(hid_t group) {
  std::vector<std::string> names;
  // In the order in which they were made, where the group remembers it.
  if (H5Literate(group, H5_INDEX_CRT_ORDER, H5_ITER_INC, nullptr, keep_name, &names) < 0) {
    names.clear();
    H5Literate(group, H5_INDEX_NAME, H5_ITER_INC, nullptr, keep_name, &names);
  }
  H5Eclear2(H5E_DEFAULT);
  return names;
}

std::vector<std::uint64_t> sizes_of(hid_t dataset) {
  const Handle space(H5Dget_space(dataset), H5Sclose);
  const int rank = H5Sget_simple_extent_ndims(space.get());
  std::vector<hsize_t> sizes(rank < 0 ? 0 : static_cast<std::size_t>(rank));
  if (!sizes.empty()) H5Sget_simple_extent_dims(space.get(), sizes.data(), nullptr);
  return {sizes.begin(), sizes.end()};
}

herr_t refuse_file(const char*, const char*, const char*, const char*, unsigned*, hid_t, void*) {
  return -1;
}

/// How something is opened: never by way of a link into another file.
Handle access_list(hid_t kind) {
  Handle list(H5Pcreate(kind), H5Pclose);
  H5Pset_elink_cb(list.get(), refuse_file, nullptr);
  return list;
}

/// Its rows lie in this file, and not in any that it names.
Status require_own_rows(hid_t dataset, const std::string& name) {
  const Handle list(H5Dget_create_plist(dataset), H5Pclose);
  const bool is_outside =
      H5Pget_external_count(list.get()) > 0 || H5Pget_layout(list.get()) == H5D_VIRTUAL;
  if (!is_outside) return {};
  return Error(Fault::config, "the rows of `" + name + "` lie in other files, which are not read")
      .hint("copy them into this file: h5repack does");
}

/// One of so many that are read side by side.
Handle open_dataset(hid_t in, const std::string& name, std::size_t beside = 1) {
  const Handle list = access_list(H5P_DATASET_ACCESS);
  const auto bytes = std::min(kCacheBytes, kCachesBytes / std::max<std::size_t>(1, beside));
  H5Pset_chunk_cache(list.get(), kCacheSlots, bytes, 1.0);
  return {H5Dopen2(in, name.c_str(), list.get()), H5Dclose};
}

/// A link into another file is not followed.
Status require_own_object(hid_t group, const std::string& name) {
  H5L_info_t link{};
  const bool is_known = H5Lget_info(group, name.c_str(), &link, H5P_DEFAULT) >= 0;
  H5Eclear2(H5E_DEFAULT);
  if (!is_known || link.type != H5L_TYPE_EXTERNAL) return {};
  return Error(Fault::config, "`" + name + "` is a link into another file, which is not followed")
      .hint("name the other file in `path`");
}

/// Follows a path by its steps, so that what is missing can be named.
Status find_object(hid_t file, const std::string& path) {
  std::string at;
  for (std::size_t from = 0; from < path.size();) {
    const auto slash = std::min(path.find('/', from), path.size());
    const auto step = path.substr(from, slash - from);
    from = slash + 1;
    if (step.empty()) continue;
    const Handle list = access_list(H5P_GROUP_ACCESS);
    const Handle group(H5Gopen2(file, at.empty() ? "/" : at.c_str(), list.get()), H5Gclose);
    if (!group.ok()) {
      H5Eclear2(H5E_DEFAULT);
      return Error(Fault::config, "`" + at + "` is no group, so `" + step + "` cannot be in it");
    }
    if (H5Lexists(group.get(), step.c_str(), H5P_DEFAULT) <= 0) {
      const auto names = names_in(group.get());
      return Error(Fault::config,
                   "it has no `" + step + "`" + (at.empty() ? "" : " in `" + at + "`"))
          .hint(name_hint(step, names));
    }
    TRY(require_own_object(group.get(), step));
    at += "/" + step;
  }
  return {};
}

/// Selects cells of an array by their numbers, in the order in which it has them: as many whole
/// blocks as fit, each as large as it may be.
bool select_cells(hid_t space, const std::vector<hsize_t>& sizes, hsize_t first, hsize_t end) {
  bool is_good = H5Sselect_none(space) >= 0;
  while (is_good && first < end) {
    std::vector<hsize_t> start(sizes.size());
    std::vector<hsize_t> count(sizes.size(), 1);
    auto rest = first;
    for (std::size_t i = sizes.size(); i-- > 0; rest /= sizes[i]) start[i] = rest % sizes[i];
    hsize_t block = 1;
    auto axis = sizes.size() - 1;
    while (axis > 0 && start[axis] == 0 && first + block * sizes[axis] <= end) {
      count[axis] = sizes[axis];
      block *= sizes[axis--];
    }
    count[axis] = std::min(sizes[axis] - start[axis], (end - first) / block);
    is_good = H5Sselect_hyperslab(space, H5S_SELECT_OR, start.data(), nullptr, count.data(),
                                  nullptr) >= 0;
    first += count[axis] * block;
  }
  return is_good;
}

/// The coordinates of rows, one behind the other.
void write_places(const std::vector<hsize_t>& sizes, std::uint64_t first, std::uint64_t rows,
                  std::string& into) {
  std::vector<std::int64_t> place(sizes.size());
  for (std::uint64_t row = 0; row < rows; ++row) {
    auto rest = first + row;
    for (std::size_t i = sizes.size(); i-- > 0; rest /= sizes[i]) {
      place[i] = static_cast<std::int64_t>(rest % sizes[i]);
    }
    std::memcpy(into.data() + row * sizes.size() * sizeof place[0], place.data(),
                sizes.size() * sizeof place[0]);
  }
}

}  // namespace

Result<std::unique_ptr<Table>> Table::open(const std::filesystem::path& path,
                                           const std::string& dataset,
                                           const std::vector<std::string>& names,
                                           const std::vector<std::string>& axes) {
  const auto held = use_library();
  auto table = std::make_unique<Table>();
  TRY(table->x_file, open_file(path));
  TRY(find_object(table->x_file.get(), dataset));
  const Handle list = access_list(H5P_LINK_ACCESS);
  const Handle object(H5Oopen(table->x_file.get(), dataset.c_str(), list.get()), H5Oclose);
  if (!object.ok()) return complaint("`" + dataset + "` cannot be opened");
  if (H5Iget_type(object.get()) == H5I_GROUP) {
    if (!axes.empty()) return Error(Fault::config, "`" + dataset + "` is a group, not an array");
    TRY(table->open_group(object.get()));
    TRY(table->require_bytes());
    return table;
  }
  auto opened = open_dataset(table->x_file.get(), dataset);
  if (!opened.ok()) return Error(Fault::config, "`" + dataset + "` is no dataset and no group");
  TRY(require_own_rows(opened.get(), dataset));
  const Handle type(H5Dget_type(opened.get()), H5Tclose);
  const auto sizes = sizes_of(opened.get());
  const auto last = dataset.substr(dataset.rfind('/') + 1);
  if (!axes.empty()) {
    TRY(table->open_cells(std::move(opened), type.get(), sizes, last, names, axes));
    TRY(table->require_bytes());
    return table;
  }
  if (sizes.empty() || sizes.size() > 2) {
    return Error(Fault::config, "`" + dataset + "` has " + std::to_string(sizes.size()) +
                                    " dimensions; one or two are read")
        .hint("name them in `axes`: each cell is a row then");
  }
  table->x_rows = sizes[0];
  if (H5Tget_class(type.get()) == H5T_COMPOUND && sizes.size() == 1) {
    TRY(table->open_compound(std::move(opened), type.get()));
  } else {
    TRY(table->open_array(std::move(opened), type.get(), sizes, last, names));
  }
  TRY(table->require_bytes());
  return table;
}

Table::~Table() {
  const auto held = use_library();
  x_masks.clear();
  x_parts.clear();
  x_file.close();
}

Status Table::require_other_name(const std::string& name) {
  if (x_names.insert(to_lower(name)).second) return {};
  return Error(Fault::config, "two columns are called `" + name + "`, letter case aside");
}

std::uint64_t Table::bytes_a_row() const {
  std::uint64_t bytes = x_masks.size();
  for (const auto& part : x_parts) bytes += part.row_bytes;
  return bytes;
}

Status Table::require_bytes() const {
  if (bytes_a_row() <= kRowBytesMax) return {};
  return Error(Fault::config, "a row takes " + format_bytes(bytes_a_row()) +
                                  " in memory; at most " + format_bytes(kRowBytesMax) +
                                  " are read");
}

std::uint64_t Table::rows_at_once() const {
  return std::clamp<std::uint64_t>(kBytesAtOnce / (bytes_a_row() + 1), 1, kRowsAtOnce);
}

Status Table::open_group(hid_t group) {
  const auto members = names_in(group);
  for (const auto& name : members) {
    if (name == kMissing) continue;
    TRY(add_member(group, name, members.size()));
  }
  if (x_columns.empty()) return Error(Fault::config, "its group has no datasets");
  for (const auto& column : x_columns) {
    const auto mask = std::string(kMissing) + "/" + column.name;
    if (H5Lexists(group, kMissing, H5P_DEFAULT) > 0) TRY(require_own_object(group, kMissing));
    const bool has_mask = H5Lexists(group, kMissing, H5P_DEFAULT) > 0 &&
                          H5Lexists(group, mask.c_str(), H5P_DEFAULT) > 0;
    auto opened = has_mask ? open_dataset(group, mask, members.size()) : Handle();
    if (opened.ok()) TRY(require_own_rows(opened.get(), mask));
    if (has_mask && (!opened.ok() || sizes_of(opened.get()) != std::vector{x_rows})) {
      return Error(Fault::external, "`" + mask + "` is no mask of its column");
    }
    x_masks.push_back(std::move(opened));
  }
  return {};
}

Status Table::add_member(hid_t group, const std::string& name, std::size_t beside) {
  TRY(require_other_name(name));
  TRY(require_own_object(group, name));
  Part part;
  part.dataset = open_dataset(group, name, beside);
  if (!part.dataset.ok()) {
    H5Eclear2(H5E_DEFAULT);
    return Error(Fault::config, "`" + name + "` in its group is no dataset, so it is no table")
        .hint("name one dataset, or a group of datasets of the same length");
  }
  TRY(require_own_rows(part.dataset.get(), name));
  const auto sizes = sizes_of(part.dataset.get());
  const bool is_first = x_columns.empty();
  if (sizes.size() != 1 || (!is_first && sizes[0] != x_rows)) {
    return Error(Fault::config, "`" + name +
                                    "` in its group has other rows than its neighbours, "
                                    "so it is no table")
        .hint("name one dataset, or a group of datasets of the same length");
  }
  x_rows = sizes[0];
  Column column;
  column.name = name;
  column.part = x_parts.size();
  const Handle type(H5Dget_type(part.dataset.get()), H5Tclose);
  TRY(read_type(type.get(), column, part.memory));
  read_units(part.dataset.get(), column);
  part.row_bytes = column.width;
  part.columns.push_back(x_columns.size());
  x_columns.push_back(std::move(column));
  x_parts.push_back(std::move(part));
  return {};
}

Status Table::open_compound(Handle dataset, hid_t type) {
  Part part;
  part.dataset = std::move(dataset);
  std::vector<Handle> members;
  const int count = H5Tget_nmembers(type);
  for (int i = 0; i < count; ++i) {
    const auto at = static_cast<unsigned>(i);
    Column column;
    char* const name = H5Tget_member_name(type, at);
    if (name == nullptr) return complaint("a member of the table has no name");
    column.name = name;
    H5free_memory(name);
    TRY(require_other_name(column.name));
    const Handle member(H5Tget_member_type(type, at), H5Tclose);
    Handle memory;
    TRY(read_type(member.get(), column, memory));
    column.offset = part.row_bytes;
    part.row_bytes += column.width;
    part.columns.push_back(x_columns.size());
    x_columns.push_back(std::move(column));
    members.push_back(std::move(memory));
  }
  part.memory = Handle(H5Tcreate(H5T_COMPOUND, std::max<std::size_t>(1, part.row_bytes)), H5Tclose);
  for (std::size_t i = 0; i < members.size(); ++i) {
    H5Tinsert(part.memory.get(), x_columns[i].name.c_str(), x_columns[i].offset, members[i].get());
  }
  x_parts.push_back(std::move(part));
  x_masks.resize(x_columns.size());
  return {};
}

Status Table::open_array(Handle dataset, hid_t type, const std::vector<std::uint64_t>& sizes,
                         const std::string& name, const std::vector<std::string>& names) {
  Part part;
  part.dataset = std::move(dataset);
  part.sizes.assign(sizes.begin(), sizes.end());
  const bool has_columns = sizes.size() == 2;
  return add_across(std::move(part), type, has_columns ? sizes[1] : 1, has_columns ? "" : name,
                    names);
}

/// The columns of an array; `name`: of the only one, which needs none of `names`.
Status Table::add_across(Part part, hid_t type, std::uint64_t across, const std::string& name,
                         const std::vector<std::string>& names) {
  if (across == 0 || across > kAcrossMax) {
    return Error(Fault::config,
                 "the array has " + std::to_string(across) + " columns; 1 to 16,384 are read");
  }
  if (!names.empty() && names.size() != across) {
    return Error(Fault::config, "`names` has " + std::to_string(names.size()) +
                                    " names, and the array " + std::to_string(across) + " columns");
  }
  for (std::uint64_t i = 0; i < across; ++i) {
    Column column;
    column.name = !names.empty() ? names[i] : !name.empty() ? name : "c" + std::to_string(i);
    TRY(require_other_name(column.name));
    TRY(read_type(type, column, part.memory));
    read_units(part.dataset.get(), column);
    column.part = x_parts.size();
    column.offset = part.row_bytes;
    part.row_bytes += column.width;
    part.columns.push_back(x_columns.size());
    x_columns.push_back(std::move(column));
  }
  x_parts.push_back(std::move(part));
  x_masks.resize(x_columns.size());
  return {};
}

Status Table::open_cells(Handle dataset, hid_t type, const std::vector<std::uint64_t>& sizes,
                         const std::string& name, const std::vector<std::string>& names,
                         const std::vector<std::string>& axes) {
  const bool has_columns = sizes.size() == axes.size() + 1;
  if (!has_columns && sizes.size() != axes.size()) {
    return Error(Fault::config, "the array has " + std::to_string(sizes.size()) +
                                    " dimensions, and `axes` " + std::to_string(axes.size()) +
                                    " names")
        .hint("name each dimension, but for a last one whose steps are columns");
  }
  Part place;
  place.is_place = true;
  x_rows = 1;
  for (std::size_t i = 0; i < axes.size(); ++i) {
    Column column;
    column.name = axes[i];
    TRY(require_other_name(column.name));
    column.type = data::Type{data::TypeId::int64, 0, 0, {}};
    column.width = sizeof(std::int64_t);
    column.offset = place.row_bytes;
    place.row_bytes += column.width;
    place.sizes.push_back(sizes[i]);
    place.columns.push_back(x_columns.size());
    x_columns.push_back(std::move(column));
    if (__builtin_mul_overflow(x_rows, sizes[i], &x_rows)) {
      return Error(Fault::external, "the HDF5 file is broken: its array has too many cells");
    }
  }
  x_parts.push_back(std::move(place));
  Part part;
  part.dataset = std::move(dataset);
  part.sizes.assign(sizes.begin(), sizes.end());
  return add_across(std::move(part), type, has_columns ? sizes.back() : 1, has_columns ? "" : name,
                    names);
}

Status Table::read(std::uint64_t first, std::uint64_t rows, const std::vector<bool>& wanted,
                   Rows& into) const {
  const auto held = use_library();
  into.texts.clear();
  into.parts.assign(x_parts.size(), {});
  into.masks.assign(x_columns.size(), {});
  for (std::size_t i = 0; i < x_parts.size(); ++i) {
    const auto& part = x_parts[i];
    const bool is_wanted = std::any_of(part.columns.begin(), part.columns.end(),
                                       [&wanted](std::size_t column) { return wanted[column]; });
    if (!is_wanted) continue;
    into.parts[i].assign(rows * part.row_bytes, '\0');
    TRY(read_part(part, first, rows, into.parts[i]));
    TRY(keep_texts(part, rows, into.parts[i], into));
  }
  for (std::size_t i = 0; i < x_masks.size(); ++i) {
    if (!x_masks[i].ok() || !wanted[i]) continue;
    into.masks[i].assign(rows, '\0');
    const hsize_t start = first;
    const hsize_t count = rows;
    const Handle space(H5Dget_space(x_masks[i].get()), H5Sclose);
    const Handle memory(H5Screate_simple(1, &count, nullptr), H5Sclose);
    const Handle type(H5Dget_type(x_masks[i].get()), H5Tclose);
    if (H5Tget_size(type.get()) != 1) return Error(Fault::external, "a mask is no boolean");
    H5Sselect_hyperslab(space.get(), H5S_SELECT_SET, &start, nullptr, &count, nullptr);
    if (H5Dread(x_masks[i].get(), type.get(), memory.get(), space.get(), H5P_DEFAULT,
                into.masks[i].data()) < 0) {
      return complaint("the HDF5 file is broken: the mask of `" + x_columns[i].name +
                       "` cannot be read");
    }
  }
  return {};
}

Status Table::read_part(const Part& part, std::uint64_t first, std::uint64_t rows,
                        std::string& into) const {
  if (part.is_place) {
    write_places(part.sizes, first, rows, into);
    return {};
  }
  const bool is_array = !part.sizes.empty();
  const auto sizes = is_array ? part.sizes : std::vector<hsize_t>{x_rows};
  const hsize_t across = is_array ? part.columns.size() : 1;
  const hsize_t count = rows * across;
  const Handle space(H5Dget_space(part.dataset.get()), H5Sclose);
  const Handle memory(H5Screate_simple(1, &count, nullptr), H5Sclose);
  if (select_cells(space.get(), sizes, first * across, (first + rows) * across) &&
      H5Dread(part.dataset.get(), part.memory.get(), memory.get(), space.get(), H5P_DEFAULT,
              into.data()) >= 0) {
    return {};
  }
  return complaint("the HDF5 file is broken: rows from " + std::to_string(first + 1) + " on of `" +
                   x_columns[part.columns[0]].name + "` cannot be read");
}

/// Texts of variable length are the library's: they are copied, and given back.
Status Table::keep_texts(const Part& part, std::uint64_t rows, std::string& bytes,
                         Rows& into) const {
  for (const auto at : part.columns) {
    const auto& column = x_columns[at];
    if (column.shape != Shape::text) continue;
    for (std::uint64_t row = 0; row < rows; ++row) {
      char* const place = bytes.data() + row * part.row_bytes + column.offset;
      char* text = nullptr;
      std::memcpy(&text, place, sizeof text);
      const std::string* kept = nullptr;
      if (text != nullptr) {
        into.texts.push_back(std::make_unique<std::string>(text));
        kept = into.texts.back().get();
        H5free_memory(text);
      }
      std::memcpy(place, &kept, sizeof kept);
    }
  }
  return {};
}

}  // namespace leat::hdf5
