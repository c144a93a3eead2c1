#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "data/type.hpp"

namespace leat::data {

struct Column {
  std::string name;
  Type type;
  bool nullable = true;
  bool operator==(const Column&) const = default;
};

/// The columns of a dataset, in order. Names are unique, letter case aside.
struct Schema {
  std::vector<Column> columns;

  bool operator==(const Schema&) const = default;
  std::size_t size() const { return columns.size(); }
  /// Letter case aside, as in SQL.
  std::optional<std::size_t> find(std::string_view name) const;
  std::vector<std::string> names() const;
};

}  // namespace leat::data
