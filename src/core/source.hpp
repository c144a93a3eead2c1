#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "base/cancel.hpp"
#include "base/result.hpp"
#include "core/bad_row.hpp"
#include "core/position.hpp"
#include "data/row_place.hpp"
#include "data/schema.hpp"

namespace leat {

/// How well a source can be read again. Decides what guarantee its path can give.
enum class Replay {
  exact,     ///< The same position yields the same rows, as long as the other side holds them.
  snapshot,  ///< The whole can be read again, but may have changed.
  none,      ///< What was read is gone.
};

/// One record that could not become a row.
struct RowFault {
  std::uint32_t row = 0;          ///< Index in the batch.
  std::string column;             ///< Empty when the record as a whole is broken.
  std::string message;            ///< "`n/a` is not a DATE"
  bool is_above_records = false;  ///< It never was to be a row: a title, a label.
};

/// What one call of ChunkReader::next delivers.
///
/// Shape    `columns[i]` is the engine's flat vector for column i of the source's schema, or null
///          when nobody wants that column. Up to 2048 rows. A row with a fault still has its place
///          and its raw text; its undecodable cells are null.
struct RowBatch {
  std::span<const duckdb_vector> columns;
  std::vector<data::RowPlace> places;  ///< One a row.
  std::vector<RowFault> faults;        ///< In order of `row`; several may name the same row.
  std::uint32_t rows_max = 2048;       ///< At most so many are wanted.
};

/// One thread's hand on a source that is read by our own code.
///
/// Calls     `next` until it returns 0, then the destructor.
/// Threads   one thread a reader; several readers of one ChunkSource at a time.
/// Promise   long strings point into memory that stays as it is until the next-but-one `next`.
/// Errors    external and internal stop the run. data never comes from here: broken records travel
///           as faults.
class ChunkReader {
 public:
  virtual ~ChunkReader() = default;
  virtual Result<std::uint32_t> next(RowBatch& batch) = 0;
  /// The text of a row of the last batch as it stood in the source; for rows that never were text,
  /// a JSON object.
  virtual std::string raw(std::uint32_t row) const = 0;
};

/// A slice that is read by our own code rather than by a scan of the engine.
class ChunkSource {
 public:
  virtual ~ChunkSource() = default;
  virtual std::size_t threads_max() const = 0;
  /// `wanted[i]`: column i of the schema is asked for. Called once a thread.
  virtual Result<std::unique_ptr<ChunkReader>> make_reader(const std::vector<bool>& wanted) = 0;
  /// Records taken from the source so far, counted where they are claimed. Any thread.
  virtual std::uint64_t records_claimed() const = 0;
  /// Bytes taken so far, and in all (0: unknown). Any thread; for progress.
  virtual std::uint64_t bytes_claimed() const = 0;
  virtual std::uint64_t bytes_total() const = 0;
  /// Name of the file that `RowPlace::file` means; empty when there are no files.
  virtual std::string file_name(std::uint32_t file) const = 0;
  /// What `ChunkReader::raw` tells of rows of that file: kRawColumns, kRawRecord or kRawFields with
  /// names. Any thread that has read a row of it.
  virtual std::string raw_form(std::uint32_t file) const {
    static_cast<void>(file);
    return kRawColumns;
  }
  /// Called once when all readers are done: says whether what was read changed meanwhile.
  virtual Status verify_unchanged() const = 0;
  /// What people should know of what was read. Called once when all readers are done.
  virtual std::vector<std::string> said() const { return {}; }
};

/// What is known of the values of one column before any is read.
struct ColumnFacts {
  bool has_nulls = true;  ///< False: none is null.
  /// SQL literals of the column's type: its least and its greatest value, or bounds beyond them;
  /// NaN lies where it will. Empty: each value is null. Nothing: it is not known.
  std::optional<std::vector<std::string>> bounds;
};

/// Facts of these columns over all rows of a slice, in their order. They are never estimates.
using TellFacts =
    std::function<Result<std::vector<ColumnFacts>>(const std::vector<std::string>& columns)>;

/// A slice that the engine reads well by itself.
struct EngineScan {
  std::string from_sql;  ///< A table expression: "read_parquet(['a.parquet'], …)".
  /// SQL expressions over it that tell a row's place; empty when it cannot tell.
  std::string file_sql;        ///< varchar: the file.
  std::string record_sql;      ///< bigint: number of the record, from 1.
  std::string order_sql = {};  ///< bigint: number of the file in the order of reading.
  std::string fault_sql = {};  ///< varchar: why a row cannot be read; null where it can.
  TellFacts facts = {};        ///< Empty: nothing is known.
};

using SliceRead = std::variant<EngineScan, std::unique_ptr<ChunkSource>>;

/// A bounded piece of a source's stream, with the position after it.
struct Slice {
  Position after;           ///< As far as it is known before its rows are read.
  std::string description;  ///< "6 files, 4.8 MB": for people.
  std::string spec;         ///< For the source alone: what to read. JSON.
  bool more = false;        ///< Another slice is known to follow.
};

/// What a source may need from the run around it.
struct ReadContext {
  const CancelToken* cancel = nullptr;
  std::size_t threads = 1;
  std::size_t block_bytes = 1 << 20;  ///< Of our own readers; a test makes it small.
};

/// A record by itself, as `ChunkReader::raw` told it, with where it stood.
struct RecordText {
  std::string file;
  data::RowPlace place;  ///< Without the number of its file.
  std::string form;      ///< As ChunkSource::raw_form told it.
  std::string text;
};

/// Puts the next one into `record`; false at the end. One thread.
using NextRecord = std::function<Result<bool>(RecordText& record)>;

/// A source, opened.
///
/// Calls     `next_slice` with a position, then `read` of that slice, any number of times; then
///           `position_after`.
/// Threads   one at a time.
/// Promise   reading a slice yields exactly the rows after the given position, for as long as the
///           other side still holds them. Positions are written by `position_of`, so that others
///           can tell what was read; one that names these inputs is gone on from, of whatever
///           source it is.
/// Errors    config    what is asked for is not there (file, column); the position is of another
///                     kind of source.
///           external  cannot be reached now; what was read has changed.
class Source {
 public:
  virtual ~Source() = default;
  /// Declared or sniffed. Touches local files at most; never the network.
  virtual Result<data::Schema> schema() = 0;
  /// Nothing when there is nothing after `from`. With `from` at the start and no limits it is
  /// everything.
  virtual Result<std::optional<Slice>> next_slice(const Position& from,
                                                  const SliceLimits& limits) = 0;
  virtual Result<SliceRead> read(const Slice& slice, const ReadContext& context) = 0;
  /// Where a slice whose rows were all read has left the source, with what only its bytes tell;
  /// they may have been looked at while rows were read.
  virtual Result<Position> position_after(const Slice& slice) { return slice.after; }
  /// Reads records of kRawFields again, by their texts alone, as `read` would have read them in
  /// their files. `columns` are those of the source. Null: it has no such records.
  virtual Result<std::unique_ptr<ChunkSource>> read_texts(NextRecord next,
                                                          const data::Schema& columns,
                                                          const ReadContext& context) {
    static_cast<void>(next);
    static_cast<void>(columns);
    static_cast<void>(context);
    return std::unique_ptr<ChunkSource>();
  }
  /// What people should know of the slices that were looked for since it was last asked.
  virtual std::vector<std::string> take_warnings() { return {}; }
};

}  // namespace leat
