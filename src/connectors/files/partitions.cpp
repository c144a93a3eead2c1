#include "connectors/files/partitions.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "base/names.hpp"
#include "data/parquet_types.hpp"
#include "engine/file_literal.hpp"

namespace leat::connectors::files {
namespace {

namespace fs = std::filesystem;
using file_target::PartFile;
using file_target::PartitionKey;

struct Unit {
  const char* name;
  const char* format;  ///< Of strftime.
};
constexpr std::array<Unit, 5> kUnits{
    {{"year", "%Y"}, {"month", "%m"}, {"day", "%d"}, {"hour", "%H"}, {"date", "%Y-%m-%d"}}};

std::vector<std::string> unit_names() {
  std::vector<std::string> names;
  for (const Unit& unit : kUnits) names.emplace_back(unit.name);
  return names;
}

void read_key(const config::Node& item, std::vector<PartitionKey>& keys,
              config::Findings& findings) {
  PartitionKey key;
  const config::Node* place = &item;
  if (item.is_scalar()) {
    key.column = item.text;
  } else if (item.is_map() && item.entries.size() == 1 && item.entries[0].value.is_scalar()) {
    place = &item.entries[0].key;
    key.unit = place->text;
    key.column = item.entries[0].value.text;
    const auto names = unit_names();
    if (std::find(names.begin(), names.end(), key.unit) == names.end()) {
      findings.add(*place, "`" + key.unit + "` is no unit of time", name_hint(key.unit, names));
      return;
    }
  } else {
    findings.add(item, "expected a column, or a unit and a column, found " + config::shown(item),
                 "partition_by: [symbol, {year: day}]");
    return;
  }
  const bool twice = std::any_of(keys.begin(), keys.end(), [&](const PartitionKey& other) {
    return is_same_name(other.name(), key.name());
  });
  if (twice) return findings.add(*place, "there are two levels of folders `" + key.name() + "`");
  keys.push_back(std::move(key));
}

bool is_time(const data::Type& type) {
  return type.id == data::TypeId::date || type.id == data::TypeId::timestamp ||
         type.id == data::TypeId::timestamp_tz;
}

bool is_folder_name(const data::Type& type) {
  return type.is_whole() || type.id == data::TypeId::varchar || type.id == data::TypeId::boolean ||
         type.id == data::TypeId::date || type.id == data::TypeId::uuid;
}

Status require_one(const PartitionKey& key, const data::Schema& schema) {
  const auto index = schema.find(key.column);
  if (!index) {
    return Error(Fault::config, "`partition_by` names `" + key.column + "`, which is no column")
        .hint(name_hint(key.column, schema.names()));
  }
  const data::Column& column = schema.columns[*index];
  const bool fits = key.unit.empty() ? is_folder_name(column.type) : is_time(column.type);
  if (!fits) {
    return Error(
               Fault::config,
               "column `" + column.name + "` of type " + data::sql_of(column.type) +
                   (key.unit.empty() ? " gives no names of folders" : " has no `" + key.unit + "`"))
        .hint(key.unit.empty() ? "use text, whole numbers, dates, booleans or UUIDs, or "
                                 "`{date: " +
                                     column.name + "}` of a timestamp"
                               : "name a date or a timestamp");
  }
  if (!key.unit.empty() && schema.find(key.unit)) {
    return Error(Fault::config, "the rows have a column `" + key.unit +
                                    "`, as the folders of `partition_by` would be called")
        .hint("partition by that column itself, or give it another name in the model");
  }
  return {};
}

/// As SQL: the text that becomes a folder's name, or null.
std::string value_sql(const PartitionKey& key) {
  const std::string column = quote_identifier(key.column);
  for (const Unit& unit : kUnits) {
    if (key.unit == unit.name) {
      return "strftime(CAST(" + column + " AS TIMESTAMP), '" + unit.format + "')";
    }
  }
  return "CAST(" + column + " AS VARCHAR)";
}

constexpr std::string_view kNullFolder = "__HIVE_DEFAULT_PARTITION__";
/// Stands for the text that would look like a null, on its way through the engine.
constexpr std::string_view kTextFolder = "\x01leat\x01";
constexpr std::string_view kTextFolderEscaped = "%01leat%01";
constexpr std::size_t kNameBytesMax = 255;  ///< Of one folder, by the file systems.

/// "symbol=%5F_HIVE_…": what is read back is the text, and no null.
std::string settle_text_folders(std::string folder) {
  const std::string written = "=" + std::string(kTextFolderEscaped);
  for (std::size_t at = 0; (at = folder.find(written, at)) != std::string::npos;) {
    const std::size_t end = at + written.size();
    if (end != folder.size() && folder[end] != '/') {
      at = end;
      continue;
    }
    folder.replace(at, written.size(), "=%5F" + std::string(kNullFolder.substr(1)));
  }
  return folder;
}

class EnginePartitions final : public file_target::PartitionFormat {
 public:
  EnginePartitions(std::unique_ptr<EngineFormat> format, std::vector<PartitionKey> keys,
                   io::FileSystem& files, engine::Session& session)
      : x_format(std::move(format)), x_keys(std::move(keys)), x_files(files), x_session(session) {}

