#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "core/bad_row.hpp"
#include "core/source.hpp"
#include "engine/compiled_check.hpp"
#include "engine/pass.hpp"

namespace leat::engine {

/// Rows as a judge meets them.
struct JudgedRows {
  std::span<const duckdb_vector> vectors;  ///< Flat, by column; null where nobody asked for it.
  std::uint32_t rows = 0;
  std::span<const RowFault> faults = {};
  std::span<const duckdb_vector> verdicts = {};  ///< Of a second look: flat booleans.
};

/// Tells where a row came from and how it looked there. Asked about bad rows only.
class RowOrigin {
 public:
  virtual ~RowOrigin() = default;
  /// Fills in the place, and `raw` where the row was a text; returns whether it was.
  virtual bool describe(std::uint32_t row, BadRow& bad) const = 0;
};

class LocalJudge;

/// The row checks of one dataset. Every row of the pass meets them here: behind our own readers,
/// in the barrier behind the engine's scans, and before the writers.
///
/// Calls     `open_local` once a thread; `finish` once, when no thread judges any more.
/// Threads   `open_local` any; a local judge one.
class Judge {
 public:
  static Result<std::unique_ptr<Judge>> make(OpenSession& session, std::string dataset,
                                             const data::Schema& schema,
                                             const std::vector<Check>& checks, BadRowSink* bad_rows,
                                             Look look = Look::first);
  /// Calls     through `make`, which also compiles the checks.
  Judge(std::string dataset, const data::Schema& schema, EngineTable table)
      : x_dataset(std::move(dataset)),
        x_schema(schema),
        x_table(std::move(table)),
        x_hidden(schema.size()) {}
  ~Judge();

  const std::string& dataset() const { return x_dataset; }
  const data::Schema& schema() const { return x_schema; }
  const EngineTable& table() const { return x_table; }
  const std::vector<CompiledCheck>& checks() const { return x_checks; }
  BadRowSink* bad_rows() const { return x_bad_rows; }
  /// From now on no message, example or raw text shows values of these columns. Once, before
  /// anybody judges.
  void hide(const std::vector<std::string>& columns);
  bool hides() const { return x_hides; }
  bool is_hidden(std::size_t column) const { return x_hidden[column]; }
  /// By column: do the checks look at it?
  std::vector<bool> reads() const;
  Result<LocalJudge*> open_local();
  /// Hands over what is still buffered and adds everything up: `read` is rows met, `passed_on`
  /// rows that stayed.
  Result<DatasetCounts> finish();

 private:
  Status count_keys(DatasetCounts& total);
  Result<std::string> key_json(const CompiledCheck& check, const std::vector<char>& key) const;

  std::string x_dataset;
  data::Schema x_schema;
  EngineTable x_table;
  std::vector<CompiledCheck> x_checks;
  BadRowSink* x_bad_rows = nullptr;
  bool x_hides = false;
  std::vector<bool> x_hidden;  ///< By column.
  std::mutex x_mutex;
  std::vector<std::unique_ptr<LocalJudge>> x_locals;
};

/// One thread's hand on a judge.
class LocalJudge {
 public:
  static Result<std::unique_ptr<LocalJudge>> open(const Judge& judge);
  /// Calls     through `open`, which also prepares it.
  explicit LocalJudge(const Judge& judge);

  /// Judges rows, sets the bad ones aside and returns how many stay. When some go, `kept` lists
  /// those that stay; when none goes it is left as it is.
  Result<std::uint32_t> judge(const JudgedRows& rows, const RowOrigin& origin, std::uint32_t* kept);
  Status flush();
  /// Rows set aside so far and tallies; `read` and `passed_on` are rows met and rows that stayed.
  const DatasetCounts& counts() const { return x_counts; }
  const CheckTally& decode_tally() const { return x_decode; }
  /// The columns of the rows judged last.
  std::span<const data::ColumnView> views() const { return x_views; }

 private:
  struct Runs {
    std::optional<BoundCondition::Run> sql;
    std::optional<BoundCondition::Run> where;
  };

  /// Rows that a condition could not be asked about, and why.
  using Broken = std::map<std::uint32_t, std::string>;

  void look_at(const JudgedRows& rows);
  void mark_faults(const JudgedRows& rows);
  Status judge_check(std::size_t index, const JudgedRows& rows);
  void leave_out_faults(const CompiledCheck& check, RowBits& judged) const;
  Status restrict_to_where(std::size_t index, const JudgedRows& rows, RowBits& judged);
  Status find_failures(std::size_t index, const JudgedRows& rows, const RowBits& judged);
  void find_verdicts(std::size_t index, const JudgedRows& rows, RowBits& judged);
  Status find_duplicates(std::size_t index, const JudgedRows& rows, RowBits& judged);
  Status give_examples(CheckTally& tally, const RowBits& fails, const JudgedRows& rows) const;
  Status set_aside(const JudgedRows& rows, const RowOrigin& origin);
  Result<BadRow> bad_row(std::uint32_t row, const JudgedRows& rows, const RowOrigin& origin) const;
  std::string message(std::size_t index, std::uint32_t row, const JudgedRows& rows) const;
  Result<std::string> row_json(std::uint32_t row, const JudgedRows& rows) const;

  const Judge& x_judge;
  leat_table x_table;
  std::vector<Runs> x_runs;
  std::vector<kernels::KeyCount::Hand*> x_hands;  ///< By check; null where it counts no keys.
  std::vector<data::ColumnView> x_views;
  std::vector<data::ColumnView> x_key;
  std::vector<RowBits> x_fails;  ///< By check, of this chunk.
  std::vector<Broken> x_broken;  ///< Likewise.
  ConditionAnswer x_answer;
  RowBits x_bad;      ///< Rows of this chunk that are set aside.
  RowBits x_dropped;  ///< Rows of this chunk that leave as duplicates.
  RowBits x_faulty;
  RowBits x_above;  ///< Those of them that stood above the records.
  /// Cells of this chunk that could not be decoded; no column: the row as a whole.
  std::vector<std::pair<std::uint32_t, std::optional<std::size_t>>> x_lost_cells;
  std::vector<BadRow> x_buffer;
  std::size_t x_buffer_bytes = 0;
  DatasetCounts x_counts;
  CheckTally x_decode;
};

}  // namespace leat::engine
