#include "run/target_place.hpp"

namespace leat::run {
namespace {

std::string normal(const std::string& place, const std::filesystem::path& root) {
  auto text = std::filesystem::path(place).lexically_normal().string();
  const auto below = root.lexically_normal().string() + "/";
  return text.starts_with(below) ? text.substr(below.size()) : text;
}

}  // namespace

std::string place_of(const Sink& sink, const std::filesystem::path& root) {
  return normal(sink.place(), root);
}

bool is_at(const Sink& sink, const std::string& place, const std::filesystem::path& root) {
  return place.empty() || normal(place, root) == place_of(sink, root);
}

}  // namespace leat::run
