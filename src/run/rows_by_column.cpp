#include "run/rows_by_column.hpp"

#include <duckdb.h>

#include <algorithm>

#include "run/pass_build.hpp"
#include "run/replay_source.hpp"
#include "run/segment_sql.hpp"

namespace leat::run {
namespace {

/// What is told of each row beside its columns, in the order of reading.
struct RowMark {
  std::string publish_id;
  std::uint64_t row = 0;
  std::string lost = {};
};

void put_mark(duckdb_vector vector, std::uint32_t row, const std::string& text) {
  if (vector) duckdb_vector_assign_string_element_len(vector, row, text.data(), text.size());
}

/// Rows with their marks in three more columns, and no faults.
class MarkedReader final : public ChunkReader {
 public:
  MarkedReader(std::unique_ptr<ChunkReader> reader, const std::vector<RowMark>& marks,
               std::size_t columns)
      : x_reader(std::move(reader)), x_marks(marks), x_columns(columns) {}

  Result<std::uint32_t> next(RowBatch& batch) override {
    const auto all = batch.columns;
    batch.columns = all.first(x_columns);
    auto read = x_reader->next(batch);
    batch.columns = all;
    TRY(const auto rows, std::move(read));
    std::vector<std::string> lost(rows);
    for (const auto& fault : batch.faults) {
      auto& of_row = lost[fault.row];
      if (fault.column.empty()) of_row = kAllLost;
      if (of_row != kAllLost) of_row += fault.column + ",";
    }
    for (std::uint32_t row = 0; row < rows; ++row) {
      const auto& mark = x_marks.at(x_at++);
      put_mark(all[x_columns], row, mark.publish_id);
      if (auto* numbers = all[x_columns + 1]) {
        static_cast<std::int64_t*>(duckdb_vector_get_data(numbers))[row] = std::int64_t(mark.row);
      }
      const bool is_all = mark.lost == kAllLost || lost[row] == kAllLost;
      put_mark(all[x_columns + 2], row, is_all ? kAllLost : mark.lost + lost[row]);
    }
    batch.faults.clear();
    return rows;
  }
  std::string raw(std::uint32_t row) const override { return x_reader->raw(row); }

 private:
  std::unique_ptr<ChunkReader> x_reader;
  const std::vector<RowMark>& x_marks;
  std::size_t x_columns;
  std::size_t x_at = 0;
};

class MarkedChunks final : public ChunkSource {
 public:
  MarkedChunks(std::unique_ptr<ChunkSource> chunks, std::vector<RowMark> marks, std::size_t columns)
      : x_chunks(std::move(chunks)), x_marks(std::move(marks)), x_columns(columns) {}

  std::size_t threads_max() const override { return 1; }
  Result<std::unique_ptr<ChunkReader>> make_reader(const std::vector<bool>&) override {
    TRY(auto reader, x_chunks->make_reader(std::vector<bool>(x_columns, true)));
    return std::unique_ptr<ChunkReader>(
        std::make_unique<MarkedReader>(std::move(reader), x_marks, x_columns));
  }
  std::uint64_t records_claimed() const override { return x_chunks->records_claimed(); }
  std::uint64_t bytes_claimed() const override { return 0; }
  std::uint64_t bytes_total() const override { return 0; }
  std::string file_name(std::uint32_t file) const override { return x_chunks->file_name(file); }
  Status verify_unchanged() const override { return {}; }

 private:
  std::unique_ptr<ChunkSource> x_chunks;
  std::vector<RowMark> x_marks;
  std::size_t x_columns;
};

std::vector<RowMark> marks_of(const ReplayRows& rows) {
  std::vector<RowMark> marks;
  for (const auto& [segment, row] : rows.text_places) {
    marks.push_back({rows.taken[segment].publish_id, row});
  }
  for (std::size_t i = 0; i < rows.cell_places.size(); ++i) {
    const auto& [segment, row] = rows.cell_places[i];
    marks.push_back({rows.taken[segment].publish_id, row, rows.cell_lost[i]});
  }
  return marks;
}

data::Schema with_marks(data::Schema columns) {
  const data::Type text{data::TypeId::varchar, 0, 0, {}};
  columns.columns.push_back({kOfPublish, text, true});
  columns.columns.push_back({kRowNo, {data::TypeId::int64, 0, 0, {}}, true});
  columns.columns.push_back({kLost, text, true});
  return columns;
}

}  // namespace

Result<RowsByColumn> rows_by_column(LiveRun& run, const plan::Plan& whole,
                                    const plan::SourceNode* node, const data::Schema& columns,
                                    const std::vector<StandingSegment>& segments,
                                    const std::string& check) {
  std::vector<std::filesystem::path> paths;
  for (const auto& segment : segments) paths.push_back(segment.path);
  TRY(const auto texts, reads_texts(run, whole, node, paths));
  const RowChoice choice{check, "", true, node == nullptr};
  TRY(const auto rows,
      collect_rows(*run.session, *run.services.files, run.workspace->scratch() / "rows", segments,
                   columns, texts, choice));
  TRY(auto chunks, read_again(run, node, rows, columns));
  const auto schema = with_marks(columns);
  engine::Pass pass;
  pass.dataset = "leat_rows";
  pass.inputs.push_back(
      {"leat_in",
       schema,
       SliceRead(std::make_unique<MarkedChunks>(std::move(chunks), marks_of(rows), columns.size())),
       {},
       true});
  pass.select = "SELECT * FROM leat_in";
  pass.schema = schema;
  TRY(auto spool, make_spool(run, "leat_rows", schema));
  pass.stages.push_back(spool);
  engine::PassContext context;
  context.session = run.session.get();
  TRY(const auto report, engine::run_pass(pass, context));
  if (report.rows_written != rows.rows()) {
    return Error(Fault::internal, "rows of the quarantine were lost on the way")
        .with("taken", std::to_string(rows.rows()))
        .with("read", std::to_string(report.rows_written));
  }
  std::vector<SegmentPart> parts;
  for (const auto& taken : rows.taken) parts.push_back({taken.path, taken.publish_id, {}});
  RowsByColumn out;
  out.rows = rows.rows();
  out.from_sql = "(SELECT * EXCLUDE (leat_of, leat_no) FROM " + read_spool(spool, schema).from_sql +
                 " JOIN (SELECT publish_id AS leat_of, file_row_number AS leat_no, {'file': file,"
                 " 'record_no': record_no, 'line_no': line_no, 'failed_checks': failed_checks,"
                 " 'message': message, 'raw': raw} AS quarantine FROM " +
                 segment_rows_sql(parts) + ") ON leat_of = leat_publish AND leat_no = leat_row)";
  return out;
}

}  // namespace leat::run
