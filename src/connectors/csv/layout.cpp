#include "connectors/csv/layout.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "base/names.hpp"

namespace leat::connectors::csv {
namespace {

using Positions = std::map<std::string, std::vector<std::int32_t>>;

Positions positions_of(const std::vector<std::string>& names) {
  Positions out;
  for (std::size_t i = 0; i < names.size(); ++i) {
    out[to_lower(names[i])].push_back(static_cast<std::int32_t>(i));
  }
  return out;
}

Error comes_twice(const std::string& name, const std::vector<std::int32_t>& at) {
  return Error(Fault::config, "the header names `" + name + "` twice, as columns " +
                                  std::to_string(at[0] + 1) + " and " + std::to_string(at[1] + 1))
      .hint("set `header: 0` with `skip`, and declare the columns by position");
}

Layout fixed_layout(const FileFormat& format, const data::Schema& schema) {
  Layout out;
  for (const auto& column : schema.columns) {
    const auto found = std::find_if(format.widths.begin(), format.widths.end(),
                                    [&](const auto& width) { return width.name == column.name; });
    out.fields.push_back(static_cast<std::int32_t>(found - format.widths.begin()));
  }
  return out;
}

}  // namespace

std::uint32_t characters_needed(const std::vector<FixedColumn>& columns) {
  std::uint32_t out = 0;
  for (const auto& column : columns) out = std::max(out, column.first);
  return out;
}

std::vector<std::string> unique_names(const std::vector<std::string>& header) {
  std::vector<std::string> out;
  std::set<std::string> taken;
  for (const auto& name : header) taken.insert(to_lower(name));
  std::set<std::string> seen;
  for (std::size_t i = 0; i < header.size(); ++i) {
    std::string name = header[i];
    if (name.empty()) name = "column" + std::to_string(i + 1);
    const std::string stem = name;
    const bool is_own = !header[i].empty();
    for (int n = 2; seen.contains(to_lower(name)) ||
                    (taken.contains(to_lower(name)) && !(is_own && name == stem));
         ++n) {
      name = stem + "_" + std::to_string(n);
    }
    seen.insert(to_lower(name));
    out.push_back(std::move(name));
  }
  return out;
}

Result<Layout> make_layout(const Preamble& preamble, const FileFormat& format,
                           const data::Schema& schema, bool is_declared) {
  if (!format.widths.empty()) return fixed_layout(format, schema);
  Layout out;
  if (format.header == 0) {
    for (std::size_t i = 0; i < schema.size(); ++i) {
      out.fields.push_back(static_cast<std::int32_t>(i));
    }
    out.field_count = static_cast<std::uint32_t>(schema.size());
    return out;
  }
  const Positions positions =
      positions_of(is_declared ? preamble.names : unique_names(preamble.names));
  out.field_count = static_cast<std::uint32_t>(preamble.names.size());
  for (const auto& column : schema.columns) {
    const auto found = positions.find(to_lower(column.name));
    if (found == positions.end()) {
      out.fields.push_back(Layout::kMissing);
      continue;
    }
    if (found->second.size() > 1) return comes_twice(column.name, found->second);
    out.fields.push_back(found->second[0]);
  }
  return out;
}

}  // namespace leat::connectors::csv
