#include "run/replay_rows.hpp"

#include <duckdb.h>

#include <algorithm>
#include <atomic>

#include "base/names.hpp"
#include "engine/engine_table.hpp"
#include "run/json_texts.hpp"
#include "run/segment_sql.hpp"
#include "run/spool_record.hpp"
#include "run/spool_stream.hpp"

namespace leat::run {

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t kPageRows = 10'000;
constexpr char kMark = '\x1f';
constexpr const char* kCellMark = "=";

/// Columns of a page before the cells.
enum Column {
  kRow,
  kFile,
  kRecord,
  kLine,
  kOffset,
  kChecks,
  kRaw,
  kBytes,
  kForm,
  kValues,
  kMissing,
  kCells
};

std::uint64_t number_of(const std::optional<std::string>& text) {
  return text ? std::stoull(*text) : 0;
}

int digit_of(char c) { return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10; }

std::string bytes_of(const std::string& hex) {
  std::string out;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    out += char(digit_of(hex[i]) * 16 + digit_of(hex[i + 1]));
  }
  return out;
}

std::vector<std::string> parts(const std::string& text) {
  std::vector<std::string> out;
  for (std::size_t at = 0; at <= text.size();) {
    const auto end = std::min(text.find(kMark, at), text.size());
    out.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return out;
}

bool is_cut_short(const std::string& raw) {
  return raw.ends_with(" bytes in all)") && raw.find("… (") != std::string::npos;
}

/// Takes rows page by page and sorts them into two spools.
class Collector {
 public:
  Collector(engine::Session& session, io::FileSystem& files, const fs::path& folder,
            const data::Schema& columns, const ReadsTextsOf& reads_texts, const RowChoice& choice)
      : x_session(session),
        x_files(files),
        x_columns(columns),
        x_reads_texts(reads_texts),
        x_choice(choice) {
    x_rows.texts = folder / "texts.spool";
    x_rows.cells = folder / "cells.spool";
  }

  Result<ReplayRows> collect(const std::vector<StandingSegment>& segments) {
    TRY(x_cell_list, cell_list());
    TRY(x_files.remove(x_rows.texts));
    TRY(x_files.remove(x_rows.cells));
    TRY(x_texts, x_files.open(x_rows.texts, io::Open::create_new));
    TRY(x_cells, x_files.open(x_rows.cells, io::Open::create_new));
    for (const auto& segment : segments) {
      if (auto done = add(segment); !done.ok()) {
        return std::move(done).error().during("while reading " + segment.path.string());
      }
    }
    return std::move(x_rows);
  }

 private:
  Status add(const StandingSegment& segment) {
    TRY(x_acts, read_acts(x_files, segment.path));
    TRY(load_patches());
    x_rows.taken.push_back({segment.path, segment.publish_id, {}});
    SegmentPart part{segment.path, segment.publish_id, segment.replayed};
    part.left_out.add(x_acts.dropped.ranges());
    const auto from = page_sql(part);
    TRY(const auto size, x_session.query("SELECT coalesce(max(file_row_number) + 1, 0) FROM " +
                                         segment_rows_sql({part})));
    const auto end = number_of(size.rows.at(0).at(0));
    for (std::uint64_t at = 0; at < end; at += kPageRows) {
      TRY(const auto page,
          x_session.query(from + " WHERE file_row_number >= " + std::to_string(at) +
                          " AND file_row_number < " + std::to_string(at + kPageRows) +
                          " ORDER BY file_row_number"));
      for (const auto& row : page.rows) take(row);
      TRY(flush());
    }
    return {};
  }

  Status load_patches() {
    TRY(
        x_session.execute("CREATE OR REPLACE TEMP TABLE leat_patches (leat_row BIGINT,"
                          " leat_values VARCHAR)"));
    std::string values;
    for (const auto& [row, text] : x_acts.patched) {
      values +=
          (values.empty() ? "(" : ", (") + std::to_string(row) + ", " + quote_literal(text) + ")";
    }
    if (values.empty()) return {};
    return x_session.execute("INSERT INTO leat_patches VALUES " + values);
  }

  /// How the columns are told as texts.
  Result<std::string> cell_list() const {
    TRY(const auto table, engine::EngineTable::make(x_session, "cells", x_columns));
    std::string list;
    for (std::size_t i = 0; i < x_columns.size(); ++i) {
      list += ", " + cell_of_json("leat_object", x_columns.columns[i].name, table.types()[i]);
    }
    return list;
  }

  std::string page_sql(const SegmentPart& part) const {
    const std::string object =
        "CAST(CASE WHEN leat_values IS NOT NULL THEN leat_values WHEN raw_form = 'columns' AND"
        " json_valid(raw) THEN raw END AS JSON)";
    return "SELECT file_row_number, file, record_no, line_no, byte_offset, array_to_string("
           "failed_checks, chr(31)), raw, hex(raw_bytes), raw_form, leat_values, " +
           lost_list() + x_cell_list + " FROM (SELECT *, " + object + " AS leat_object FROM " +
           segment_rows_sql({part}) + " LEFT JOIN leat_patches ON leat_row = file_row_number)";
  }

  /// SQL: the columns that a row was set aside, or patched, without.
  std::string lost_list() const {
    if (!x_choice.is_computed) return "''";
    std::string names;
    for (const auto& name : x_columns.names()) {
      names += (names.empty() ? "" : ", ") + quote_literal(name);
    }
    return "CASE WHEN leat_object IS NULL THEN '' ELSE array_to_string([n || ',' FOR n IN [" +
           names + "] IF NOT list_contains(json_keys(leat_object), n)], '') END";
  }

  /// Why the values of a row cannot be told; empty: they can.
  std::string unreadable(const engine::TextRow& row, const std::vector<std::string>& failed) const {
    if (const auto lost = row[kMissing].value_or(""); !lost.empty()) {
      return "it was set aside without `" + lost.substr(0, lost.find(',')) +
             "`, which `leat quarantine patch` can give it";
    }
    if (row[kValues]) return "";
    const auto form = row[kForm].value_or("");
    const auto raw = row[kRaw].value_or("");
    if (form.empty()) return "an older version of leat has set it aside";
    if (is_cut_short(raw)) return "only the beginning of its text was kept";
    if (form.starts_with(kRawFields)) {
      return x_reads_texts(row[kFile].value_or("")) ? ""
                                                    : "its text cannot be read without its file";
    }
    if (form != kRawColumns) return "its text cannot be read without its file";
    const bool is_decoded = std::find(failed.begin(), failed.end(), "decode") == failed.end();
    return is_decoded ? "" : "a value that could not be read was not kept";
  }

  bool is_meant(const std::vector<std::string>& failed) const {
    const auto is_wanted = [&](const std::string& check) { return check == x_choice.check; };
    if (!x_choice.check.empty() && std::none_of(failed.begin(), failed.end(), is_wanted)) {
      return false;
    }
    const auto is_of_other = [&](const std::string& check) {
      return check.starts_with("refused(") && check != "refused(" + x_choice.sink + ")";
    };
    return x_choice.sink.empty() || std::none_of(failed.begin(), failed.end(), is_of_other);
  }

  void take(const engine::TextRow& row) {
    const auto failed = parts(row[kChecks].value_or(""));
    if (!is_meant(failed)) return;
    auto why = unreadable(row, failed);
    if (!why.empty() && !x_choice.takes_unreadable) {
      ++x_rows.left[std::move(why)];
      return;
    }
    const auto number = number_of(row[kRow]);
    const std::pair place{std::uint32_t(x_rows.taken.size() - 1), number};
    x_rows.taken.back().rows.add(number);
    BadRow record;
    record.file = row[kFile].value_or("");
    record.record = number_of(row[kRecord]);
    record.line = number_of(row[kLine]);
    record.byte_offset = number_of(row[kOffset]);
    record.raw = row[kBytes] ? bytes_of(*row[kBytes]) : row[kRaw].value_or("");
    record.raw_form = row[kForm].value_or("");
    if (!row[kValues] && why.empty() && record.raw_form.starts_with(kRawFields)) {
      append_record(x_text_buffer, record);
      ++x_rows.text_rows;
      x_rows.text_places.push_back(place);
      return;
    }
    // The cells travel in the place of the checks; those that are null have no mark.
    for (std::size_t i = kCells; i < row.size(); ++i) {
      record.failed_checks.push_back(row[i] ? kCellMark + *row[i] : "");
    }
    if (row[kValues]) {
      record.raw = *row[kValues];
      ++x_rows.patched_rows;
    }
    append_record(x_cell_buffer, record);
    ++x_rows.cell_rows;
    x_rows.cell_places.push_back(place);
    const bool is_lost = !why.empty() && row[kForm] != kRawColumns && !row[kValues];
    x_rows.cell_lost.push_back(is_lost ? kAllLost : row[kMissing].value_or(""));
  }

  Status flush() {
    TRY(x_texts->append(x_text_buffer));
    TRY(x_cells->append(x_cell_buffer));
    x_text_buffer.clear();
    x_cell_buffer.clear();
    return {};
  }

  engine::Session& x_session;
  io::FileSystem& x_files;
  const data::Schema& x_columns;
  const ReadsTextsOf& x_reads_texts;
  const RowChoice& x_choice;
  std::string x_cell_list;
  ReplayRows x_rows;
  QuarantineActs x_acts;
  std::unique_ptr<io::File> x_texts;
  std::unique_ptr<io::File> x_cells;
  std::string x_text_buffer;
  std::string x_cell_buffer;
};

/// Rows whose columns are told as texts, for one thread.
class CellReader final : public ChunkReader {
 public:
  CellReader(std::unique_ptr<SpoolStream> rows, std::vector<std::string>& files,
             std::atomic<std::uint64_t>& claimed)
      : x_rows(std::move(rows)), x_files(files), x_claimed(claimed) {}

  Result<std::uint32_t> next(RowBatch& batch) override {
    batch.places.clear();
    batch.faults.clear();
    x_raw.clear();
    BadRow row;
    while (x_raw.size() < batch.rows_max) {
      TRY(const bool has_more, x_rows->next(row));
      if (!has_more) break;
      put_cells(batch, std::uint32_t(x_raw.size()), row.failed_checks);
      batch.places.push_back({row.record, row.line, row.byte_offset, number_of_file(row.file)});
      x_raw.push_back(std::move(row.raw));
    }
    x_claimed += x_raw.size();
    return std::uint32_t(x_raw.size());
  }

  std::string raw(std::uint32_t row) const override { return x_raw.at(row); }

 private:
  static void put_cells(RowBatch& batch, std::uint32_t row, const std::vector<std::string>& cells) {
    for (std::size_t i = 0; i < cells.size(); ++i) {
      auto* const vector = batch.columns[i];
      if (vector == nullptr) continue;
      if (cells[i].empty()) {
        duckdb_vector_ensure_validity_writable(vector);
        duckdb_validity_set_row_invalid(duckdb_vector_get_validity(vector), row);
      } else {
        duckdb_vector_assign_string_element_len(vector, row, cells[i].data() + 1,
                                                cells[i].size() - 1);
      }
    }
  }

  std::uint32_t number_of_file(const std::string& name) {
    auto found = std::find(x_files.begin(), x_files.end(), name);
    if (found == x_files.end()) found = x_files.insert(found, name);
    return std::uint32_t(found - x_files.begin());
  }

  std::unique_ptr<SpoolStream> x_rows;
  std::vector<std::string>& x_files;
  std::atomic<std::uint64_t>& x_claimed;
  std::vector<std::string> x_raw;
};

class CellSource final : public ChunkSource {
 public:
  explicit CellSource(std::unique_ptr<SpoolStream> rows) : x_rows(std::move(rows)) {}

  std::size_t threads_max() const override { return 1; }
  Result<std::unique_ptr<ChunkReader>> make_reader(const std::vector<bool>&) override {
    return std::unique_ptr<ChunkReader>(
        std::make_unique<CellReader>(std::move(x_rows), x_files, x_claimed));
  }
  std::uint64_t records_claimed() const override { return x_claimed; }
  std::uint64_t bytes_claimed() const override { return 0; }
  std::uint64_t bytes_total() const override { return 0; }
  std::string file_name(std::uint32_t file) const override { return x_files.at(file); }
  Status verify_unchanged() const override { return {}; }

 private:
  std::unique_ptr<SpoolStream> x_rows;
  std::vector<std::string> x_files;
  std::atomic<std::uint64_t> x_claimed{0};
};

}  // namespace

