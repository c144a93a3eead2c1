#include "run/target_place.hpp"

#include <filesystem>

namespace leat::run {
namespace {

std::string normal(const std::string& place) {
  return std::filesystem::path(place).lexically_normal().string();
}

}  // namespace

std::string place_of(const Sink& sink) { return normal(sink.place()); }

bool is_at(const Sink& sink, const std::string& place) {
  return place.empty() || normal(place) == place_of(sink);
}

}  // namespace leat::run
