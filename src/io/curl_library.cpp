#include "io/curl_library.hpp"

#include "base/shared_library.hpp"

namespace leat::io {
namespace {

Result<CurlLibrary> load() {
  TRY(const auto file,
      SharedLibrary::load({"libcurl.so.4", "the library that fetches files", "libcurl4"}));
  decltype(&curl_global_init) global_init = nullptr;
  TRY(file.find("curl_global_init", global_init));
  CurlLibrary curl{};
  TRY(file.find("curl_easy_init", curl.easy_init));
  TRY(file.find("curl_easy_setopt", curl.easy_setopt));
  TRY(file.find("curl_easy_perform", curl.easy_perform));
  TRY(file.find("curl_easy_getinfo", curl.easy_getinfo));
  TRY(file.find("curl_easy_strerror", curl.easy_strerror));
  TRY(file.find("curl_easy_cleanup", curl.easy_cleanup));
  const auto done = global_init(CURL_GLOBAL_DEFAULT);
  if (done != CURLE_OK) return file.missing(curl.easy_strerror(done));
  return curl;
}

}  // namespace

Result<const CurlLibrary*> curl_library() {
  static const Result<CurlLibrary> loaded = load();
  if (!loaded.ok()) return loaded.error();
  return &loaded.value();
}

}  // namespace leat::io
