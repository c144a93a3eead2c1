#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace leat::checks::rows {

/// What `format` knows by name.
struct NamedFormat {
  std::string name;
  std::string summary;
  std::string pattern;  ///< Of the whole text, RE2; empty: only the engine can tell (json).
};

const std::vector<NamedFormat>& named_formats();
/// Null when there is none.
const NamedFormat* find_format(std::string_view name);

}  // namespace leat::checks::rows
