#include "config/options.hpp"
#include "connectors/files/file_source.hpp"
#include "connectors/files/listed_source.hpp"
#include "connectors/files/xlsx_file.hpp"

namespace leat::connectors::files {
namespace {

enum class OnCellError { quarantine, null };

struct XlsxOptions {
  std::vector<std::string> path;
  std::string sheet;
  std::string range;
  std::int64_t skip = 0;
  bool header = true;
  DeclaredColumns columns;
  OnCellError errors = OnCellError::quarantine;
  std::int64_t max_compression_ratio = 200;
};

const config::OptionTable<XlsxOptions>& options() {
  using config::option;
  static const auto table = config::option_table<XlsxOptions>({
      files_option(&XlsxOptions::path, "data/*.xlsx"),
      option("sheet", &XlsxOptions::sheet, "Name of the sheet; not given: the first.")
          .length(1, 0)
          .example("\"2024\""),
      option("range", &XlsxOptions::range, "Cells that are looked at; not given: all.")
          .example("B3:F100"),
      option("skip", &XlsxOptions::skip, "Rows to pass by at the top of the sheet or range.")
          .between(0, 1'048'576),
      option("header", &XlsxOptions::header,
             "The first row holds the names of columns. Without one, declared columns are taken "
             "in their order, and others are called by their letters."),
      option("columns", &XlsxOptions::columns,
             "Name and type of each column to read. Not given: the columns of the first rows.")
          .example("{id: bigint, day: date}"),
      option("errors", &XlsxOptions::errors,
             "A cell that holds an error of the sheet (#N/A) sets its row aside, or is null.",
             {{"quarantine", OnCellError::quarantine}, {"null", OnCellError::null}}),
      option("max_compression_ratio", &XlsxOptions::max_compression_ratio,
             "A part that unpacks to more than 100 MB and this many times its size is refused.")
          .between(1, 1'000'000'000),
  });
  return table;
}

class XlsxFormat final : public RecordFormat {
 public:
  explicit XlsxFormat(XlsxPlan plan) : x_plan(std::move(plan)) {}

  Result<data::Schema> look(const BuildContext& context,
                            const std::vector<file_list::ListedFile>& listed) const override {
    return sniff_xlsx(*context.files, listed, x_plan.shape);
  }
  std::string raw_form() const override { return kRawRecord; }
  Result<std::unique_ptr<RecordFile>> open(io::FileSystem& files,
                                           const file_list::ListedFile& listed,
                                           const RecordColumns& columns) const override {
    auto file = std::make_unique<XlsxFile>(x_plan, columns);
    TRY(file->open(files, listed));
    return std::unique_ptr<RecordFile>(std::move(file));
  }

 private:
  XlsxPlan x_plan;
};

/// "B3:F100", "B3", "B:F", "3:100".
bool read_range(std::string_view range, XlsxShape& shape) {
  const auto colon = range.find(':');
  const auto read = [](std::string_view text) -> std::optional<XlsxPlace> {
    return parse_place(text);
  };
  const auto first = read(range.substr(0, colon));
  if (!first) return false;
  const auto last = colon == std::string_view::npos ? std::optional<XlsxPlace>(XlsxPlace{})
                                                    : read(range.substr(colon + 1));
  if (!last) return false;
  shape.first_column = first->column;
  shape.last_column = last->column;
  if (first->row > 0) shape.first_row = first->row;
  if (last->row > 0) shape.last_row = last->row;
  const bool are_columns_good =
      shape.last_column.value_or(UINT32_MAX) >= shape.first_column.value_or(0);
  return are_columns_good && shape.last_row >= shape.first_row;
}

std::unique_ptr<SourceSpec> parse(const config::Node& node, config::Findings& findings) {
  const auto read = config::read_options(options(), node, findings);
  if (!read) return nullptr;
  const std::size_t before = findings.size();
  ListedSettings settings;
  XlsxPlan plan;
  settings.paths = read->path;
  settings.declared = read_declared(read->columns, "a workbook", findings);
  settings.is_guessed = true;
  settings.part = read->sheet + (read->range.empty() ? "" : "!" + read->range);
  plan.is_declared = settings.declared.has_value();
  if (!read->range.empty() && !read_range(read->range, plan.shape)) {
    findings.add(*node.find("range"), "`" + read->range + "` is no range of cells",
                 "range: B3:F100, B:F or \"3:100\"");
  }
  plan.shape.sheet = read->sheet;
  plan.shape.first_row += static_cast<std::uint64_t>(read->skip);
  plan.shape.has_header = read->header;
  plan.shape.errors_are_null = read->errors == OnCellError::null;
  plan.shape.limit.ratio_max = static_cast<std::uint64_t>(read->max_compression_ratio);
  if (findings.size() != before) return nullptr;
  settings.format = std::make_shared<XlsxFormat>(std::move(plan));
  return listed_source(std::move(settings));
}

}  // namespace

SourceEntry xlsx_source() {
  SourceEntry entry;
  entry.name = "xlsx";
  entry.summary = "Rows of a sheet of Excel workbooks.";
  entry.example = "xlsx: {path: data/*.xlsx, sheet: prices, columns: {id: bigint, day: date}}";
  entry.replay = Replay::exact;
  entry.options = &options();
  entry.parse = parse;
  return entry;
}

}  // namespace leat::connectors::files
