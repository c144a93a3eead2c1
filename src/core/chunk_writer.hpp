#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "base/result.hpp"
#include "data/chunk_view.hpp"

namespace leat {

/// Takes the rows of one stage as the engine's chunks: for targets whose files, tables or wire the
/// engine does not write itself.
///
/// Calls     `open_hand` once for each thread that has rows, then `write` of that hand any number
///           of times and its `finish`; `finish` of the writer when every hand has finished. When a
///           pass breaks off, hands are destroyed unfinished and `Sink::discard` follows.
/// Threads   `open_hand` in any number at once; a hand in one at a time.
/// Promise   what the engine asks of its own writers: every row that was given, or an error.
/// Errors    external  the other side, the disk. data  a value that the target cannot hold.
class ChunkWriter {
 public:
  /// One thread's hand on a writer.
  class Hand {
   public:
    virtual ~Hand() = default;
    /// `columns` are flat, one a column of the plan's schema, as the type that it travels as. They
    /// live during the call. Up to 2048 rows.
    virtual Status write(std::span<const data::ColumnView> columns, std::uint32_t rows) = 0;
    virtual Status finish() = 0;
  };

  virtual ~ChunkWriter() = default;
  virtual Result<std::unique_ptr<Hand>> open_hand() = 0;
  /// How many rows were written, as the writer itself has counted.
  virtual Result<std::uint64_t> finish() = 0;
};

}  // namespace leat
