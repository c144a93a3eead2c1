#include <array>
#include <cstring>

#include "clients/hdf5/table.hpp"

namespace leat::hdf5 {
namespace {

using data::TypeId;

Status not_read(const Column& column, const char* what) {
  return Error(Fault::config,
               "column `" + column.name + "` of HDF5 type " + what + " is not read yet");
}

Status read_integer(hid_t type, Column& column, Handle& memory) {
  struct Known {
    std::size_t width;
    TypeId with_sign;
    TypeId without;
    hid_t native;
    hid_t native_without;
  };
  const std::array<Known, 4> known{{
      {1, TypeId::int8, TypeId::uint8, H5T_NATIVE_INT8, H5T_NATIVE_UINT8},
      {2, TypeId::int16, TypeId::uint16, H5T_NATIVE_INT16, H5T_NATIVE_UINT16},
      {4, TypeId::int32, TypeId::uint32, H5T_NATIVE_INT32, H5T_NATIVE_UINT32},
      {8, TypeId::int64, TypeId::uint64, H5T_NATIVE_INT64, H5T_NATIVE_UINT64},
  }};
  for (const auto& one : known) {
    if (H5Tget_size(type) > one.width) continue;
    const bool has_sign = H5Tget_sign(type) != H5T_SGN_NONE;
    column.type.id = has_sign ? one.with_sign : one.without;
    column.width = one.width;
    memory = Handle(H5Tcopy(has_sign ? one.native : one.native_without), H5Tclose);
    return {};
  }
  return not_read(column, "integer of more than 8 bytes");
}

Status read_float(hid_t type, Column& column, Handle& memory) {
  const auto size = H5Tget_size(type);
  if (size > 8) return not_read(column, "float of more than 8 bytes");
  const bool is_double = size > 4;
  column.type.id = is_double ? TypeId::float64 : TypeId::float32;
  column.width = is_double ? 8 : 4;
  memory = Handle(H5Tcopy(is_double ? H5T_NATIVE_DOUBLE : H5T_NATIVE_FLOAT), H5Tclose);
  return {};
}

Status read_text(hid_t type, Column& column, Handle& memory) {
  column.type.id = TypeId::varchar;
  const bool is_variable = H5Tis_variable_str(type) > 0;
  column.shape = is_variable ? Shape::text : Shape::fixed_text;
  column.is_padded = H5Tget_strpad(type) == H5T_STR_SPACEPAD;
  memory = Handle(H5Tcopy(type), H5Tclose);
  column.width = is_variable ? sizeof(char*) : H5Tget_size(type);
  return {};
}

Status read_symbols(hid_t type, Column& column, Handle& memory) {
  memory = Handle(H5Tget_native_type(type, H5T_DIR_ASCEND), H5Tclose);
  if (!memory.ok()) return complaint("an enum cannot be read");
  column.width = H5Tget_size(memory.get());
  if (column.width > 8) return not_read(column, "enum of more than 8 bytes");
  column.shape = Shape::symbol;
  column.type.id = TypeId::varchar;
  const int count = H5Tget_nmembers(memory.get());
  for (int i = 0; i < count; ++i) {
    const auto at = static_cast<unsigned>(i);
    std::int64_t value = 0;
    char* const name = H5Tget_member_name(memory.get(), at);
    H5Tget_member_value(memory.get(), at, &value);
    if (name != nullptr) column.symbols.emplace_back(value, name);
    H5free_memory(name);
  }
  const bool is_boolean = column.width == 1 && count == 2 && column.symbols.size() == 2 &&
                          column.symbols[0] == std::pair<std::int64_t, std::string>{0, "FALSE"} &&
                          column.symbols[1] == std::pair<std::int64_t, std::string>{1, "TRUE"};
  if (is_boolean) {
    column.shape = Shape::boolean;
    column.type.id = TypeId::boolean;
  }
  return {};
}

/// The text of an attribute; empty where there is none.
std::string attribute_text(hid_t object, const char* name) {
  if (H5Aexists(object, name) <= 0) return "";
  const Handle attribute(H5Aopen(object, name, H5P_DEFAULT), H5Aclose);
  const Handle type(H5Aget_type(attribute.get()), H5Tclose);
  const Handle space(H5Aget_space(attribute.get()), H5Sclose);
  if (!type.ok() || H5Tget_class(type.get()) != H5T_STRING ||
      H5Sget_simple_extent_npoints(space.get()) != 1) {
    return "";
  }
  if (H5Tis_variable_str(type.get()) > 0) {
    char* text = nullptr;
    if (H5Aread(attribute.get(), type.get(), &text) < 0 || text == nullptr) return "";
    std::string out = text;
    H5free_memory(text);
    return out;
  }
  std::string out(H5Tget_size(type.get()), '\0');
  if (H5Aread(attribute.get(), type.get(), out.data()) < 0) return "";
  return out.substr(0, out.find('\0'));
}

}  // namespace

Status read_type(hid_t type, Column& column, Handle& memory) {
  switch (H5Tget_class(type)) {
    case H5T_INTEGER: return read_integer(type, column, memory);
    case H5T_FLOAT: return read_float(type, column, memory);
    case H5T_STRING: return read_text(type, column, memory);
    case H5T_ENUM: return read_symbols(type, column, memory);
    case H5T_COMPOUND: return not_read(column, "compound within a table");
    case H5T_ARRAY: return not_read(column, "array");
    case H5T_VLEN: return not_read(column, "list of variable length");
    case H5T_REFERENCE: return not_read(column, "reference");
    case H5T_OPAQUE: return not_read(column, "opaque");
    case H5T_BITFIELD: return not_read(column, "bit field");
    default: return not_read(column, "unknown to Leat");
  }
}

void read_units(hid_t dataset, Column& column) {
  const bool is_whole = column.shape == Shape::plain && column.type.id >= TypeId::int8 &&
                        column.type.id <= TypeId::int64;
  if (!is_whole) return;
  const auto units = attribute_text(dataset, "units");
  constexpr std::string_view kSince = " since 1970-01-01";
  const auto since = units.find(kSince);
  if (units == "microseconds since midnight" && column.width == 8) {
    column.type.id = TypeId::time;
    return;
  }
  if (since == std::string::npos) return;
  const auto behind = units.substr(since + kSince.size());
  const bool is_midnight = behind.empty() || behind == " 00:00:00" || behind == "T00:00:00" ||
                           behind == " 00:00:00 UTC" || behind == "T00:00:00Z";
  if (!is_midnight) return;
  const auto unit = units.substr(0, since);
  if (unit == "days") {
    column.type.id = TypeId::date;
    return;
  }
  if (unit != "seconds" && unit != "milliseconds" && unit != "microseconds") return;
  column.multiply = unit == "seconds" ? 1'000'000 : unit == "milliseconds" ? 1000 : 1;
  const bool is_utc = behind.ends_with("UTC") || behind.ends_with('Z');
  column.type.id = is_utc ? TypeId::timestamp_tz : TypeId::timestamp;
}

}  // namespace leat::hdf5
