#include <algorithm>
#include <array>
#include <utility>

#include "base/names.hpp"
#include "clients/file_list/file_list.hpp"
#include "clients/parquet_levels/verify.hpp"
#include "config/options.hpp"
#include "connectors/files/file_source.hpp"
#include "engine/file_literal.hpp"
#include "engine/session.hpp"

namespace leat::connectors::files {
namespace {

using file_list::FileList;
using file_list::ListedFile;

struct ParquetOptions {
  std::vector<std::string> path;
  std::vector<std::string> columns;
  const config::Node* hive = nullptr;
  bool is_hive = false;                ///< What `hive` says.
  std::vector<data::Column> in_names;  ///< Columns of folders' names that are no text.
};

const config::OptionTable<ParquetOptions>& options() {
  using config::later;
  using config::option;
  static const auto table = config::option_table<ParquetOptions>({
      option("path", &ParquetOptions::path, "Files, wildcards or a list of them.")
          .required()
          .items(1)
          .length(1, 0)
          .example("data/*.parquet"),
      option("columns", &ParquetOptions::columns, "Names of the columns to read; default: all.")
          .example("[id, name]"),
      option("hive", &ParquetOptions::hive,
             "Folders are called column=value, and are columns too: `true` for texts, or their "
             "types by name.")
          .example("{year: int, symbol: string}"),
  });
  return table;
}

/// Before the engine sees it: says which file, and what it is instead.
Status require_parquet(io::FileSystem& files, const ListedFile& listed) {
  constexpr std::string_view kMagic = "PAR1";
  constexpr std::string_view kEncrypted = "PARE";
  constexpr std::uint64_t kBytesMin = 12;
  TRY(auto file, files.open(listed.path, io::Open::read));
  std::array<char, 4> head{};
  std::array<char, 4> tail{};
  TRY(file->read_at(0, head.data(), head.size()));
  if (listed.size >= kBytesMin) {
    TRY(file->read_at(listed.size - tail.size(), tail.data(), tail.size()));
  }
  const std::string_view first(head.data(), head.size());
  const std::string_view last(tail.data(), tail.size());
  if (first == kMagic && last == kMagic) return {};
  if (last == kEncrypted) {
    return Error(Fault::config, listed.name + " is encrypted, which cannot be read");
  }
  if (first == kMagic) {
    return Error(Fault::external, listed.name + " has no end: it was cut off, or is being written")
        .hint("fetch it again, or wait until it is whole");
  }
  return Error(Fault::config, listed.name + " is not a Parquet file")
      .hint("name the connector that reads it: `csv`, `json`");
}

/// The engine believes what a file says of its nested columns, so it is checked before.
Status require_levels(io::FileSystem& files, const ListedFile& listed, const CancelToken* cancel) {
  TRY(auto file, files.open(listed.path, io::Open::read));
  auto verified = parquet_levels::verify_levels(*file, listed.size, cancel);
  if (verified.ok()) return {};
  return std::move(verified).error().during("while reading " + listed.name);
}

/// Reads the columns of the first file from all files, which must have them; the engine's own scan.
class ParquetSource final : public Source {
 public:
  ParquetSource(const ParquetOptions& options, const BuildContext& context)
      : x_options(options),
        x_context(context),
        x_list(*context.files, context.root, options.path) {}

  Result<data::Schema> schema() override {
    if (x_schema) return *x_schema;
    TRY(const auto listed, x_list.all());
    if (listed.empty()) {
      return Error(Fault::config, "no file matches " + join_names(x_options.path, " or "))
          .hint("its columns are read from the first file, so there must be one");
    }
    TRY(require_parquet(*x_context.files, listed[0]));
    std::string columns;
    for (const std::string& name : x_options.columns) {
      columns += (columns.empty() ? "" : ", ") + quote_identifier(name);
    }
    auto found = x_context.session->describe("SELECT " + (columns.empty() ? "*" : columns) +
                                             " FROM read_parquet(" +
                                             engine::file_literal(listed[0].path) + hive() + ")");
    if (!found.ok()) return std::move(found).error().during("while reading " + listed[0].name);
    x_schema = std::move(found).value();
    TRY(take_types(listed[0]));
    return *x_schema;
  }

