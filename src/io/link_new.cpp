#include "io/link_new.hpp"

#include <unistd.h>

namespace leat::io {

bool link_new(const std::filesystem::path& file, const std::filesystem::path& name) {
  return ::link(file.c_str(), name.c_str()) == 0;
}

}  // namespace leat::io
