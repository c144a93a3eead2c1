#include <algorithm>
#include <array>
#include <utility>

#include "base/names.hpp"
#include "clients/file_list/open_listed.hpp"
#include "clients/parquet_levels/verify.hpp"
#include "config/options.hpp"
#include "connectors/files/file_source.hpp"
#include "connectors/files/footer_facts.hpp"
#include "connectors/files/listed_source.hpp"
#include "engine/file_literal.hpp"
#include "engine/session.hpp"

namespace leat::connectors::files {
namespace {

using file_list::ListedFile;

struct ParquetOptions {
  std::vector<std::string> path;
  std::vector<std::string> columns;
  const config::Node* hive = nullptr;
  bool is_hive = false;  ///< What `hive` says.
  bool footers = true;
  std::vector<data::Column> in_names;  ///< Columns of folders' names that are no text.
};

const config::OptionTable<ParquetOptions>& options() {
  using config::later;
  using config::option;
  static const auto table = config::option_table<ParquetOptions>({
      files_option(&ParquetOptions::path, "data/*.parquet"),
      chosen_option(&ParquetOptions::columns),
      option("hive", &ParquetOptions::hive,
             "Folders are called column=value, and are columns too: `true` for texts, or their "
             "types by name.")
          .example("{year: int, symbol: string}"),
      option("footers", &ParquetOptions::footers,
             "A check that the footers of all files prove looks at no row: not_null, range, "
             "positive and non_negative, from counts of nulls, minima and maxima. `false`: every "
             "value is looked at."),
  });
  return table;
}

/// Before the engine sees it: says which file, and what it is instead.
Status require_parquet(io::FileSystem& files, const ListedFile& listed) {
  constexpr std::string_view kMagic = "PAR1";
  constexpr std::string_view kEncrypted = "PARE";
  constexpr std::uint64_t kBytesMin = 12;
  TRY(file_list::require_on_disk(listed));
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
class ParquetFormat final : public FileFormat {
 public:
  ParquetFormat(bool is_hive, bool footers, std::vector<data::Column> in_names)
      : x_is_hive(is_hive), x_footers(footers), x_in_names(std::move(in_names)) {}

  bool asks_engine() const override { return true; }
  Result<data::Schema> look(const BuildContext& context,
                            const std::vector<ListedFile>& listed) const override {
    TRY(require_parquet(*context.files, listed[0]));
    TRY(auto schema, describe(context, listed[0]));
    for (const data::Column& column : x_in_names) {
      TRY(file_list::folder_value(listed[0], column.name));
      const auto index = schema.find(column.name);
      if (index) schema.columns[*index].type = column.type;
    }
    return schema;
  }

  Result<SliceRead> read(const BuildContext& context, data::Schema columns,
                         std::vector<ListedFile> listed, const ReadContext& read) const override {
    std::vector<std::filesystem::path> paths;
    for (const ListedFile& file : listed) {
      TRY(require_parquet(*context.files, file));
      TRY(require_levels(*context.files, file, read.cancel));
      paths.push_back(file.path);
    }
    if (paths.size() > 1) TRY(require_alike(context, columns, listed, paths));
    auto found = scan(context, columns, paths);
    if (x_footers) {
      found.facts = [session = context.session, paths, columns](const auto& names) {
        return Result<std::vector<ColumnFacts>>(footer_facts(*session, paths, columns, names));
      };
    }
    return SliceRead(std::move(found));
  }

 private:
  /// The engine would take folders' names for columns unasked, and guess their types.
  std::string hive() const {
    return x_is_hive ? ", hive_partitioning = true, hive_types_autocast = false"
                     : ", hive_partitioning = false";
  }

  Result<data::Schema> describe(const BuildContext& context, const ListedFile& file) const {
    LEAT_ASSERT(context.session != nullptr);
    auto found = context.session->describe("SELECT * FROM read_parquet(" +
                                           engine::file_literal(file.path) + hive() + ")");
    if (!found.ok()) return std::move(found).error().during("while reading " + file.name);
    return found;
  }

  /// The engine reads all files as the first one. What it could not read so is told by file and
  /// column: one file of each form is looked at.
  Status require_alike(const BuildContext& context, const data::Schema& schema,
                       const std::vector<ListedFile>& listed,
                       const std::vector<std::filesystem::path>& paths) const {
    TRY(const auto forms,
        context.session->query(
            "SELECT min(file_name) FROM (SELECT file_name, string_agg(concat_ws(' ', name, type,"
            " type_length, repetition_type, num_children, converted_type, scale, \"precision\","
            " logical_type), ',' ORDER BY column_id) AS form FROM parquet_schema(" +
            engine::file_literal(paths) + ") GROUP BY file_name) GROUP BY form"));
    for (const ListedFile& file : listed) {
      const bool is_one = std::any_of(forms.rows.begin(), forms.rows.end(), [&](const auto& row) {
        return row[0] == file.path.string();
      });
      if (is_one && forms.rows.size() > 1) TRY(require_readable(context, schema, listed[0], file));
    }
    return {};
  }

  Status require_readable(const BuildContext& context, const data::Schema& schema,
                          const ListedFile& first, const ListedFile& file) const {
    TRY(const auto found, describe(context, file));
    for (const data::Column& column : schema.columns) {
      const auto at = found.find(column.name);
      if (!at) {
        return Error(Fault::config, file.name + " has no column `" + column.name + "`, which " +
                                        first.name + " has")
            .hint(
                "name the columns that all files have in `columns`, or read such files by a "
                "source of their own");
      }
      const data::Type& type = found.columns[*at].type;
      const bool is_in_name = std::any_of(
          x_in_names.begin(), x_in_names.end(),
          [&](const data::Column& other) { return is_same_name(other.name, column.name); });
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

  /// The columns as the types of the schema, with the place of each row beside them.
  EngineScan scan(const BuildContext& context, const data::Schema& schema,
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
    const bool tells =
        !schema.find("filename") && !schema.find("file_row_number") && !schema.find("file_index");
    if (!tells) {
      scan.from_sql = "(SELECT " + columns + from + ")";
      return scan;
    }
    scan.from_sql =
        "(SELECT " + columns +
        ", filename AS leat_file, file_row_number AS leat_row, file_index AS leat_order" + from +
        ")";
    const std::string root = context.root.lexically_normal().string() + "/";
    scan.file_sql = "CASE WHEN starts_with(leat_file, " + quote_literal(root) +
                    ") THEN substr(leat_file, 1 + length(" + quote_literal(root) +
                    ")) ELSE leat_file END";
    scan.record_sql = "leat_row + 1";
    scan.order_sql = "leat_order";
    return scan;
  }

  bool x_is_hive;
  bool x_footers;
  std::vector<data::Column> x_in_names;  ///< Columns of folders' names that are no text.
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
  ListedSettings settings;
  settings.paths = read->path;
  settings.chosen = read->columns;
  settings.format =
      std::make_shared<ParquetFormat>(read->is_hive, read->footers, std::move(read->in_names));
  return listed_source(std::move(settings));
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
