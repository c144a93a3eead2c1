#pragma once

#include <memory>
#include <span>
#include <string>

#include "base/result.hpp"
#include "data/schema.hpp"
#include "engine/row_bits.hpp"

namespace leat::engine {

class Session;

/// Values of one column as another type, as the engine casts them.
///
/// Threads   immutable; each thread opens a Run.
class ColumnCast {
 public:
  /// `loses` is an SQL condition over the columns of `found`: true where the cast loses something.
  static Result<std::shared_ptr<const ColumnCast>> make(Session& session, const data::Schema& found,
                                                        std::size_t column,
                                                        const std::string& loses);
  virtual ~ColumnCast() = default;

  /// One thread's hand.
  class Run {
   public:
    virtual ~Run() = default;
    /// `found` by column; `to` is a flat vector of the new type. What cannot be cast becomes null;
    /// `lost` are the rows whose value was not null and is not what it was.
    virtual Status apply(std::span<const duckdb_vector> found, std::uint32_t rows, duckdb_vector to,
                         RowBits& lost) = 0;
    /// The value that was found, as the engine prints it.
    virtual std::string shown(std::span<const duckdb_vector> found, std::uint32_t row) const = 0;
  };
  virtual Result<std::unique_ptr<Run>> open() const = 0;
};

}  // namespace leat::engine
