#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "base/names.hpp"
#include "base/result.hpp"
#include "data/schema.hpp"

namespace leat::connectors::files {

/// Where each column of ours stands among those of a file, which have a name and a type.
///
/// Errors   config, one is not there or of another type; the file is named by whoever asks.
template <typename Columns>
Result<std::vector<std::size_t>> find_columns(const data::Schema& schema, const Columns& found) {
  std::unordered_map<std::string, std::size_t> by_name;
  for (std::size_t i = 0; i < found.size(); ++i) by_name.emplace(to_lower(found[i].name), i);
  std::vector<std::size_t> places;
  for (const auto& column : schema.columns) {
    const auto at = by_name.find(to_lower(column.name));
    if (at == by_name.end() || found[at->second].type != column.type) {
      return Error(Fault::config, "it has no column `" + column.name + " " +
                                      data::sql_of(column.type) + "`, which the first file has");
    }
    places.push_back(at->second);
  }
  return places;
}

}  // namespace leat::connectors::files
