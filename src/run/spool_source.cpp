#include "run/spool_source.hpp"

#include <atomic>

#include "base/utf8.hpp"
#include "run/spool_record.hpp"
#include "run/spool_stream.hpp"

namespace leat::run {
namespace {

using data::TypeId;

void put(duckdb_vector vector, std::uint32_t row, std::string_view text) {
  if (vector) duckdb_vector_assign_string_element_len(vector, row, text.data(), text.size());
}

/// True where it could be shown as it is.
bool put_shown(duckdb_vector vector, std::uint32_t row, std::string_view bytes) {
  const bool is_text = is_valid_utf8(bytes);
  put(vector, row, is_text ? bytes : std::string_view(escape_invalid_utf8(bytes)));
  return is_text;
}

void put_place(duckdb_vector vector, std::uint32_t row, std::uint64_t number) {
  if (!vector) return;
  static_cast<std::int64_t*>(duckdb_vector_get_data(vector))[row] = std::int64_t(number);
  if (number == 0) {
    duckdb_vector_ensure_validity_writable(vector);
    duckdb_validity_set_row_invalid(duckdb_vector_get_validity(vector), row);
  }
}

void put_null(duckdb_vector vector, std::uint32_t row) {
  if (!vector) return;
  duckdb_vector_ensure_validity_writable(vector);
  duckdb_validity_set_row_invalid(duckdb_vector_get_validity(vector), row);
}

std::string joined(const std::vector<std::string>& checks) {
  std::string out;
  for (const auto& check : checks) out += (out.empty() ? "" : "\x1f") + check;
  return out;
}

class SpoolReader final : public ChunkReader {
 public:
  SpoolReader(std::unique_ptr<SpoolStream> stream, std::string dataset, SegmentStamp stamp,
              std::atomic<std::uint64_t>& claimed)
      : x_stream(std::move(stream)),
        x_dataset(std::move(dataset)),
        x_pipeline(std::move(stamp.pipeline)),
        x_run_id(stamp.run_id.text()),
        x_publish_id(stamp.publish_id.text()),
        x_claimed(claimed) {}

  Result<std::uint32_t> next(RowBatch& batch) override {
    std::uint32_t rows = 0;
    while (rows < batch.rows_max) {
      TRY(const bool has_more, x_stream->next(x_row));
      if (!has_more) break;
      write(batch, rows++);
    }
    x_claimed += rows;
    batch.places.assign(rows, {});
    batch.faults.clear();
    return rows;
  }

  std::string raw(std::uint32_t) const override { return {}; }

 private:
  void write(RowBatch& batch, std::uint32_t row) {
    const auto& columns = batch.columns;
    put(columns[0], row, x_pipeline);
    put(columns[1], row, x_dataset);
    put(columns[2], row, x_run_id);
    put(columns[3], row, x_publish_id);
    if (x_row.file.empty()) {
      put_null(columns[4], row);
    } else {
      put_shown(columns[4], row, x_row.file);
    }
    put_place(columns[5], row, x_row.record);
    put_place(columns[6], row, x_row.line);
    put_place(columns[7], row, x_row.line == 0 ? 0 : x_row.byte_offset + 1);
    put(columns[8], row, joined(x_row.failed_checks));
    put_shown(columns[9], row, x_row.message);
    if (put_shown(columns[10], row, x_row.raw)) {
      put_null(columns[11], row);
    } else {
      put(columns[11], row, x_row.raw);
    }
    put_shown(columns[12], row, x_row.raw_form);
  }

  std::unique_ptr<SpoolStream> x_stream;
  std::string x_dataset;
  std::string x_pipeline;
  std::string x_run_id;
  std::string x_publish_id;
  std::atomic<std::uint64_t>& x_claimed;
  BadRow x_row;
};

class SpoolSource final : public ChunkSource {
 public:
  SpoolSource(std::unique_ptr<SpoolStream> stream, std::string dataset, SegmentStamp stamp)
      : x_stream(std::move(stream)), x_dataset(std::move(dataset)), x_stamp(std::move(stamp)) {}

  std::size_t threads_max() const override { return 1; }
  Result<std::unique_ptr<ChunkReader>> make_reader(const std::vector<bool>&) override {
    return std::unique_ptr<ChunkReader>(std::make_unique<SpoolReader>(
        std::move(x_stream), std::move(x_dataset), std::move(x_stamp), x_claimed));
  }
  std::uint64_t records_claimed() const override { return x_claimed; }
  std::uint64_t bytes_claimed() const override { return 0; }
  std::uint64_t bytes_total() const override { return 0; }
  std::string file_name(std::uint32_t) const override { return {}; }
  Status verify_unchanged() const override { return {}; }

 private:
  std::unique_ptr<SpoolStream> x_stream;
  std::string x_dataset;
  SegmentStamp x_stamp;
  std::atomic<std::uint64_t> x_claimed{0};
};

}  // namespace

data::Schema spool_schema() {
  const auto column = [](const char* name, TypeId id) {
    return data::Column{name, {id, 0, 0, {}}, true};
  };
  return {{column("pipeline", TypeId::varchar), column("dataset", TypeId::varchar),
           column("run_id", TypeId::varchar), column("publish_id", TypeId::varchar),
           column("file", TypeId::varchar), column("record_no", TypeId::int64),
           column("line_no", TypeId::int64), column("byte_offset", TypeId::int64),
           column("failed_checks", TypeId::varchar), column("message", TypeId::varchar),
           column("raw", TypeId::varchar), column("raw_bytes", TypeId::blob),
           column("raw_form", TypeId::varchar)}};
}

Result<std::unique_ptr<ChunkSource>> open_spool(io::FileSystem& files,
                                                const std::filesystem::path& path,
                                                const std::string& dataset,
                                                const SegmentStamp& stamp) {
  TRY(auto stream, SpoolStream::open(files, path));
  return std::unique_ptr<ChunkSource>(
      std::make_unique<SpoolSource>(std::move(stream), dataset, stamp));
}

}  // namespace leat::run
