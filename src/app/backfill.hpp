#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "app/intervals.hpp"
#include "app/selection.hpp"
#include "base/cancel.hpp"

namespace leat::app {

/// Which intervals are filled, and how.
struct BackfillOrder {
  RunOrder order;
  std::string from;
  std::string to;              ///< Not included.
  std::uint64_t chunk = 1;     ///< So many intervals, one after the other, are one piece of work.
  std::uint64_t parallel = 1;  ///< So many chunks at a time.
  bool newest_first = false;
  /// By pipelines that this one may rest on, of the same command.
  std::vector<plan::Interval> filled_before;
};

/// What became of one chunk.
struct ChunkOutcome {
  plan::Interval first;
  plan::Interval last;
  std::size_t intervals = 0;
  std::uint64_t attempts = 0;
  int exit_code = 0;  ///< Of its last run.
  std::string error;  ///< What that said last; empty when it went through.
};

struct BackfillReport {
  std::size_t skipped = 0;  ///< Intervals that were published before.
  std::size_t filled = 0;
  std::vector<plan::Interval> done;   ///< These, of whole chunks.
  std::vector<plan::Interval> older;  ///< Published before `filled_before`; left as they are.
  std::vector<ChunkOutcome> failed;
  /// Why the target could not tell at the end what of these is there; empty: it could. Then
  /// `filled` is of the whole chunks alone.
  std::string unknown;
  bool is_cancelled = false;
  /// 0; 4 when some chunks failed and others, or intervals before, are there; else that of the
  /// first that failed.
  int exit_code() const;
};

struct BackfillEvents {
  std::function<void(std::size_t chunks, std::size_t intervals, std::size_t skipped)> on_begin;
  std::function<void(const ChunkOutcome&)> on_chunk;  ///< One at a time, of any thread.
};

/// Runs every interval between two times that is not published, each once: a process of its own for
/// each chunk, tried again with back-off. A chunk that fails does not keep the others from running.
///
/// Promise   after a kill the next call goes on with what is missing. Two at once share the work:
///           an interval that another one has at hand is waited for, and not run twice.
/// Errors    what keeps it from beginning.
Result<BackfillReport> backfill(const BackfillOrder& order, const LoadOptions& options,
                                const CancelToken& cancel, const BackfillEvents& events);

}  // namespace leat::app
