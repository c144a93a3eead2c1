#include <array>
#include <cstdlib>
#include <memory>
#include <string>

#include "base/names.hpp"
#include "io/curl_library.hpp"
#include "io/fetch.hpp"

namespace leat::io {
namespace {

constexpr long kConnectSeconds = 30;
constexpr long kIdleSeconds = 60;
constexpr long kRedirectsMax = 10;
constexpr long kGood = 200;

/// One request under way.
class Request {
 public:
  Request(const CurlLibrary& curl, std::string url, File& into, const CancelToken* cancel)
      : x_curl(curl),
        x_url(std::move(url)),
        x_into(into),
        x_cancel(cancel),
        x_handle(curl.easy_init(), curl.easy_cleanup) {}

  Result<Fetched> carry_out() {
    if (x_handle == nullptr) return Error(Fault::internal, "no handle to fetch with");
    set_up();
    const auto code = x_curl.easy_perform(x_handle.get());
    if (!x_written.ok()) return x_written.error();
    if (is_cancelled())
      return Error(Fault::external, "stopped while fetching " + x_url).cancelled();
    if (code != CURLE_OK) return failed(code);
    if (status() != kGood) return refused();
    curl_off_t modified = -1;
    x_curl.easy_getinfo(x_handle.get(), CURLINFO_FILETIME_T, &modified);
    return Fetched{x_etag, std::int64_t(modified)};
  }

 private:
  template <typename Value>
  void set(CURLoption option, Value value) {
    x_curl.easy_setopt(x_handle.get(), option, value);
  }

  void set_up() {
    set(CURLOPT_URL, x_url.c_str());
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    set(CURLOPT_REDIR_PROTOCOLS_STR, x_url.starts_with("https:") ? "https" : "http,https");
    set(CURLOPT_FOLLOWLOCATION, 1L);
    set(CURLOPT_MAXREDIRS, kRedirectsMax);
    set(CURLOPT_CONNECTTIMEOUT, kConnectSeconds);
    set(CURLOPT_LOW_SPEED_LIMIT, 1L);
    set(CURLOPT_LOW_SPEED_TIME, kIdleSeconds);
    set(CURLOPT_FILETIME, 1L);
    set(CURLOPT_USERAGENT, "leat");
    set(CURLOPT_ERRORBUFFER, x_complaint.data());
    if (const char* roots = std::getenv("SSL_CERT_FILE")) set(CURLOPT_CAINFO, roots);
    set(CURLOPT_WRITEFUNCTION, &Request::take_bytes);
    set(CURLOPT_WRITEDATA, this);
    set(CURLOPT_HEADERFUNCTION, &Request::take_header);
    set(CURLOPT_HEADERDATA, this);
    set(CURLOPT_NOPROGRESS, 0L);
    set(CURLOPT_XFERINFOFUNCTION, &Request::go_on);
    set(CURLOPT_XFERINFODATA, this);
  }

  static std::size_t take_bytes(char* bytes, std::size_t, std::size_t size, void* self) {
    auto& request = *static_cast<Request*>(self);
    if (request.status() != kGood) return size;  // What it says of an error, or of a redirect.
    request.x_written = request.x_into.append({bytes, size});
    return request.x_written.ok() ? size : 0;
  }

  static std::size_t take_header(char* bytes, std::size_t, std::size_t size, void* self) {
    const std::string_view line(bytes, size);
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || !is_same_name(line.substr(0, colon), "etag"))
      return size;
    const auto first = line.find_first_not_of(' ', colon + 1);
    const auto last = line.find_last_not_of("\r\n ");
    if (first != std::string_view::npos && first <= last) {
      static_cast<Request*>(self)->x_etag = line.substr(first, last - first + 1);
    }
    return size;
  }

  static int go_on(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    return static_cast<Request*>(self)->is_cancelled() ? 1 : 0;
  }

  bool is_cancelled() const { return x_cancel != nullptr && x_cancel->requested(); }

  long status() const {
    long status = 0;
    x_curl.easy_getinfo(x_handle.get(), CURLINFO_RESPONSE_CODE, &status);
    return status;
  }

  Error failed(CURLcode code) const {
    const std::string why =
        x_complaint[0] != '\0' ? x_complaint.data() : x_curl.easy_strerror(code);
    return Error(Fault::external, "cannot fetch " + x_url + ": " + why);
  }

  Error refused() const {
    const auto code = status();
    const auto said = "cannot fetch " + x_url + ": the server answered " + std::to_string(code);
    if (code == 401 || code == 403) {
      return Error(Fault::config, said)
          .hint("files behind a login are not built yet: fetch it first");
    }
    if (code == 404 || code == 410) {
      return Error(Fault::config, said + ", there is no such file").hint("look at the address");
    }
    Error error(Fault::external, said);
    curl_off_t seconds = 0;
    x_curl.easy_getinfo(x_handle.get(), CURLINFO_RETRY_AFTER, &seconds);
    if (seconds > 0) return std::move(error).retry_after(std::chrono::seconds(seconds));
    return error;
  }

  const CurlLibrary& x_curl;
  std::string x_url;
  File& x_into;
  const CancelToken* x_cancel;
  std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> x_handle;
  std::array<char, CURL_ERROR_SIZE> x_complaint{};
  std::string x_etag;
  Status x_written;
};

}  // namespace

Result<Fetched> CurlFetcher::fetch(const std::string& url, File& into) {
  TRY(const auto* curl, curl_library());
  return Request(*curl, url, into, x_cancel.load(std::memory_order_relaxed)).carry_out();
}

}  // namespace leat::io
