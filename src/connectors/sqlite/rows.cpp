#include "connectors/sqlite/rows.hpp"

#include <algorithm>
#include <atomic>
#include <nlohmann/json.hpp>

#include "connectors/sqlite/row_reader.hpp"

namespace leat::connectors::sqlite {
namespace {

constexpr int kStepsBetweenLooks = 10'000;

class Rows final : public ChunkSource {
 public:
  Rows(OpenRead read, data::Schema schema, std::string shown, const CancelToken* cancel,
       KeepStored keep)
      : x_read(std::move(read)),
        x_schema(std::move(schema)),
        x_shown(std::move(shown)),
        x_cancel(cancel),
        x_keep(std::move(keep)) {
    sqlite3_progress_handler(x_read.database.get(), kStepsBetweenLooks, is_cancelled, this);
  }

  std::size_t threads_max() const override { return 1; }
  Result<std::unique_ptr<ChunkReader>> make_reader(const std::vector<bool>& wanted) override;
  std::uint64_t records_claimed() const override { return x_rows; }
  std::uint64_t bytes_claimed() const override { return 0; }
  std::uint64_t bytes_total() const override { return 0; }
  std::string file_name(std::uint32_t) const override { return x_shown; }
  Status verify_unchanged() const override { return {}; }  // One SELECT sees one state.

 private:
  class Reader;

  static int is_cancelled(void* self) {
    const auto* token = static_cast<Rows*>(self)->x_cancel;
    return token != nullptr && token->requested() ? 1 : 0;
  }

  OpenRead x_read;
  data::Schema x_schema;
  std::string x_shown;
  const CancelToken* x_cancel;
  KeepStored x_keep;
  std::atomic<std::uint64_t> x_rows{0};
  bool x_is_done = false;
};

class Rows::Reader final : public ChunkReader {
 public:
  Reader(Rows& source, const std::vector<bool>& wanted) : x_source(source), x_wanted(wanted) {
    for (const auto& column : source.x_schema.columns) x_columns.emplace_back(column);
  }

  Result<std::uint32_t> next(RowBatch& batch) override {
    batch.places.clear();
    batch.faults.clear();
    x_current = 1 - x_current;
    x_arenas[x_current].clear();
    for (auto& column : x_columns) column.clear();
    std::uint32_t rows = 0;
    while (rows < batch.rows_max && !x_source.x_is_done) {
      TRY(const bool has_row, step());
      if (!has_row) break;
      if (take_row(batch, rows)) ++rows;
    }
    if (rows == 0) return rows;
    for (std::size_t i = 0; i < x_columns.size(); ++i) {
      if (!x_wanted[i] || batch.columns[i] == nullptr) continue;
      x_columns[i].decode(batch.columns[i], x_arenas[x_current], batch.faults);
    }
    std::stable_sort(batch.faults.begin(), batch.faults.end(),
                     [](const RowFault& a, const RowFault& b) { return a.row < b.row; });
    return rows;
  }

  std::string raw(std::uint32_t row) const override {
    std::string text = "{";
    for (const auto& column : x_columns) {
      const auto name = nlohmann::json(column.described().name);
      text += (text.size() > 1 ? "," : "") +
              name.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + ":" +
              column.json(row);
    }
    return text + "}";
  }

 private:
  Result<bool> step() {
    const int code = sqlite3_step(x_source.x_read.select.get());
    if (code == SQLITE_ROW) return true;
    x_source.x_is_done = true;
    if (code == SQLITE_DONE) return false;
    if (code == SQLITE_INTERRUPT) {
      return Error(Fault::external, "reading was stopped").cancelled();
    }
    return leat::sqlite::failure(x_source.x_read.database.get(), code)
        .with("file", x_source.x_shown);
  }

  /// False: it is not read.
  bool take_row(RowBatch& batch, std::uint32_t row) {
    auto* select = x_source.x_read.select.get();
    for (std::size_t i = 0; i < x_columns.size(); ++i) {
      x_columns[i].take(select, static_cast<int>(i), x_arenas[x_current]);
    }
    if (x_source.x_keep && !is_kept(row)) {
      for (auto& column : x_columns) column.drop_last();
      return false;
    }
    const std::uint64_t count = ++x_source.x_rows;
    std::uint64_t record = count;
    if (x_source.x_read.has_rowid) {
      const auto rowid = sqlite3_column_int64(select, static_cast<int>(x_columns.size()));
      record = rowid > 0 ? static_cast<std::uint64_t>(rowid) : 0;
    }
    batch.places.push_back({record, 0, 0, 0});
    return true;
  }

  bool is_kept(std::uint32_t row) {
    x_stored.clear();
    for (const auto& column : x_columns) x_stored.push_back(column.stored(row));
    return x_source.x_keep(x_stored);
  }

  Rows& x_source;
  std::vector<bool> x_wanted;
  std::vector<StoredColumn> x_columns;
  std::vector<std::string> x_stored;  ///< Of one row.
  text_values::Arena x_arenas[2];
  std::size_t x_current = 0;
};

Result<std::unique_ptr<ChunkReader>> Rows::make_reader(const std::vector<bool>& wanted) {
  return std::unique_ptr<ChunkReader>(std::make_unique<Reader>(*this, wanted));
}

}  // namespace

std::unique_ptr<ChunkSource> step_rows(OpenRead read, data::Schema schema, std::string shown,
                                       const CancelToken* cancel, KeepStored keep) {
  return std::make_unique<Rows>(std::move(read), std::move(schema), std::move(shown), cancel,
                                std::move(keep));
}

}  // namespace leat::connectors::sqlite