  const file_target::Format& format() const override { return *x_format; }

  Result<StageTarget> stage_at(const fs::path& path, const data::Schema& schema) const override {
    StageTarget stage{
        path, "parquet", {{"COMPRESSION", "'lz4_raw'"}, {"PARQUET_VERSION", "'v2'"}}, {}};
    for (std::size_t i = 0; i < schema.size(); ++i) {
      TRY(const auto travels, data::parquet_travel_type(schema.columns[i].type));
      if (travels) stage.travels_as.emplace_back(i, *travels);
    }
    return stage;
  }

  Result<std::uint64_t> count_stage(const fs::path& path) const override {
    TRY(const auto table, x_session.query("SELECT num_rows FROM parquet_file_metadata(" +
                                          engine::file_literal(path) + ")"));
    std::uint64_t rows = 0;
    const std::string text = table.rows.empty() ? "" : table.rows[0][0].value_or("");
    std::from_chars(text.data(), text.data() + text.size(), rows);
    return rows;
  }

  Result<std::vector<PartFile>> cut(const fs::path& stage, const data::Schema& schema,
                                    const fs::path& folder) const override {
    const data::Schema in_file = columns_in_file(schema);
    TRY(require_short_names(stage));
    // The engine does not part JSON by itself; then Parquet is parted, and each file rewritten.
    StageTarget one = x_format->engine_stage(folder, in_file);
    const bool parts_itself = one.format != "json";
    if (!parts_itself) {
      TRY(one, stage_at(folder, in_file));
    }
    std::string select = as_written(in_file, one) + ", ";
    std::string names;
    for (const PartitionKey& key : x_keys) {
      const std::string name = quote_identifier(key.name());
      const std::string value = value_sql(key);
      select += (names.empty() ? "" : ", ") + std::string("CASE WHEN ") + value + " = " +
                quote_literal(std::string(kNullFolder)) + " THEN " +
                quote_literal(std::string(kTextFolder)) + " ELSE " + value + " END AS " + name;
      names += (names.empty() ? "" : ", ") + name;
    }
    std::string copy = "COPY (SELECT " + select + " FROM read_parquet(" +
                       engine::file_literal(stage) + ", hive_partitioning = false)) TO " +
                       quote_literal(folder.string()) + " (FORMAT " + one.format +
                       ", PARTITION_BY (" + names + "), FILE_EXTENSION 'piece'";
    for (const auto& [name, value] : one.options) copy += ", " + name + " " + value;
    TRY(x_session.execute(copy + ")"));
    std::vector<PartFile> found;
    if (x_files.exists(folder)) TRY(gather(folder, folder, found));
    for (PartFile& file : found) {
      if (!parts_itself) TRY(rewrite(file, in_file));
    }
    return found;
  }

 private:
  /// The columns of a Parquet stage as the types that `target` is written with.
  static std::string as_written(const data::Schema& schema, const StageTarget& target) {
    auto types = schema.columns;
    for (const auto& [index, type] : target.travels_as) types[index].type = type;
    std::string select;
    for (std::size_t i = 0; i < types.size(); ++i) {
      const std::string name = quote_identifier(types[i].name);
      select += (select.empty() ? "CAST(CAST(" : ", CAST(CAST(") + name + " AS " +
                data::sql_of(schema.columns[i].type) + ") AS " + data::sql_of(types[i].type) +
                ") AS " + name;
    }
    return select;
  }

