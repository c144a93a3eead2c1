#include "report/fields.hpp"

namespace leat::report {
namespace {

const json* field(const json& object, const char* key) {
  if (!object.is_object()) return nullptr;
  const auto found = object.find(key);
  return found == object.end() ? nullptr : &*found;
}

}  // namespace

std::string text_of(const json& object, const char* key) {
  const auto* found = field(object, key);
  return found && found->is_string() ? found->get<std::string>() : std::string();
}

std::uint64_t count_of(const json& object, const char* key) {
  const auto* found = field(object, key);
  return found && found->is_number_unsigned() ? found->get<std::uint64_t>() : 0;
}

double number_of(const json& object, const char* key) {
  const auto* found = field(object, key);
  return found && found->is_number() ? found->get<double>() : 0;
}

const json& list_of(const json& object, const char* key) {
  static const json none = json::array();
  const auto* found = field(object, key);
  return found && found->is_array() ? *found : none;
}

const json& object_of(const json& object, const char* key) {
  static const json none = json::object();
  const auto* found = field(object, key);
  return found && found->is_object() ? *found : none;
}

}  // namespace leat::report
