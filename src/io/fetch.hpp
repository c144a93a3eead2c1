#pragma once

#include <atomic>
#include <cstdint>
#include <string>

#include "base/cancel.hpp"
#include "io/files.hpp"

namespace leat::io {

/// What a server said of the bytes that it sent.
struct Fetched {
  std::string etag;              ///< Empty: it gave none.
  std::int64_t modified_s = -1;  ///< Since 1970; -1: it did not say.
};

/// The network, as far as whole files are fetched from it. Tests put another in its place.
///
/// Threads   any.
/// Errors    config    the server has no such file, or wants a login.
///           external  no way to it, a broken answer, an overloaded server (with its delay, if it
///                     gave one), too slow; also what `into` says.
///           cancelled where the token asks for it.
class Fetcher {
 public:
  virtual ~Fetcher() = default;
  /// Appends the whole file to `into`, which is empty.
  virtual Result<Fetched> fetch(const std::string& url, File& into) = 0;
};

/// Fetches by libcurl, which is loaded when it is first needed. `cancel` is asked while bytes
/// come, once it is given.
///
/// Promise   follows up to ten redirects, none of them from https to http; certificates are
///           verified (by `SSL_CERT_FILE` where that is set); gives up when the connection takes 30
///           seconds, or when no byte has come for a minute; a file that ends before its length is
///           an error.
class CurlFetcher final : public Fetcher {
 public:
  Result<Fetched> fetch(const std::string& url, File& into) override;
  void heed(const CancelToken* cancel) { x_cancel.store(cancel, std::memory_order_relaxed); }

 private:
  std::atomic<const CancelToken*> x_cancel{nullptr};
};

}  // namespace leat::io
