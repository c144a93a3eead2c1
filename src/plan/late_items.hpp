#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/catalog.hpp"
#include "engine/session.hpp"
#include "plan/fan_out_items.hpp"

namespace leat::plan {

/// At most so many items of one source, written or read.
inline constexpr std::size_t kItemsMax = 1000;

/// Items that only a run knows: the rows of another node.
struct LateItems {
  std::string node;
  std::string key;                ///< The column that names an item.
  std::vector<std::string> used;  ///< The columns that the source's options name.
  /// The source for these rows, which have the columns of the node; in the order of their keys.
  /// Errors   data    a row without a key or without a value that is used, a key twice, too many.
  ///          config  what an item's values make of the source's options.
  std::function<Result<std::shared_ptr<const SourceSpec>>(const engine::TextTable& rows)> make;
};

/// What makes the sources: all but the rows.
struct LateItemsOrder {
  std::string source;
  std::string connector;
  WrittenItems written;
  const SourceEntry* entry = nullptr;
  data::Schema columns;       ///< Those that every item must have.
  bool keeps_places = false;  ///< Among them, where its rows stood.
};
LateItems late_items(LateItemsOrder order);

/// How the engine prints the rows that are items, read whole: one more than may be.
std::string select_items(const std::string& rows_sql);

}  // namespace leat::plan
