#include "clients/hdf5/written.hpp"

#include <cstring>

namespace leat::hdf5 {

using data::TypeId;

Written written(TypeId id) {
  const auto held = use_library();
  switch (id) {
    case TypeId::int8: return {H5T_STD_I8LE, H5T_NATIVE_INT8, 1};
    case TypeId::uint8: return {H5T_STD_U8LE, H5T_NATIVE_UINT8, 1};
    case TypeId::int16: return {H5T_STD_I16LE, H5T_NATIVE_INT16, 2};
    case TypeId::uint16: return {H5T_STD_U16LE, H5T_NATIVE_UINT16, 2};
    case TypeId::int32:
    case TypeId::date: return {H5T_STD_I32LE, H5T_NATIVE_INT32, 4};
    case TypeId::uint32: return {H5T_STD_U32LE, H5T_NATIVE_UINT32, 4};
    case TypeId::int64:
    case TypeId::time:
    case TypeId::timestamp:
    case TypeId::timestamp_tz: return {H5T_STD_I64LE, H5T_NATIVE_INT64, 8};
    case TypeId::uint64: return {H5T_STD_U64LE, H5T_NATIVE_UINT64, 8};
    case TypeId::float32: return {H5T_IEEE_F32LE, H5T_NATIVE_FLOAT, 4};
    case TypeId::float64: return {H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, 8};
    default: return {-1, -1, 0};
  }
}

Handle boolean_type() {
  Handle type(H5Tenum_create(H5T_NATIVE_INT8), H5Tclose);
  std::int8_t value = 0;
  H5Tenum_insert(type.get(), "FALSE", &value);
  value = 1;
  H5Tenum_insert(type.get(), "TRUE", &value);
  return type;
}

Handle text_type() {
  Handle type(H5Tcopy(H5T_C_S1), H5Tclose);
  H5Tset_size(type.get(), H5T_VARIABLE);
  H5Tset_cset(type.get(), H5T_CSET_UTF8);
  return type;
}

const char* units_of(TypeId id) {
  switch (id) {
    case TypeId::date: return "days since 1970-01-01";
    case TypeId::time: return "microseconds since midnight";
    case TypeId::timestamp: return "microseconds since 1970-01-01 00:00:00";
    case TypeId::timestamp_tz: return "microseconds since 1970-01-01 00:00:00 UTC";
    default: return nullptr;
  }
}

bool add_text_attribute(hid_t object, const char* name, const char* text) {
  const Handle type(H5Tcopy(H5T_C_S1), H5Tclose);
  H5Tset_size(type.get(), std::strlen(text));
  const Handle space(H5Screate(H5S_SCALAR), H5Sclose);
  const Handle attribute(
      H5Acreate2(object, name, type.get(), space.get(), H5P_DEFAULT, H5P_DEFAULT), H5Aclose);
  return attribute.ok() && H5Awrite(attribute.get(), type.get(), text) >= 0;
}

Handle create_group(hid_t in, const char* name) {
  const Handle how(H5Pcreate(H5P_GROUP_CREATE), H5Pclose);
  H5Pset_link_creation_order(how.get(), H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED);
  H5Pset_obj_track_times(how.get(), false);
  const Handle way(H5Pcreate(H5P_LINK_CREATE), H5Pclose);
  H5Pset_create_intermediate_group(way.get(), 1);
  return {H5Gcreate2(in, name, way.get(), how.get(), H5P_DEFAULT), H5Gclose};
}

bool add_list_attribute(hid_t object, const char* name, const std::vector<std::string>& texts) {
  const auto type = text_type();
  const hsize_t count = texts.size();
  const Handle space(H5Screate_simple(1, &count, nullptr), H5Sclose);
  const Handle attribute(
      H5Acreate2(object, name, type.get(), space.get(), H5P_DEFAULT, H5P_DEFAULT), H5Aclose);
  std::vector<const char*> words;
  for (const auto& text : texts) words.push_back(text.c_str());
  return attribute.ok() && H5Awrite(attribute.get(), type.get(), words.data()) >= 0;
}

}  // namespace leat::hdf5