  Result<std::optional<Slice>> next_slice(const Position& from,
                                          const SliceLimits& limits) override {
    return x_list.next_slice(from, limits);
  }

  Result<SliceRead> read(const Slice& slice, const ReadContext& context) override {
    TRY(const data::Schema columns, schema());
    TRY(const auto listed, x_list.files_of(slice));
    std::vector<std::filesystem::path> paths;
    for (const ListedFile& file : listed) {
      TRY(require_parquet(*x_context.files, file));
      TRY(require_levels(*x_context.files, file, context.cancel));
      paths.push_back(file.path);
    }
    if (paths.size() > 1) TRY(require_alike(columns, listed, paths));
    return SliceRead(scan(columns, paths));
  }

 private:
  /// The engine would take folders' names for columns unasked, and guess their types.
  std::string hive() const {
    return x_options.is_hive ? ", hive_partitioning = true, hive_types_autocast = false"
                             : ", hive_partitioning = false";
  }

  /// The engine reads all files as the first one. What it could not read so is told by file and
  /// column: one file of each form is looked at.
  Status require_alike(const data::Schema& schema, const std::vector<ListedFile>& listed,
                       const std::vector<std::filesystem::path>& paths) const {
    TRY(const auto forms,
        x_context.session->query(
            "SELECT min(file_name) FROM (SELECT file_name, string_agg(concat_ws(' ', name, type,"
            " type_length, repetition_type, num_children, converted_type, scale, \"precision\","
            " logical_type), ',') AS form FROM parquet_schema(" +
            engine::file_literal(paths) + ") GROUP BY file_name) GROUP BY form"));
    for (const ListedFile& file : listed) {
      const bool is_one = std::any_of(forms.rows.begin(), forms.rows.end(), [&](const auto& row) {
        return row[0] == file.path.string();
      });
      if (is_one && forms.rows.size() > 1) TRY(require_readable(schema, listed[0], file));
    }
    return {};
  }

  Status require_readable(const data::Schema& schema, const ListedFile& first,
                          const ListedFile& file) const {
    auto found = x_context.session->describe("SELECT * FROM read_parquet(" +
                                             engine::file_literal(file.path) + hive() + ")");
    if (!found.ok()) return std::move(found).error().during("while reading " + file.name);
    for (const data::Column& column : schema.columns) {
      const auto at = found->find(column.name);
      if (!at) {
        return Error(Fault::config, file.name + " has no column `" + column.name + "`, which " +
                                        first.name + " has")
            .hint(
                "name the columns that all files have in `columns`, or read such files by a "
                "source of their own");
      }
      const data::Type& type = found->columns[*at].type;
      const bool is_in_name = std::any_of(
          x_options.in_names.begin(), x_options.in_names.end(),
          [&](const data::Column& other) { return to_lower(other.name) == to_lower(column.name); });
      if (is_in_name || type == column.type) continue;
      if (type.is_numeric() && column.type.is_numeric()) continue;
      return Error(Fault::config, "column `" + column.name + "` of " + file.name + " is " +
                                      data::sql_of(type) + ", that of " + first.name + " is " +
                                      data::sql_of(column.type))
          .hint(
              "read such files by a source of their own, and bring both together in a model that "
              "casts one");
    }
    return {};
  }

  Status take_types(const ListedFile& first) {
    for (const data::Column& column : x_options.in_names) {
      TRY(file_list::folder_value(first, column.name));
      const auto index = x_schema->find(column.name);
      if (index) x_schema->columns[*index].type = column.type;
    }
    return {};
  }

