#include "connectors/files/engine_sql.hpp"

#include "base/names.hpp"

namespace leat::connectors::files {

std::string literal_of_path(const std::filesystem::path& path) {
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

std::string literal_of_paths(const std::vector<std::filesystem::path>& paths) {
  std::string list = "[";
  for (const std::filesystem::path& path : paths) {
    if (list.size() > 1) list += ", ";
    list += literal_of_path(path);
  }
  return list + "]";
}

std::string copy_statement(const std::string& select, const StageTarget& stage) {
  std::string sql = "COPY (" + select + ") TO " + quote_literal(stage.path.string()) +
                    " (FORMAT " + stage.format + ", USE_TMP_FILE false";
  for (const auto& [name, value] : stage.options) sql += ", " + name + " " + value;
  return sql + ")";
}

}  // namespace leat::connectors::files
