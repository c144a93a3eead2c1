#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/source.hpp"
#include "engine/session.hpp"
#include "io/files.hpp"
#include "run/standing_rows.hpp"

namespace leat::run {

/// Which rows of the segments are meant, beside those that stand.
struct RowChoice {
  std::string check;  ///< Only rows that failed this one; empty: all.
  std::string sink;   ///< Rows that another sink's target refused are not meant; empty: they are.
  /// Rows whose values cannot be told are taken, too: they come without.
  bool takes_unreadable = false;
  /// SQL computes the columns: what a row was set aside without is not null, but unknown.
  bool is_computed = false;
};

inline constexpr const char* kAllLost = "*";

/// A segment and the rows of it that were taken, in the order of reading.
struct TakenRows {
  std::filesystem::path path;
  std::string publish_id;
  RowRanges rows;
};

/// Rows of segments on their way back into a dataset, on disk.
///
/// Shape    of two kinds: texts of fields, which the source's own reader reads again, and rows
///          whose columns are told one by one, as texts: those that a JSON object was kept of, and
///          those that were patched.
struct ReplayRows {
  std::filesystem::path texts;
  std::filesystem::path cells;
  std::uint64_t text_rows = 0;
  std::uint64_t cell_rows = 0;
  std::uint64_t patched_rows = 0;
  std::vector<TakenRows> taken;
  /// Rows that stay where they are, by the reason.
  std::map<std::string, std::uint64_t> left;
  /// Segment (an index into `taken`) and number of each row, texts before cells.
  std::vector<std::pair<std::uint32_t, std::uint64_t>> text_places;
  std::vector<std::pair<std::uint32_t, std::uint64_t>> cell_places;
  /// By cell row: columns that cannot be told, a comma behind each; kAllLost: none can.
  std::vector<std::string> cell_lost;

  std::uint64_t rows() const { return text_rows + cell_rows; }
};

/// Can texts of fields that stood in this file be read again?
using ReadsTextsOf = std::function<bool(const std::string& file)>;

/// Writes the rows of the segments that are meant into two files below `folder`.
///
/// `columns`: of the dataset, as its checks meet them.
Result<ReplayRows> collect_rows(engine::Session& session, io::FileSystem& files,
                                const std::filesystem::path& folder,
                                const std::vector<StandingSegment>& segments,
                                const data::Schema& columns, const ReadsTextsOf& reads_texts,
                                const RowChoice& choice);

/// The records of `rows.texts`, one after the other.
Result<NextRecord> next_text(io::FileSystem& files, const ReplayRows& rows);

/// The rows of `rows.cells`, every column a text.
Result<std::unique_ptr<ChunkSource>> read_cells(io::FileSystem& files, const ReplayRows& rows);

}  // namespace leat::run
