#include "base/names.hpp"
#include "base/utf8.hpp"
#include "config/options.hpp"
#include "connectors/files/engine_format.hpp"
#include "connectors/files/file_sink.hpp"
#include "connectors/files/json_columns.hpp"
#include "connectors/files/packed_text.hpp"
#include "connectors/files/record_count.hpp"
#include "engine/file_literal.hpp"
#include "io/compress.hpp"

namespace leat::connectors::files {
namespace {

namespace fs = std::filesystem;

/// A record of our own that is longer cannot be met any more.
constexpr std::size_t kLineBytesMax = 16 << 20;

data::Type json_type() { return {data::TypeId::json, 0, 0, {}}; }

struct CsvOptions : TextSinkOptions {
  std::string delimiter = ",";
  bool header = true;
};

const config::OptionTable<CsvOptions>& options() {
  using config::option;
  static const auto table = config::option_table<CsvOptions>({
      option("path", &CsvOptions::path, kPathSummary)
          .required()
          .length(1, 0)
          .example("out/prices.csv"),
      option("delimiter", &CsvOptions::delimiter, "One ASCII character between fields.").length(1),
      option("header", &CsvOptions::header, "Begin with a line of column names."),
      option("overwrite", &CsvOptions::overwrite, kOverwriteSummary),
      packed_option(&CsvOptions::compression),
      option("partition_by", &CsvOptions::partition_by, kPartitionSummary)
          .example(kPartitionExample),
      option("ordered", &CsvOptions::ordered, kOrderedSummary),
  });
  return table;
}

/// A null is an empty field, an empty text is "", so that both can be told apart again. Lists,
/// structs and maps are JSON, as the source reads them.
class CsvFormat final : public EngineFormat {
 public:
  CsvFormat(const CsvOptions& options, io::FileSystem& files, engine::Session& session)
      : EngineFormat(session), x_options(options), x_packed(options.packed()), x_files(files) {}

  std::string extension() const override { return packed_extension("csv", x_packed); }

  StageTarget engine_stage(const fs::path& path, const data::Schema& schema) const override {
    std::vector<std::pair<std::size_t, data::Type>> nested;
    for (std::size_t i = 0; i < schema.size(); ++i) {
      if (schema.columns[i].type.is_nested()) nested.emplace_back(i, json_type());
    }
    return StageTarget{path,
                       "csv",
                       {{"HEADER", x_options.header ? "true" : "false"},
                        {"DELIMITER", quote_literal(x_options.delimiter)},
                        {"QUOTE", "'\"'"},
                        {"ESCAPE", "'\"'"},
                        {"NULLSTR", "''"},
                        {"COMPRESSION", packed_literal(x_packed)}},
                       std::move(nested)};
  }

  Status can_meet(const data::Schema& schema) const override {
    return require_exact_json(schema, true);
  }

  Result<std::uint64_t> count_rows(const fs::path& path) const override {
    TRY(const CsvCount count, count_of(path));
    if (!x_options.header) return count.records;
    if (count.records > 0) return count.records - 1;
    return Error(Fault::internal, path.string() + " has no header line");
  }

  Status join(const fs::path& live, const fs::path& stage, const fs::path& whole) const override {
    TRY(require_packed(x_files, live, x_packed));
    TRY(const CsvCount count, count_of(stage));
    if (x_options.header) TRY(require_same_start(live, stage, count.first_end));
    TRY(auto file, x_files.open(whole, io::Open::create_new));
    TRY(io::copy_bytes(x_files, live, *file));
    const std::uint64_t header = x_options.header ? count.first_end : 0;
    if (x_packed == io::Compression::none || header == 0) {
      return io::copy_bytes(x_files, stage, *file, header);
    }
    TRY(auto text, open_text(x_files, stage, x_packed));
    std::string passed_by(header, '\0');
    TRY([[maybe_unused]] const auto size, text->read(passed_by.data(), passed_by.size()));
    return io::pack(*text, x_packed, *file);
  }

