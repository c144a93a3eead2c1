#include "base/shared_library.hpp"

#include <dlfcn.h>

namespace leat {

Result<SharedLibrary> SharedLibrary::load(const SharedLibraryName& name) {
  const SharedLibrary loaded(name, ::dlopen(name.file, RTLD_NOW | RTLD_LOCAL));
  if (loaded.x_file == nullptr) return loaded.missing(::dlerror());
  return loaded;
}

Error SharedLibrary::missing(const std::string& why) const {
  return Error(Fault::external, std::string(x_name.shown) + " cannot be loaded: " + why)
      .hint("install it (Debian package " + std::string(x_name.package) + ")");
}

Result<void*> SharedLibrary::address_of(const char* name) const {
  void* const found = ::dlsym(x_file, name);
  if (found == nullptr) return missing(std::string(x_name.file) + " has no " + name);
  return found;
}

}  // namespace leat
