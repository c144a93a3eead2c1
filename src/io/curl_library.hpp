#pragma once

#include <curl/curl.h>

#include "base/result.hpp"

namespace leat::io {

/// The functions of libcurl that are used here, by their names without `curl_`.
struct CurlLibrary {
  decltype(&curl_easy_init) easy_init;
  decltype(&curl_easy_setopt) easy_setopt;
  decltype(&curl_easy_perform) easy_perform;
  decltype(&curl_easy_getinfo) easy_getinfo;
  decltype(&curl_easy_strerror) easy_strerror;
  decltype(&curl_easy_cleanup) easy_cleanup;
};

/// libcurl, loaded when it is first asked for and kept.
///
/// Threads   any.
/// Errors    external  the library is not installed, or too old.
Result<const CurlLibrary*> curl_library();

}  // namespace leat::io
