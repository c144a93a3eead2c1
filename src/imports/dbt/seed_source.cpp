#include "imports/dbt/seed_source.hpp"

#include <algorithm>
#include <vector>

#include "base/names.hpp"
#include "imports/dbt/checks.hpp"

namespace leat::imports::dbt {
namespace {

/// The names of a header whose fields hold no delimiter themselves.
std::vector<std::string> names_of(std::string_view header, std::string_view delimiter) {
  constexpr std::string_view kBom = "\xef\xbb\xbf";
  if (header.starts_with(kBom)) header.remove_prefix(kBom.size());
  std::vector<std::string> names;
  for (std::size_t at = 0; at <= header.size();) {
    const auto end = std::min(header.find(delimiter, at), header.size());
    auto name = header.substr(at, end - at);
    if (name.size() > 1 && name.front() == '"' && name.back() == '"') {
      name = name.substr(1, name.size() - 2);
    }
    names.emplace_back(name);
    at = end + delimiter.size();
  }
  return names;
}

const std::string* type_of(const config::Node& types, const std::string& name) {
  for (const auto& entry : types.entries) {
    if (is_same_name(entry.key.text, name) && entry.value.is_scalar()) return &entry.value.text;
  }
  return nullptr;
}

}  // namespace

std::string seed_options(const Settings& settings, const std::string& name, const std::string& path,
                         const std::string& header, std::vector<Left>& left) {
  std::string out;
  const auto* delimiter = settings.find("delimiter", name, path);
  const auto between = delimiter != nullptr ? delimiter->text : std::string(",");
  if (delimiter != nullptr) out += ", delimiter: " + in_quotes(between);
  const auto* types = settings.find("column_types", name, path);
  if (types == nullptr || between.empty()) return out;
  std::string columns;
  for (const auto& column : names_of(header, between)) {
    const auto* type = type_of(*types, column);
    if (type == nullptr) {
      left.push_back({types->place.file, types->place.line,
                      "`column_types` of seed `" + name + "`: `" + column +
                          "` has none, and a source is told the types of all its columns or none"});
      return out;
    }
    columns += (columns.empty() ? "" : ", ") + in_quotes(column) + ": " + in_quotes(*type);
  }
  return out + ", columns: {" + columns + "}";
}

}  // namespace leat::imports::dbt
