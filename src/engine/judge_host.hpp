#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "core/source.hpp"
#include "engine/first_error.hpp"
#include "engine/judge.hpp"
#include "kernels/gauge.hpp"
#include "kernels/statistics.hpp"

namespace leat::engine {

/// Lets the engine's own operators call a judge: the barrier behind its scans, and the tee before
/// its writers.
///
/// Calls     `as_c` for the operator; the sums when the statement is done.
/// Threads   as leat_judge says.
class JudgeHost {
 public:
  /// What of the rows that stay is measured. Columns by their number in the schema.
  struct Measures {
    std::vector<std::size_t> columns;
    std::vector<kernels::GaugeWish> gauges;
  };

  struct Duties {
    /// The columns of the schema that the chunks have, in order; nothing: all. Of none of them one
    /// column that means nothing stands in.
    std::optional<std::vector<std::size_t>> columns = std::nullopt;
    /// How many columns of the place follow those of the schema: kPlaceColumns or, where a file is
    /// named, kScanPlaceColumns.
    std::size_t place_columns = 0;
    const ChunkSource* files = nullptr;  ///< Who names a file by its number; null: it is named.
    std::size_t verdicts = 0;            ///< Verdict columns behind those.
    bool has_faults = false;             ///< Then one more: why the row cannot be read, or null.
    std::optional<Measures> measures = std::nullopt;
  };

  JudgeHost(Judge& judge, const Duties& duties, FirstError& first_error);
  ~JudgeHost();

  leat_judge as_c();
  Judge& judge() { return x_judge; }
  std::uint64_t rows_met() const { return x_met.load(std::memory_order_relaxed); }
  /// Rows that the operator was told to keep.
  std::uint64_t handed_on() const;
  /// Over all threads.
  kernels::Statistics statistics() const;
  std::vector<kernels::Gauge> gauges() const;

 private:
  class Local;
  class Measuring;

  static void* open_local(void* self);
  static bool consume(void* self, void* local, duckdb_data_chunk chunk, std::uint32_t* selected,
                      std::size_t* count);
  static const char* failure(void* self);
  Result<Local*> make_local();
  Measuring measured() const;

  Judge& x_judge;
  Duties x_duties;
  FirstError& x_first_error;
  std::atomic<std::uint64_t> x_met{0};
  std::mutex x_mutex;
  std::vector<std::unique_ptr<Local>> x_locals;
};

}  // namespace leat::engine