Result<ReplayRows> collect_rows(engine::Session& session, io::FileSystem& files,
                                const fs::path& folder,
                                const std::vector<StandingSegment>& segments,
                                const data::Schema& columns, const ReadsTextsOf& reads_texts,
                                const RowChoice& choice) {
  TRY(files.create_folders(folder));
  return Collector(session, files, folder, columns, reads_texts, choice).collect(segments);
}

Result<NextRecord> next_text(io::FileSystem& files, const ReplayRows& rows) {
  TRY(auto opened, SpoolStream::open(files, rows.texts));
  const std::shared_ptr<SpoolStream> stream = std::move(opened);
  return NextRecord([stream, row = BadRow()](RecordText& record) mutable -> Result<bool> {
    TRY(const bool has_more, stream->next(row));
    if (!has_more) return false;
    record = {std::move(row.file),
              {row.record, row.line, row.byte_offset, 0},
              std::move(row.raw_form),
              std::move(row.raw)};
    return true;
  });
}

Result<std::unique_ptr<ChunkSource>> read_cells(io::FileSystem& files, const ReplayRows& rows) {
  TRY(auto stream, SpoolStream::open(files, rows.cells));
  return std::unique_ptr<ChunkSource>(std::make_unique<CellSource>(std::move(stream)));
}

}  // namespace leat::run
