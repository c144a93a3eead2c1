#include "base/shell_word.hpp"
#include "config/options.hpp"
#include "connectors/files/row_file_sink.hpp"
#include "connectors/files/text_columns.hpp"
#include "connectors/files/xlsx_writer.hpp"
#include "clients/zip/archive.hpp"

namespace leat::connectors::files {
namespace {

namespace fs = std::filesystem;

using XlsxOptions = FileSinkOptions;

const config::OptionTable<XlsxOptions>& options() {
  using config::option;
  static const auto table = config::option_table<XlsxOptions>({
      option("path", &XlsxOptions::path, kOneFilePathSummary)
          .required()
          .length(1, 0)
          .example("out/prices.xlsx"),
      option("overwrite", &XlsxOptions::overwrite, kOverwriteSummary),
      option("ordered", &XlsxOptions::ordered, kOrderedSummary),
  });
  return table;
}

/// What deflate makes of nothing but zeros is 1,032 times as small.
constexpr std::uint64_t kRatioMax = 1'100;

Result<std::uint64_t> count_in(io::ByteStream& sheet) {
  constexpr std::string_view kRow = "<row r=";
  std::uint64_t rows = 0;
  std::string text;
  while (true) {
    const auto kept = text.size();
    text.resize(kept + (1 << 18));
    TRY(const auto got, sheet.read(text.data() + kept, text.size() - kept));
    text.resize(kept + got);
    if (got == 0) return rows;
    for (auto at = text.find(kRow); at != std::string::npos; at = text.find(kRow, at + 1)) ++rows;
    text.erase(0, text.size() - std::min(text.size(), kRow.size() - 1));
  }
}

class XlsxFormat final : public RowFileFormat {
 public:
  using RowFileFormat::RowFileFormat;

  std::string extension() const override { return "xlsx"; }

  Stage stage_at(const fs::path& path, const data::Schema& schema) override {
    data::Schema travelling;
    auto stage = stage_of(schema, text_travel_type, travelling);
    x_writer.emplace(files(), path, schema);
    stage.writer = &*x_writer;
    return stage;
  }

  std::string how_to_look(const std::string& shown) const override {
    return "leat preview " + shell_word("xlsx:" + shown);
  }

  /// Below the header. A text has no `<` in a sheet, so that the marks of rows are those of rows.
  Result<std::uint64_t> count_rows(const fs::path& path) const override {
    TRY(auto file, files().open(path, io::Open::read));
    TRY(const auto archive, zip::Archive::open(std::move(file)));
    io::RatioLimit limit;
    limit.ratio_max = kRatioMax;
    TRY(const auto sheet, archive->entry("xl/worksheets/sheet1.xml", limit));
    TRY(const auto rows, count_in(*sheet));
    return rows > 0 ? rows - 1 : 0;
  }

  Status join(const fs::path&, const fs::path&, const fs::path&) const override {
    return Error(Fault::internal, "rows were to be appended to a workbook");
  }

 private:
  std::optional<ChunksToXlsx> x_writer;
};

class XlsxSinkSpec final : public RowFileSinkSpec {
 public:
  using RowFileSinkSpec::RowFileSinkSpec;

  bool supports(Strategy strategy) const override { return strategy == Strategy::replace; }

  Status accepts(const data::Schema& schema) const override {
    TRY(RowFileSinkSpec::accepts(schema));
    for (const auto& column : schema.columns) {
      if (sheet_characters(column.name) <= kXlsxCharactersMax) continue;
      return Error(Fault::config, "the name of column `" + column.name.substr(0, 40) +
                                      "…` is longer than the 32,767 characters of a cell")
          .hint("rename it in a model");
    }
    if (schema.size() <= kXlsxColumnsMax) return {};
    return Error(Fault::config,
                 "a sheet holds 16,384 columns, and these are " + std::to_string(schema.size()))
        .hint("choose some in a model, or publish to csv or parquet");
  }

 protected:
  std::unique_ptr<file_target::Format> make_format(const BuildContext& context) const override {
    return std::make_unique<XlsxFormat>(*context.files);
  }
};

std::unique_ptr<SinkSpec> parse(const config::Node& node, config::Findings& findings) {
  return parse_row_file_sink<XlsxSinkSpec>(options(), node, findings);
}

}  // namespace

SinkEntry xlsx_sink() {
  SinkEntry entry;
  entry.name = "xlsx";
  entry.summary = "Publishes one Excel workbook with one sheet, whole.";
  entry.example = "xlsx: {path: out/rows.xlsx}";
  entry.guarantee = "exactly_once";
  entry.options = &options();
  entry.parse = parse;
  entry.rehearsal = {.redirect = with_path_in, .source = "xlsx"};
  return entry;
}

}  // namespace leat::connectors::files
