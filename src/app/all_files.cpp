#include "app/all_files.hpp"

#include <filesystem>

#include "io/remote_files.hpp"

namespace leat::app {
namespace {

io::CurlFetcher& fetcher() {
  static io::CurlFetcher curl;
  return curl;
}

std::filesystem::path temporary_folder() {
  std::error_code error;
  auto folder = std::filesystem::temp_directory_path(error);
  return error ? std::filesystem::path("/tmp") : folder;
}

}  // namespace

io::FileSystem& all_files() {
  static io::RemoteFiles files(io::local_files(), fetcher(), temporary_folder());
  return files;
}

void heed_while_fetching(const CancelToken& cancel) { fetcher().heed(&cancel); }

}  // namespace leat::app
