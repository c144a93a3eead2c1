#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/cancel.hpp"
#include "base/result.hpp"
#include "core/bad_row.hpp"
#include "core/check.hpp"
#include "core/sink.hpp"
#include "core/source.hpp"
#include "kernels/gauge.hpp"
#include "kernels/statistics.hpp"

namespace leat::engine {

class Session;

/// What a query yields of rows without any column.
inline constexpr const char* kNoColumn = "leat_row";

/// What stands for the rows of a dataset that checks consult: a table expression, by name.
using Consulted = std::map<std::string, std::string>;

/// A dataset that a pass reads.
struct PassInput {
  std::string dataset;  ///< The table name that SQL uses.
  data::Schema schema;
  SliceRead read;             ///< A spool of an earlier pass is an EngineScan without checks.
  std::vector<Check> checks;  ///< Row checks judged before any SQL sees the row.
  bool is_source = true;      ///< False for a spool: its rows were counted and judged before.
  std::string project = {};   ///< What SQL sees of its rows, a select list; empty: all of it.
  /// Columns whose values no message, example or raw text shows.
  std::vector<std::string> hidden = {};
  /// The columns that `select` of the pass names, which is there to judge the rows; nothing: it may
  /// name any. The others of a ChunkSource are read all the same, since a value may contradict its
  /// type; those of an EngineScan where a check looks at them, or sets rows aside: whole.
  std::optional<std::vector<std::string>> named = std::nullopt;
};

/// One streaming query from its inputs to its stages: read, judge, SQL, judge, measure, write.
struct Pass {
  std::string dataset;  ///< What it yields; its checks are `checks`.
  std::vector<PassInput> inputs;
  std::string select;   ///< SQL over the inputs' names, models inlined as CTEs.
  data::Schema schema;  ///< What `select` yields.
  std::vector<Check> checks;
  std::vector<Stage> stages;  ///< Each gets the same rows. Empty: rows are only judged.
  bool row_wise = true;       ///< See SelectShape.
  bool takes_all = false;     ///< `select` is all rows of its one input, and nothing else.
  Consulted consulted;        ///< What checks of the inputs and of the output look at.
  /// Columns whose statistics are wanted; nothing: all.
  std::optional<std::vector<std::string>> measured = std::nullopt;
  std::vector<kernels::GaugeWish> gauges = {};  ///< What else set checks ask of the rows.
  /// Keys are told apart by comparing rows, slower and within any memory. Else in memory, and the
  /// pass fails where that is not enough (Session::keys_outgrew).
  bool compare_keys = false;
};

/// One check's tally.
struct CheckTally {
  std::string id;
  std::uint64_t judged = 0;
  std::uint64_t failed = 0;
  std::vector<std::string> examples;  ///< Up to three failing rows, as JSON objects.
};

/// Counts of one dataset, each taken where the thing happens.
struct DatasetCounts {
  std::string dataset;
  std::uint64_t read = 0;         ///< Records claimed (a source), or rows that came in (a model).
  std::uint64_t quarantined = 0;  ///< Rows handed to the BadRowSink and left out.
  std::uint64_t undecodable = 0;  ///< Those of them that hold something undecodable.
  /// Those of `quarantined` that stood above the records and never were to be rows: in no share.
  std::uint64_t above_records = 0;
  std::uint64_t deduplicated = 0;  ///< Rows dropped because their key is there in another row.
  std::uint64_t passed_on = 0;     ///< Rows handed on, counted on the way out.
  std::vector<CheckTally> checks;
  std::vector<std::string> said = {};  ///< As ChunkSource::said.
};

struct PassReport {
  std::vector<DatasetCounts> inputs;
  DatasetCounts output;         ///< `passed_on`: rows handed to the writers.
  kernels::Summary statistics;  ///< Of the rows handed to the writers.
  std::vector<kernels::Gauge> gauges;
  /// What `statistics` was told from, to be merged with that of other passes.
  std::shared_ptr<kernels::Statistics> gathered;
  std::uint64_t rows_written = 0;  ///< As the writer of the first stage counted.
};

struct PassProgress {
  std::string dataset;
  std::uint64_t records = 0;
  std::uint64_t bytes = 0;
  std::uint64_t bytes_total = 0;  ///< 0: unknown.
};

struct PassContext {
  Session* session = nullptr;
  BadRowSink* bad_rows = nullptr;
  const CancelToken* cancel = nullptr;
  std::size_t batch_rows = 2048;  ///< A test makes it small.
  /// Called from another thread about ten times a second while the pass runs; may be empty.
  std::function<void(const std::vector<PassProgress>&)> on_progress;
};

/// Runs it to its end.
///
/// Promise   every record of every input is handed on or handed to the BadRowSink, with its place;
///           what is counted is counted there. Source checks come before any SQL: no filter of the
///           query can hide a row from them. A source of ours is read to the end of its slice even
///           when the query stops early (LIMIT, a join with nothing), and so is every source with
///           checks that compare rows; another scan of the engine's is then read as far as the
///           query went, which only a cut can do. A dataset that the query names several times is
///           read once. Rows come in the order of an ORDER BY at the end of
///           the query, else in any. The stage files are written and closed, not fsynced.
/// Errors    those of the inputs, of the writers (disk full: external), of the SQL at run time
///           (data: "division by zero" names the model), or cancelled.
Result<PassReport> run_pass(Pass& pass, const PassContext& context);

}  // namespace leat::engine
