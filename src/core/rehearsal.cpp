#include "core/rehearsal.hpp"

namespace leat {
namespace {

namespace fs = std::filesystem;

/// Absolute paths and relative ones do not meet, nor do those that lead out of the root.
fs::path place_in(const fs::path& folder, const fs::path& path) {
  fs::path place = folder / (path.is_absolute() ? "root" : "project");
  for (const auto& part : path.lexically_normal().relative_path()) {
    place /= part == ".." ? fs::path("up") : part;
  }
  return place;
}

}  // namespace

config::Node with_option(const config::Node& options, std::string_view key, std::string value) {
  config::Node out = options;
  config::Node* found = nullptr;
  for (auto& entry : out.entries) {
    if (entry.key.text == key) found = &entry.value;
  }
  if (found == nullptr) {
    out.kind = config::Node::Kind::map;
    out.entries.push_back({config::text_scalar(std::string(key), options), {}});
    found = &out.entries.back().value;
  }
  *found = config::text_scalar(value, options);
  return out;
}

config::Node with_path_in(const config::Node& options, const Scratch& scratch) {
  const auto path = option_text(options, "path");
  if (path.empty()) return options;
  return with_option(options, "path", place_in(scratch.folder, path).string());
}

std::string option_text(const config::Node& options, std::string_view key) {
  const auto* node = options.find(key);
  return node != nullptr && node->is_scalar() ? node->text : std::string();
}

}  // namespace leat