  /// The columns as the types of the schema, with the place of each row beside them.
  EngineScan scan(const data::Schema& schema,
                  const std::vector<std::filesystem::path>& paths) const {
    std::string columns;
    for (const data::Column& column : schema.columns) {
      const std::string name = quote_identifier(column.name);
      columns += (columns.empty() ? "" : ", ") + ("CAST(" + name) + " AS " +
                 data::sql_of(column.type) + ") AS " + name;
    }
    EngineScan scan;
    const std::string from = " FROM read_parquet(" + engine::file_literal(paths) + hive() + ")";
    // A file's own columns of these names hide what the engine tells.
    const bool tells = !schema.find("filename") && !schema.find("file_row_number");
    if (!tells) {
      scan.from_sql = "(SELECT " + columns + from + ")";
      return scan;
    }
    scan.from_sql =
        "(SELECT " + columns + ", filename AS leat_file, file_row_number AS leat_row" + from + ")";
    const std::string root = x_context.root.lexically_normal().string() + "/";
    scan.file_sql = "CASE WHEN starts_with(leat_file, " + quote_literal(root) +
                    ") THEN substr(leat_file, 1 + length(" + quote_literal(root) +
                    ")) ELSE leat_file END";
    scan.record_sql = "leat_row + 1";
    return scan;
  }

  ParquetOptions x_options;
  BuildContext x_context;
  FileList x_list;
  std::optional<data::Schema> x_schema;
};

class ParquetSourceSpec final : public SourceSpec {
 public:
  explicit ParquetSourceSpec(ParquetOptions options) : x_options(std::move(options)) {}

  Replay replay() const override { return Replay::exact; }
  bool grows() const override { return FileList::grows(x_options.path); }
  std::optional<data::Schema> declared() const override { return std::nullopt; }
  std::vector<std::filesystem::path> would_read(
      const BuildContext& context, const std::vector<std::filesystem::path>& files) const override {
    return file_list::would_read(*context.files, context.root, x_options.path, files);
  }
  Result<std::unique_ptr<Source>> build(const BuildContext& context) const override {
    LEAT_ASSERT(context.files != nullptr && context.session != nullptr);
    return std::unique_ptr<Source>(std::make_unique<ParquetSource>(x_options, context));
  }

 private:
  ParquetOptions x_options;
};

/// `true`, `false`, or a type by the name of each folder.
bool read_hive(ParquetOptions& options, config::Findings& findings) {
  const config::Node* node = std::exchange(options.hive, nullptr);
  if (node == nullptr || node->is_null()) return true;
  options.is_hive = node->is_map() || node->text == "true";
  if (!node->is_map() && node->text != "true" && node->text != "false") {
    findings.add(*node, "expected true, false or a map of types, found " + config::shown(*node),
                 "hive: {year: int, symbol: string}");
    return false;
  }
  const std::size_t before = findings.size();
  for (const auto& entry : node->entries) {
    auto type = data::parse_type(entry.value.text);
    if (!entry.value.is_scalar() || !type.ok()) {
      findings.add(entry.value, config::shown(entry.value) + " is no type",
                   name_hint(entry.value.text, data::type_names()));
      continue;
    }
    options.in_names.push_back({entry.key.text, *type});
  }
  return findings.size() == before;
}

std::unique_ptr<SourceSpec> parse(const config::Node& node, config::Findings& findings) {
  auto read = config::read_options(options(), node, findings);
  if (!read || !read_hive(*read, findings)) return nullptr;
  return std::make_unique<ParquetSourceSpec>(std::move(*read));
}

}  // namespace

SourceEntry parquet_source() {
  SourceEntry entry;
  entry.name = "parquet";
  entry.summary = "Rows of Parquet files.";
  entry.example = "parquet: {path: data/*.parquet}";
  entry.replay = Replay::exact;
  entry.options = &options();
  entry.parse = parse;
  return entry;
}

}  // namespace leat::connectors::files
