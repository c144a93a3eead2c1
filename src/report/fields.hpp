#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>

namespace leat::report {

using nlohmann::json;

// A report may come from another version of the program: a field that is not there, or of another
// kind, is as good as empty.

std::string text_of(const json& object, const char* key);
std::uint64_t count_of(const json& object, const char* key);
double number_of(const json& object, const char* key);
/// An array; empty where there is none.
const json& list_of(const json& object, const char* key);
/// An object; empty where there is none.
const json& object_of(const json& object, const char* key);

}  // namespace leat::report
