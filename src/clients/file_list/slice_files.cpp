#include "clients/file_list/slice_files.hpp"

#include <nlohmann/json.hpp>
#include <utility>

#include "io/url.hpp"

namespace leat::file_list {
namespace {

using Json = nlohmann::json;

}  // namespace

std::string to_text(const SliceFiles& slice) {
  Json list = Json::array();
  for (const ListedFile& file : slice.files) {
    list.push_back({{"path", file.name}, {"size", file.size}, {"mtime_ns", file.mtime_ns}});
  }
  const Json spec = {{"files", std::move(list)}, {"digests", slice.wants_digests}};
  return spec.dump(-1, ' ', false, Json::error_handler_t::replace);
}

SliceFiles from_text(const std::string& text, const std::filesystem::path& root) {
  const Json spec = Json::parse(text, nullptr, false);
  SliceFiles slice;
  if (!spec.is_object()) return slice;
  slice.wants_digests = spec.value("digests", false);
  for (const Json& entry : spec.value("files", Json::array())) {
    ListedFile file;
    file.name = entry.value("path", "");
    file.path = io::seen_from(root, file.name);
    file.size = entry.value("size", std::uint64_t(0));
    file.mtime_ns = entry.value("mtime_ns", std::int64_t(0));
    slice.files.push_back(std::move(file));
  }
  return slice;
}

}  // namespace leat::file_list
