#include "clients/file_list/digests.hpp"

#include <utility>

namespace leat::file_list {

Digests::Digests(io::FileSystem& files, std::vector<std::filesystem::path> paths,
                 const CancelToken* cancel)
    : x_files(files), x_paths(std::move(paths)), x_cancel(cancel) {
  x_thread = std::thread([this] {
    x_digests = take();
    x_has_failed = !x_digests.ok();
  });
}

Digests::~Digests() {
  x_end.request();
  wait();
}

const Result<std::vector<std::string>>& Digests::wait() {
  if (x_thread.joinable()) x_thread.join();
  return x_digests;
}

Result<std::vector<std::string>> Digests::take() const {
  const auto is_over = [this] {
    return x_end.requested() || (x_cancel != nullptr && x_cancel->requested());
  };
  std::vector<std::string> digests;
  for (const auto& path : x_paths) {
    TRY(auto digest, io::sha256_of_file(x_files, path, is_over));
    digests.push_back(std::move(digest));
  }
  return digests;
}

}  // namespace leat::file_list
