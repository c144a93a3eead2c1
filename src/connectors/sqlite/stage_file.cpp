#include "connectors/sqlite/stage_file.hpp"

#include <cmath>
#include <utility>

namespace leat::connectors::sqlite {
namespace {

using data::ColumnView;
using data::TypeId;
using leat::sqlite::Access;
using leat::sqlite::execute;

int bind_real(sqlite3_stmt* insert, int at, double value) {
  // SQLite would take it for a null.
  if (std::isnan(value)) return SQLITE_MISMATCH;
  return sqlite3_bind_double(insert, at, value);
}

/// Binds one value, which is not null, as the type that it travels as.
int bind_value(sqlite3_stmt* insert, int at, const ColumnView& column, std::uint32_t row) {
  switch (column.id) {
    case TypeId::boolean: return sqlite3_bind_int(insert, at, column.as<bool>()[row]);
    case TypeId::int8: return sqlite3_bind_int(insert, at, column.as<std::int8_t>()[row]);
    case TypeId::int16: return sqlite3_bind_int(insert, at, column.as<std::int16_t>()[row]);
    case TypeId::int32: return sqlite3_bind_int(insert, at, column.as<std::int32_t>()[row]);
    case TypeId::int64: return sqlite3_bind_int64(insert, at, column.as<std::int64_t>()[row]);
    case TypeId::uint8: return sqlite3_bind_int(insert, at, column.as<std::uint8_t>()[row]);
    case TypeId::uint16: return sqlite3_bind_int(insert, at, column.as<std::uint16_t>()[row]);
    case TypeId::uint32: return sqlite3_bind_int64(insert, at, column.as<std::uint32_t>()[row]);
    case TypeId::float32: return bind_real(insert, at, double(column.as<float>()[row]));
    case TypeId::float64: return bind_real(insert, at, column.as<double>()[row]);
    case TypeId::blob: {
      const auto bytes = column.text(row);
      return sqlite3_bind_blob64(insert, at, bytes.data(), bytes.size(), SQLITE_STATIC);
    }
    default: {
      const auto text = column.text(row);
      return sqlite3_bind_text64(insert, at, text.data(), text.size(), SQLITE_STATIC, SQLITE_UTF8);
    }
  }
}

std::string create_table(std::size_t columns) {
  std::string names;
  for (std::size_t i = 0; i < columns; ++i) names += (i > 0 ? ", " : "") + stage_column(i);
  return std::string("CREATE TABLE ") + kStageTable + " (" + names + ")";
}

std::string insert_row(std::size_t columns) {
  std::string marks;
  for (std::size_t i = 0; i < columns; ++i) marks += i > 0 ? ", ?" : "?";
  return std::string("INSERT INTO ") + kStageTable + " VALUES (" + marks + ")";
}

}  // namespace

std::string stage_column(std::size_t index) { return "c" + std::to_string(index); }

class StageFile::OneHand final : public Hand {
 public:
  explicit OneHand(StageFile& file) : x_file(file) {}
  Status write(std::span<const ColumnView> columns, std::uint32_t rows) override {
    return x_file.write(columns, rows);
  }
  Status finish() override { return {}; }

 private:
  StageFile& x_file;
};

Result<std::unique_ptr<StageFile>> StageFile::create(const std::filesystem::path& path,
                                                     const data::Schema& schema) {
  TRY(auto database, leat::sqlite::open_database(path, Access::create));
  // A stage that a crash broke is thrown away, so it needs no way back; `seal` makes it durable.
  for (const char* setting : {"PRAGMA journal_mode=OFF", "PRAGMA synchronous=OFF",
                              "PRAGMA locking_mode=EXCLUSIVE", "BEGIN EXCLUSIVE"}) {
    TRY(execute(database.get(), setting));
  }
  TRY(execute(database.get(), create_table(schema.size())));
  TRY(auto insert, leat::sqlite::prepare(database.get(), insert_row(schema.size())));
  return std::make_unique<StageFile>(std::move(database), std::move(insert), schema);
}

Result<std::unique_ptr<ChunkWriter::Hand>> StageFile::open_hand() {
  return std::unique_ptr<Hand>(std::make_unique<OneHand>(*this));
}

Status StageFile::write(std::span<const ColumnView> columns, std::uint32_t rows) {
  const std::lock_guard lock(x_mutex);
  for (std::uint32_t row = 0; row < rows; ++row) TRY(write_row(columns, row));
  x_rows += rows;
  return {};
}

Status StageFile::write_row(std::span<const ColumnView> columns, std::uint32_t row) {
  auto* insert = x_insert.get();
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const int at = static_cast<int>(i) + 1;
    const int code = columns[i].is_valid(row) ? bind_value(insert, at, columns[i], row)
                                              : sqlite3_bind_null(insert, at);
    if (code == SQLITE_OK) continue;
    const auto& name = x_schema.columns[i].name;
    if (code == SQLITE_MISMATCH) {
      return Error(Fault::data, "SQLite has no NaN, and column `" + name + "` holds one")
          .hint("replace it in the model: CASE WHEN NOT isnan(" + name + ") THEN " + name + " END");
    }
    return leat::sqlite::failure(x_database.get(), code).with("column", name);
  }
  const int code = sqlite3_step(insert);
  if (code != SQLITE_DONE) return leat::sqlite::failure(x_database.get(), code);
  sqlite3_reset(insert);
  return {};
}

Result<std::uint64_t> StageFile::finish() {
  TRY(execute(x_database.get(), "COMMIT"));
  x_insert.reset();
  x_database.reset();
  return x_rows;
}

Result<std::uint64_t> count_staged(const std::filesystem::path& path) {
  TRY(const auto database, leat::sqlite::open_database(path, Access::look));
  TRY(const auto rows,
      leat::sqlite::query(database.get(), std::string("SELECT count(*) FROM ") + kStageTable));
  return std::uint64_t(std::stoull(rows.at(0).at(0)));
}

}  // namespace leat::connectors::sqlite
