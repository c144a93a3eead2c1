#pragma once

#include <string>

#include "base/result.hpp"

namespace leat {

/// A library that is looked for when it is first needed, instead of being linked.
struct SharedLibraryName {
  const char* file;     ///< "libpq.so.5"
  const char* shown;    ///< For people: "PostgreSQL's client library".
  const char* package;  ///< Of Debian.
};

/// Never closed: what it has registered with the process stays valid.
///
/// Threads   any.
/// Errors    external  it is not installed, or has not what is asked for.
class SharedLibrary {
 public:
  static Result<SharedLibrary> load(const SharedLibraryName& name);

  template <typename Function>
  Status find(const char* name, Function& out) const {
    TRY(void* const found, address_of(name));
    out = reinterpret_cast<Function>(found);
    return {};
  }
  /// That it cannot be used, and why.
  Error missing(const std::string& why) const;

 private:
  SharedLibrary(const SharedLibraryName& name, void* file) : x_name(name), x_file(file) {}
  Result<void*> address_of(const char* name) const;

  SharedLibraryName x_name;
  void* x_file;
};

}  // namespace leat
