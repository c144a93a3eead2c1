#include <charconv>

#include "base/crash_point.hpp"
#include "base/names.hpp"
#include "config/options.hpp"
#include "connectors/files/engine_format.hpp"
#include "connectors/files/file_sink.hpp"
#include "data/parquet_types.hpp"
#include "engine/file_literal.hpp"
#include "engine/session.hpp"

namespace leat::connectors::files {
namespace {

namespace fs = std::filesystem;

struct ParquetOptions : FileSinkOptions {
  std::string compression = "zstd";
  std::optional<std::int64_t> level;
  std::int64_t parquet_version = 2;
  std::int64_t row_group_rows = 122'880;
};

const config::OptionTable<ParquetOptions>& options() {
  using config::option;
  static const auto table = config::option_table<ParquetOptions>({
      option("path", &ParquetOptions::path, kPathSummary)
          .required()
          .length(1, 0)
          .example("out/prices.parquet"),
      option("compression", &ParquetOptions::compression, "How pages are compressed.")
          .choices({"zstd", "snappy", "gzip", "lz4", "brotli", "none"}),
      option("level", &ParquetOptions::level, "Of zstd; default 1, the fastest.").between(1, 22),
      option("parquet_version", &ParquetOptions::parquet_version,
             "1 for readers that do not know the encodings of 2. A file whose whole numbers of 32 "
             "bits lie 2^31 or more apart is always 1.")
          .between(1, 2),
      option("row_group_rows", &ParquetOptions::row_group_rows, "Rows a row group.")
          .between(2'048, 100'000'000),
      option("overwrite", &ParquetOptions::overwrite, kOverwriteSummary),
      option("partition_by", &ParquetOptions::partition_by, kPartitionSummary)
          .example(kPartitionExample),
      option("ordered", &ParquetOptions::ordered, kOrderedSummary),
  });
  return table;
}

constexpr const char* kVersion = "PARQUET_VERSION";

std::vector<std::pair<std::string, std::string>> copy_options(const ParquetOptions& options) {
  const bool is_zstd = options.compression == "zstd";
  const std::string codec = options.compression == "none"  ? "uncompressed"
                            : options.compression == "lz4" ? "lz4_raw"
                                                           : options.compression;
  std::vector<std::pair<std::string, std::string>> list = {
      {"COMPRESSION", "'" + codec + "'"},
      {kVersion, options.parquet_version == 1 ? "'v1'" : "'v2'"},
      {"ROW_GROUP_SIZE", std::to_string(options.row_group_rows)}};
  if (is_zstd) list.emplace_back("COMPRESSION_LEVEL", std::to_string(options.level.value_or(1)));
  return list;
}

class ParquetFormat final : public EngineFormat {
 public:
  ParquetFormat(const ParquetOptions& options, engine::Session& session)
      : EngineFormat(session), x_copy_options(copy_options(options)) {}

  std::string extension() const override { return "parquet"; }

  StageTarget engine_stage(const fs::path& path, const data::Schema& schema) const override {
    StageTarget stage{path, "parquet", x_copy_options, {}};
    for (std::size_t i = 0; i < schema.size(); ++i) {
      const auto travels = data::parquet_column_type(schema.columns[i].type);
      if (travels.ok() && *travels) stage.travels_as.emplace_back(i, **travels);
    }
    return stage;
  }

  /// In version 2 the engine writes whole numbers of 32 bits as differences. Where they lie 2^31 or
  /// more apart, those need more bits than the format has for them, and other readers give up: such
  /// a file is written again in version 1.
  Status settle(const fs::path& path) const override {
    const std::string file = engine::file_literal(path);
    const std::string span =
        "TRY_CAST(stats_max_value AS HUGEINT) - TRY_CAST(stats_min_value AS HUGEINT)";
    const std::string days =
        "TRY_CAST(stats_max_value AS DATE) - TRY_CAST(stats_min_value AS DATE)";
    TRY(const auto wide, count("parquet_metadata(" + file +
                               ") WHERE type = 'INT32' AND encodings LIKE '%DELTA%' AND "
                               "stats_min_value <> stats_max_value AND coalesce(" +
                               span + ", " + days + ", 2147483648) >= 2147483648"));
    if (wide == 0) return {};
    return write_again(path);
  }

  Result<std::uint64_t> count_rows(const fs::path& path) const override {
    TRY(const auto table, session().query("SELECT num_rows FROM parquet_file_metadata(" +
                                          engine::file_literal(path) + ")"));
    std::uint64_t rows = 0;
    const std::string text = table.rows.empty() ? "" : table.rows[0][0].value_or("");
    const auto end = std::from_chars(text.data(), text.data() + text.size(), rows);
    if (text.empty() || end.ptr != text.data() + text.size()) {
      return Error(Fault::internal, "the footer of " + path.string() + " tells no row count");
    }
    return rows;
  }

  Status join(const fs::path& live, const fs::path& stage, const fs::path& whole) const override {
    TRY(copy("(FROM " + scan(live, {}) + " UNION ALL FROM " + scan(stage, {}) + ")", whole));
    TRY(const auto rows_live, count_rows(live));
    TRY(const auto rows_stage, count_rows(stage));
    TRY(const auto rows_whole, count_rows(whole));
    if (rows_whole == rows_live + rows_stage) return {};
    return Error(Fault::internal, "rows were lost or doubled while files were joined")
        .with("live", std::to_string(rows_live))
        .with("staged", std::to_string(rows_stage))
        .with("joined", std::to_string(rows_whole));
  }

 protected:
  std::string scan(const fs::path& path, const std::vector<data::Column>&) const override {
    return "read_parquet(" + engine::file_literal(path) + ", hive_partitioning = false)";
  }

 private:
  /// In version 1, the rows in their order. The columns get other names on their way, so that none
  /// hides the number of a row.
  Status write_again(const fs::path& path) const {
    const std::string file =
        "read_parquet(" + engine::file_literal(path) + ", hive_partitioning = false)";
    TRY(const auto columns, session().query("FROM " + file + " LIMIT 0"));
    std::string numbered;
    std::string named;
    for (const auto& column : columns.schema.columns) {
      const std::string number = "c" + std::to_string(&column - columns.schema.columns.data());
      numbered += (numbered.empty() ? "" : ", ") + number;
      named += (named.empty() ? "" : ", ") + number + " AS " + quote_identifier(column.name);
    }
    TRY(
        session().execute("CREATE OR REPLACE TEMPORARY TABLE _leat_again AS SELECT *, "
                          "file_row_number AS row_at FROM " +
                          file + " AS t(" + numbered + ")"));
    crash_point("parquet.again.before");
    TRY(copy("(SELECT " + named + " FROM _leat_again ORDER BY row_at)", path, "'v1'"));
    crash_point("parquet.again.after");
    return session().execute("DROP TABLE _leat_again");
  }

  /// `version`: another one than the author's.
  Status copy(const std::string& rows, const fs::path& path,
              const std::string& version = "") const {
    std::string sql = "COPY " + rows + " TO " + quote_literal(path.string()) +
                      " (FORMAT parquet, USE_TMP_FILE false";
    for (const auto& [name, value] : x_copy_options) {
      const bool is_other = name == kVersion && !version.empty();
      sql += ", " + name + " " + (is_other ? version : value);
    }
    return session().execute(sql + ")");
  }

  std::vector<std::pair<std::string, std::string>> x_copy_options;
};

class ParquetSinkSpec final : public FileSinkSpec {
 public:
  explicit ParquetSinkSpec(const ParquetOptions& options)
      : FileSinkSpec(options), x_options(options) {}

  std::vector<std::string> changes(const data::Schema& schema) const override {
    std::vector<std::string> changed;
    for (const data::Column& column : schema.columns) {
      const auto travels = data::parquet_column_type(column.type);
      if (!travels.ok() || !*travels) continue;
      changed.push_back("column `" + column.name + "` of type " + data::sql_of(column.type) +
                        " becomes " + data::sql_of(**travels) + " in Parquet");
    }
    return changed;
  }

  Status accepts_types(const data::Schema& schema) const override {
    for (const data::Column& column : schema.columns) {
      auto travels = data::parquet_column_type(column.type);
      if (!travels.ok()) return std::move(travels).error().during("in column " + column.name);
    }
    return {};
  }

 protected:
  std::string file_extension() const override { return "parquet"; }
  std::unique_ptr<EngineFormat> make_format(const BuildContext& context) const override {
    LEAT_ASSERT(context.session != nullptr);
    return std::make_unique<ParquetFormat>(x_options, *context.session);
  }

 private:
  ParquetOptions x_options;
};

std::unique_ptr<SinkSpec> parse(const config::Node& node, config::Findings& findings) {
  auto read = config::read_options(options(), node, findings);
  if (!read) return nullptr;
  const std::size_t before = findings.size();
  finish_options(*read, node, findings);
  if (read->level && read->compression != "zstd") {
    findings.add(*node.find("level"), "`level` is for zstd", "leave it out");
  }
  return findings.size() == before ? std::make_unique<ParquetSinkSpec>(*read) : nullptr;
}

}  // namespace

SinkEntry parquet_sink() {
  SinkEntry entry;
  entry.name = "parquet";
  entry.summary = "Publishes one Parquet file.";
  entry.example = "parquet: {path: out/rows.parquet}";
  entry.guarantee = "exactly_once";
  entry.options = &options();
  entry.parse = parse;
  entry.rehearsal = rehearsal_of("parquet", [](const auto&) { return "read_parquet($)"; });
  return entry;
}

}  // namespace leat::connectors::files
