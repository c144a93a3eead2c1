#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "clients/hdf5/handle.hpp"
#include "data/type.hpp"

namespace leat::hdf5 {

/// How values of a type lie in a file and in memory.
struct Written {
  hid_t file;
  hid_t memory;
  std::size_t width;
};

/// Of types of fixed width; the width of others is 0. Booleans have a type of their own.
Written written(data::TypeId id);
/// As h5py has booleans.
Handle boolean_type();
Handle text_type();
/// "days since 1970-01-01"; null: numbers of this type need no word.
const char* units_of(data::TypeId id);
bool add_text_attribute(hid_t object, const char* name, const char* text);
bool add_list_attribute(hid_t object, const char* name, const std::vector<std::string>& texts);
Handle create_group(hid_t in, const char* name);

}  // namespace leat::hdf5
