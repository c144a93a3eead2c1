#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/cursor.hpp"
#include "core/inputs.hpp"
#include "core/source.hpp"

namespace leat::cursor {

/// A value of the cursor's column, as its database writes it.
struct Value {
  std::string text;
  std::string kind;  ///< Where the column's type does not tell how it is written: "integer".
  bool operator==(const Value&) const = default;
};

/// The rows between two values. Rows without a value are in none.
struct Range {
  std::optional<Value> from;
  bool with_from = true;
  std::optional<Value> to;
  bool with_to = true;
};

/// The values of one row, one text a column of the schema: what differs has another text.
using RowTexts = std::vector<std::string>;
/// Whether a row is read. Empty: all are.
using KeepRow = std::function<bool(const RowTexts&)>;

/// A table as it stands now: connectors write the filter, the rest is the cursor's.
class Table {
 public:
  virtual ~Table() = default;
  virtual Result<bool> has_nulls() = 0;
  /// Nothing: there is no row in the range.
  virtual Result<std::optional<Value>> greatest(const Range& range) = 0;
  /// The value of row number `row`, from 1, by the order of values; nothing: there are fewer.
  virtual Result<std::optional<Value>> value_of_row(const Range& range, std::uint64_t row) = 0;
  virtual Result<std::uint64_t> count(const Range& range, std::uint64_t rows_max) = 0;
  /// The value that lies as far below as the cursor looks back.
  virtual Result<Value> below(const Value& value) = 0;
  virtual Result<std::unique_ptr<ChunkSource>> rows(const Range& range, KeepRow keep,
                                                    const ReadContext& context) = 0;
};

/// What can be opened again and again.
class Tables {
 public:
  virtual ~Tables() = default;
  virtual Result<data::Schema> schema() = 0;
  /// The table or query alone, without a state.
  virtual Input input() const = 0;
  virtual std::string shown() const = 0;  ///< "table orders"
  virtual Result<std::unique_ptr<Table>> open() = 0;
};

}  // namespace leat::cursor
