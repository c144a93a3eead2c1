#pragma once

#include <filesystem>
#include <memory>
#include <mutex>

#include "clients/sqlite/database.hpp"
#include "core/chunk_writer.hpp"
#include "data/schema.hpp"

namespace leat::connectors::sqlite {

/// The schema under which a stage is attached, its table, and the columns of that: "c0", "c1",
/// without types.
inline constexpr const char* kStageSchema = "leat_stage";
inline constexpr const char* kStageTable = "staged";
std::string stage_column(std::size_t index);

/// Writes a stage: a SQLite file of its own with one table.
///
/// Threads   as ChunkWriter; one hand writes at a time.
/// Errors    data  NaN, which SQLite would make a null.
class StageFile final : public ChunkWriter {
 public:
  /// Makes the file anew. Its rows are not durable before it is fsynced.
  static Result<std::unique_ptr<StageFile>> create(const std::filesystem::path& path,
                                                   const data::Schema& schema);
  StageFile(leat::sqlite::Database database, leat::sqlite::Statement insert, data::Schema schema)
      : x_database(std::move(database)), x_insert(std::move(insert)), x_schema(std::move(schema)) {}

  Result<std::unique_ptr<Hand>> open_hand() override;
  Result<std::uint64_t> finish() override;

 private:
  class OneHand;

  Status write(std::span<const data::ColumnView> columns, std::uint32_t rows);
  Status write_row(std::span<const data::ColumnView> columns, std::uint32_t row);

  leat::sqlite::Database x_database;
  leat::sqlite::Statement x_insert;  ///< Destroyed before the database that it belongs to.
  data::Schema x_schema;
  std::mutex x_mutex;
  std::uint64_t x_rows = 0;
};

/// How many rows lie in a stage. Errors: external, it is no stage.
Result<std::uint64_t> count_staged(const std::filesystem::path& path);

}  // namespace leat::connectors::sqlite
