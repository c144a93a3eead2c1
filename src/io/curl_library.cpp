#include "io/curl_library.hpp"

#include <dlfcn.h>

#include <string>

namespace leat::io {
namespace {

constexpr const char* kFile = "libcurl.so.4";

Error missing(const std::string& what) {
  return Error(Fault::external, "the library that fetches files cannot be loaded: " + what)
      .hint("install it (Debian package libcurl4)");
}

template <typename Function>
Status find(void* file, const char* name, Function& out) {
  void* const found = ::dlsym(file, name);
  if (found == nullptr) return missing(std::string(kFile) + " has no " + name);
  out = reinterpret_cast<Function>(found);
  return {};
}

/// Never closed: what it has registered with the process stays valid.
Result<CurlLibrary> load() {
  void* const file = ::dlopen(kFile, RTLD_NOW | RTLD_LOCAL);
  if (file == nullptr) return missing(::dlerror());
  decltype(&curl_global_init) global_init = nullptr;
  TRY(find(file, "curl_global_init", global_init));
  CurlLibrary curl{};
  TRY(find(file, "curl_easy_init", curl.easy_init));
  TRY(find(file, "curl_easy_setopt", curl.easy_setopt));
  TRY(find(file, "curl_easy_perform", curl.easy_perform));
  TRY(find(file, "curl_easy_getinfo", curl.easy_getinfo));
  TRY(find(file, "curl_easy_strerror", curl.easy_strerror));
  TRY(find(file, "curl_easy_cleanup", curl.easy_cleanup));
  const auto done = global_init(CURL_GLOBAL_DEFAULT);
  if (done != CURLE_OK) return missing(curl.easy_strerror(done));
  return curl;
}

}  // namespace

Result<const CurlLibrary*> curl_library() {
  static const Result<CurlLibrary> loaded = load();
  if (!loaded.ok()) return loaded.error();
  return &loaded.value();
}

}  // namespace leat::io
