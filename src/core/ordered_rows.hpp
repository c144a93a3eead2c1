#pragma once

namespace leat {

/// A sink's spec that may ask for the order of the rows.
class KeepsOrder {
 public:
  virtual ~KeepsOrder() = default;
  /// Rows are to be written as they come: those of a source as they stand in it.
  virtual bool keeps_order() const = 0;
};

/// A source that reads its rows by several threads in any order, unless it is told.
class ReadsInOrder {
 public:
  virtual ~ReadsInOrder() = default;
  /// From now on one reader yields all rows in their order; threads of its own work ahead.
  virtual void read_in_order() = 0;
};

}  // namespace leat
