#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "base/cancel.hpp"
#include "core/source.hpp"
#include "engine/first_error.hpp"
#include "engine/judge.hpp"

namespace leat::engine {

class LocalScan;

/// The first column of leat_scan, in which nothing stands.
inline constexpr const char* kScanNothing = "leat_nothing";

/// A source of our own that feeds the engine through the table function leat_scan, its rows judged
/// on the way.
///
/// Calls     `start` and `open_local` by the engine; `drain`, then `handed_on`, when it is done.
/// Threads   `open_local` any; a local scan one.
class ChunkScan {
 public:
  struct Limits {
    std::size_t threads = 1;
    std::uint32_t batch_rows = kChunkRows;
    const CancelToken* cancel = nullptr;
    bool with_places = false;  ///< kPlaceColumns follow the columns of the schema.
    bool reads_all = false;    ///< Columns that nobody asks for as well: each value is judged.
  };

  ChunkScan(ChunkSource& source, Judge& judge, const Limits& limits, FirstError& first_error);
  ~ChunkScan();

  ChunkSource& source() { return x_source; }
  Judge& judge() { return x_judge; }
  const Limits& limits() const { return x_limits; }
  FirstError& first_error() { return x_first_error; }
  std::size_t threads() const;
  /// Roughly, for the order of joins; 0: no idea.
  std::uint64_t rows_guess() const;
  /// Errors    internal  a second scan was started: the rows would be counted twice.
  Status start();
  /// `projected`: columns in the order of the output, those of the place behind the schema's;
  /// nothing for one that the engine asks for only to count rows.
  Result<LocalScan*> open_local(const std::vector<std::optional<std::size_t>>& projected);
  /// Reads what the query did not ask for (a LIMIT, an empty side of a join), so that every record
  /// of the slice is judged.
  Status drain();
  std::uint64_t handed_on() const;

 private:
  ChunkSource& x_source;
  Judge& x_judge;
  Limits x_limits;
  FirstError& x_first_error;
  std::atomic<bool> x_started{false};
  std::mutex x_mutex;
  std::vector<std::unique_ptr<LocalScan>> x_locals;
};

/// One thread's part of a scan.
class LocalScan {
 public:
  using Projection = std::vector<std::optional<std::size_t>>;
  /// Calls     through `open`, which also prepares it.
  LocalScan(ChunkScan& scan, Projection projected)
      : x_scan(scan), x_projected(std::move(projected)) {}
  static Result<std::unique_ptr<LocalScan>> open(ChunkScan& scan, const Projection& projected);
  ~LocalScan();
  LocalScan(const LocalScan&) = delete;
  LocalScan& operator=(const LocalScan&) = delete;

  /// Puts the next good rows into `output`; an empty chunk means the end.
  Status fill(duckdb_data_chunk output);
  /// The same without anybody who takes them.
  Status drain();
  std::uint64_t handed_on() const { return x_handed_on; }

 private:
  Status prepare();
  void point_at(duckdb_data_chunk output);
  Result<std::uint32_t> read_batch();
  bool is_place(std::size_t column) const;
  void write_places(duckdb_data_chunk output) const;

  ChunkScan& x_scan;
  Projection x_projected;
  LocalJudge* x_judge = nullptr;
  std::unique_ptr<ChunkReader> x_reader;
  std::vector<std::size_t> x_extra;           ///< Columns that only the checks look at,
  duckdb_data_chunk x_extra_chunk = nullptr;  ///< and where they are read into.
  std::vector<duckdb_vector> x_vectors;       ///< By column of the schema.
  RowBatch x_batch;
  std::uint64_t x_handed_on = 0;
  bool x_done = false;
};

}  // namespace leat::engine
