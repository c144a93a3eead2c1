#include "engine/file_literal.hpp"

#include "base/names.hpp"

namespace leat::engine {

std::string file_literal(const std::filesystem::path& path) {
  std::string plain;
  for (const char c : path.string()) {
    if (c == '*' || c == '?' || c == '[') {
      plain += std::string("[") + c + "]";
    } else {
      plain += c;
    }
  }
  return quote_literal(plain);
}

std::string file_literal(const std::vector<std::filesystem::path>& paths) {
  std::string list = "[";
  for (const std::filesystem::path& path : paths) {
    if (list.size() > 1) list += ", ";
    list += file_literal(path);
  }
  return list + "]";
}

}  // namespace leat::engine
