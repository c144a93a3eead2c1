#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/catalog.hpp"

namespace leat {

/// One source of a fan-out.
struct FanOutItem {
  std::string key;  ///< Names it in positions; unique.
  std::shared_ptr<const SourceSpec> spec;
};

/// Several sources of one connector, read as one.
///
/// Shape    all must have the same columns. A position is a JSON object: key → position of it.
///          What was read under a key that is no more, or by the source when it was no fan-out, is
///          known by itself and not read again.
/// Promise  without limits one slice holds what is new of every item; with limits a slice is one
///          of one item. An item that is new is read from its start, one that is gone is not read.
std::shared_ptr<const SourceSpec> fan_out(std::vector<FanOutItem> items);

/// What is known of a fan-out whose items are found by each run.
struct FanOutColumns {
  data::Schema schema;  ///< Every item must have just these.
  Replay replay = Replay::exact;
};
/// The same, maybe without any item: then it has no rows. New items may always come.
std::shared_ptr<const SourceSpec> fan_out(std::vector<FanOutItem> items, FanOutColumns columns);

}  // namespace leat