  /// A name that no file system takes is told by column and value. All keys take one scan.
  Status require_short_names(const fs::path& stage) const {
    std::string select;
    std::string where;
    std::vector<std::pair<const PartitionKey*, std::size_t>> limits;
    for (const PartitionKey& key : x_keys) {
      if (!key.unit.empty()) continue;
      const std::string value = value_sql(key);
      const std::size_t most = kNameBytesMax - std::min(kNameBytesMax, key.name().size() + 1);
      const std::string bytes = "strlen(url_encode(" + value + "))";
      const std::string is_long = "coalesce(" + bytes + " > " + std::to_string(most) + ", false)";
      select += (select.empty() ? "" : ", ") + is_long + ", left(" + value + ", 40), " + bytes;
      where += (where.empty() ? "" : " OR ") + is_long;
      limits.emplace_back(&key, most);
    }
    if (limits.empty()) return {};
    TRY(const auto found,
        x_session.query("SELECT " + select + " FROM read_parquet(" + engine::file_literal(stage) +
                        ", hive_partitioning = false) WHERE " + where + " LIMIT 1"));
    if (found.rows.empty()) return {};
    const auto& row = found.rows[0];
    std::size_t at = 0;
    while (at + 1 < limits.size() && row[3 * at] != "true") ++at;
    const auto& [key, most] = limits[at];
    return Error(Fault::data, "column `" + key->column +
                                  "` holds a value that is too long for the name of a folder: `" +
                                  row[3 * at + 1].value_or("") + "…`")
        .with("bytes", row[3 * at + 2].value_or(""))
        .with("at_most", std::to_string(most))
        .hint("set such rows aside by a check, `length: {column: " + key->column +
              ", max: …}`, or partition by another column");
  }

  Status rewrite(PartFile& file, const data::Schema& schema) const {
    const fs::path parquet = std::exchange(file.path, fs::path(file.path).concat("-text"));
    const StageTarget one = x_format->engine_stage(file.path, schema);
    std::string copy = "COPY (SELECT " + as_written(schema, one) + " FROM read_parquet(" +
                       engine::file_literal(parquet) + ", hive_partitioning = false)) TO " +
                       quote_literal(file.path.string()) + " (FORMAT " + one.format +
                       ", USE_TMP_FILE false";
    for (const auto& [name, value] : one.options) copy += ", " + name + " " + value;
    TRY(x_session.execute(copy + ")"));
    return x_files.remove(parquet);
  }

  /// A column whose values are folders' names is not in the files.
  data::Schema columns_in_file(const data::Schema& schema) const {
    data::Schema in_file;
    for (const data::Column& column : schema.columns) {
      const bool is_folder = std::any_of(x_keys.begin(), x_keys.end(), [&](const auto& key) {
        return key.unit.empty() && is_same_name(key.column, column.name);
      });
      if (!is_folder) in_file.columns.push_back(column);
    }
    return in_file;
  }

  Status gather(const fs::path& top, const fs::path& folder, std::vector<PartFile>& found) const {
    TRY(const auto files, x_files.list(folder));
    for (const fs::path& file : files) {
      found.push_back({settle_text_folders(folder.lexically_relative(top).generic_string()), file});
    }
    TRY(const auto folders, x_files.list_folders(folder));
    for (const fs::path& inner : folders) TRY(gather(top, inner, found));
    return {};
  }

  std::unique_ptr<EngineFormat> x_format;
  std::vector<PartitionKey> x_keys;
  io::FileSystem& x_files;
  engine::Session& x_session;
};

}  // namespace

std::vector<PartitionKey> read_partition_keys(const config::Node* node,
                                              config::Findings& findings) {
  std::vector<PartitionKey> keys;
  if (node == nullptr || node->is_null()) return keys;
  if (!node->is_sequence()) read_key(*node, keys, findings);
  for (const config::Node& item : node->items) read_key(item, keys, findings);
  return keys;
}

Status require_partition_columns(const std::vector<PartitionKey>& keys,
                                 const data::Schema& schema) {
  std::size_t folders = 0;
  for (const PartitionKey& key : keys) {
    TRY(require_one(key, schema));
    folders += key.unit.empty() ? 1 : 0;
  }
  if (folders < schema.size() || keys.empty()) return {};
  return Error(Fault::config, "`partition_by` names every column, so nothing is left for the files")
      .hint("leave one out");
}

std::unique_ptr<file_target::PartitionFormat> make_partition_format(
    std::unique_ptr<EngineFormat> format, std::vector<PartitionKey> keys, io::FileSystem& files,
    engine::Session& session) {
  return std::make_unique<EnginePartitions>(std::move(format), std::move(keys), files, session);
}

}  // namespace leat::connectors::files