 protected:
  /// Every field as its text, or JSON: a cast is what made it.
  std::string scan(const fs::path& path, const std::vector<data::Column>& columns) const override {
    std::string texts;
    for (const data::Column& column : columns) {
      texts += (texts.empty() ? "" : ", ") + quote_literal(column.name) +
               (column.type.is_nested() ? ": 'JSON'" : ": 'VARCHAR'");
    }
    return "read_csv(" + engine::file_literal(path) +
           ", auto_detect = false, hive_partitioning = false, header = " +
           (x_options.header ? "true" : "false") +
           ", delim = " + quote_literal(x_options.delimiter) +
           R"(, quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false)"
           ", compression = " +
           packed_literal(x_packed) + ", max_line_size = " + std::to_string(kLineBytesMax) +
           ", columns = {" + texts + "})";
  }

 private:
  /// Another delimiter, or none of the names above, would part the file in two.
  Status require_same_start(const fs::path& live, const fs::path& stage, std::uint64_t size) const {
    TRY(const auto theirs, start_of(live, size));
    TRY(const auto ours, start_of(stage, size));
    if (is_same_name(theirs, ours)) return {};
    return Error(Fault::config, live.string() + " does not begin with `" + printable(ours, 200) +
                                    "`, as what is to be appended does")
        .hint("set `delimiter` and `header` as they were, or write to another file");
  }

  Result<std::string> start_of(const fs::path& path, std::uint64_t size) const {
    TRY(const auto text, open_text(x_files, path, x_packed));
    std::string start(size, '\0');
    TRY(const auto found, text->read(start.data(), size));
    start.resize(found);
    while (start.ends_with('\n') || start.ends_with('\r')) start.pop_back();
    return start;
  }

  Result<CsvCount> count_of(const fs::path& path) const {
    TRY(const auto text, open_text(x_files, path, x_packed));
    return count_csv(*text, path);
  }

  CsvOptions x_options;
  io::Compression x_packed;
  io::FileSystem& x_files;
};

class CsvSinkSpec final : public FileSinkSpec {
 public:
  explicit CsvSinkSpec(const CsvOptions& options) : FileSinkSpec(options), x_options(options) {}

  Status accepts_types(const data::Schema& schema) const override {
    return require_text_form(schema);
  }
  Status types_can_meet(const data::Schema& schema) const override {
    return require_exact_json(schema, true);
  }

 protected:
  std::string file_extension() const override {
    return packed_extension("csv", x_options.packed());
  }
  std::unique_ptr<EngineFormat> make_format(const BuildContext& context) const override {
    LEAT_ASSERT(context.session != nullptr);
    return std::make_unique<CsvFormat>(x_options, *context.files, *context.session);
  }

 private:
  CsvOptions x_options;
};

std::unique_ptr<SinkSpec> parse(const config::Node& node, config::Findings& findings) {
  auto read = config::read_options(options(), node, findings);
  if (!read) return nullptr;
  const std::size_t before = findings.size();
  finish_options(*read, node, findings);
  refuse_other_packing(*read, node, findings);
  const bool is_one_byte = read->delimiter.size() == 1;
  if (!is_one_byte || std::string_view("\"\r\n").find(read->delimiter[0]) != std::string::npos) {
    findings.add(*node.find("delimiter"), "this character cannot stand between fields",
                 "use `,`, `;`, `|` or a tab");
  }
  return findings.size() == before ? std::make_unique<CsvSinkSpec>(*read) : nullptr;
}

/// Every field as its text; the columns are called as the file calls them.
std::string read_back(const config::Node& node) {
  config::Findings ignored;
  const auto options_read = config::read_options(options(), node, ignored);
  const CsvOptions read = options_read ? *options_read : CsvOptions();
  return std::string("read_csv($, all_varchar = true, header = ") +
         (read.header ? "true" : "false") + ", delim = " + quote_literal(read.delimiter) +
         R"(, quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false)"
         ", compression = " +
         packed_literal(read.packed()) +
         ", sample_size = 1, max_line_size = " + std::to_string(kLineBytesMax) + ")";
}

}  // namespace

SinkEntry csv_sink() {
  SinkEntry entry;
  entry.name = "csv";
  entry.summary = "Publishes one CSV file.";
  entry.example = "csv: {path: out/rows.csv}";
  entry.guarantee = "exactly_once";
  entry.options = &options();
  entry.parse = parse;
  entry.rehearsal = rehearsal_of("csv", read_back);
  return entry;
}

}  // namespace leat::connectors::files
