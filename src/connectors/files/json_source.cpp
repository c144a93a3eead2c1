#include <map>

#include "base/names.hpp"
#include "config/options.hpp"
#include "connectors/files/file_source.hpp"
#include "connectors/files/json_chunks.hpp"
#include "connectors/files/json_sniff.hpp"
#include "connectors/files/listed_source.hpp"

namespace leat::connectors::files {
namespace {

constexpr std::uint64_t kRecordBytesMax = 1 << 30;

struct JsonOptions {
  std::vector<std::string> path;
  JsonShape format = JsonShape::detect;
  DeclaredColumns columns;
  std::string records;
  DeclaredColumns paths;
  std::string unnest;
  DeclaredColumns parent;
  config::Located<std::string> position;
  config::Located<std::string> element;
  config::Bytes max_record_bytes{16 << 20};
};

const config::OptionTable<JsonOptions>& options() {
  using config::option;
  static const auto table = config::option_table<JsonOptions>({
      files_option(&JsonOptions::path, "data/*.ndjson"),
      option("format", &JsonOptions::format,
             "One object a line, or one array of objects; auto looks at the first character.",
             {{"auto", JsonShape::detect},
              {"ndjson", JsonShape::ndjson},
              {"array", JsonShape::array}}),
      option("columns", &JsonOptions::columns,
             "Name and type of each key to read. Not given: the keys of the first records.")
          .example("{id: bigint, day: date, tags: json}"),
      option("max_record_bytes", &JsonOptions::max_record_bytes,
             "A longer record is set aside unread."),
      option("records", &JsonOptions::records,
             "The keys that lead to the array of records, where it is not the whole document.")
          .example("$.data.items"),
      option("paths", &JsonOptions::paths,
             "For columns whose value lies deeper: the keys that lead to it.")
          .example("{city: who.address.city}"),
      option("unnest", &JsonOptions::unnest,
             "The keys that lead, in each record, to an array whose elements are the rows.")
          .example("lines"),
      option("parent", &JsonOptions::parent,
             "unnest: columns that are values of the record around, and the keys that lead there.")
          .example("{order_id: id}"),
      option("position", &JsonOptions::position,
             "unnest: the column that gets the position of the element in its array, from 1.")
          .example("line"),
      option("element", &JsonOptions::element, "unnest: the column that gets the element itself.")
          .example("tag"),
  });
  return table;
}

/// Where the values of declared columns lie, where it is not under their own names.
struct JsonNesting {
  std::map<std::string, JsonPlace> places;  ///< By name of the column.
  std::vector<std::string> unnest;

  JsonPlace place_of(const std::string& column) const {
    const auto found = places.find(column);
    return found == places.end() ? JsonPlace{JsonPlace::Role::own, {column}, false} : found->second;
  }
};

class JsonFormat final : public FileFormat {
 public:
  JsonFormat(JsonCut cut, JsonNesting nesting, bool is_declared)
      : x_cut(std::move(cut)), x_nesting(std::move(nesting)), x_is_declared(is_declared) {}

  Result<data::Schema> look(const BuildContext& context,
                            const std::vector<file_list::ListedFile>& listed) const override {
    return sniff_json(*context.files, listed, x_cut);
  }
  Result<SliceRead> read(const BuildContext& context, data::Schema columns,
                         std::vector<file_list::ListedFile> listed,
                         const ReadContext& read) const override {
    JsonPlan plan{context.files, x_cut, std::move(columns), x_is_declared, {}, x_nesting.unnest};
    for (const auto& column : plan.schema.columns) {
      plan.places.push_back(x_nesting.place_of(column.name));
    }
    plan.cut.block_bytes = read.block_bytes;
    std::unique_ptr<ChunkSource> chunks =
        std::make_unique<JsonChunks>(std::move(plan), std::move(listed), read);
    return SliceRead(std::move(chunks));
  }

 private:
  JsonCut x_cut;
  JsonNesting x_nesting;
  bool x_is_declared;
};

/// Reads the options that say where values lie.
class NestingReader {
 public:
  NestingReader(const JsonOptions& read, const config::Node& node,
                const std::optional<data::Schema>& declared, config::Findings& findings)
      : x_read(read), x_node(node), x_declared(declared), x_findings(findings) {}

  JsonNesting take() {
    if (!x_read.unnest.empty()) x_out.unnest = keys(x_read.unnest, *x_node.find("unnest"));
    refuse_alone();
    take_paths(x_read.paths, JsonPlace::Role::own);
    take_paths(x_read.parent, JsonPlace::Role::parent);
    put(x_read.position, {JsonPlace::Role::position, {}, false});
    put(x_read.element, {JsonPlace::Role::element, {}, false});
    judge_position();
    return std::move(x_out);
  }

 private:
  std::vector<std::string> keys(const std::string& path, const config::Node& at) {
    auto out = keys_of_path(path);
    if (out.empty()) x_findings.add(at, "`" + path + "` is no path of keys", "who.address.city");
    return out;
  }

  /// Each of these options stands on another one.
  void refuse_alone() {
    for (const auto* name : {"parent", "position", "element"}) {
      const auto* at = x_node.find(name);
      if (at == nullptr || !x_read.unnest.empty()) continue;
      x_findings.add(*at, std::string("`") + name + "` says nothing without `unnest`",
                     "unnest: the keys that lead to the array of each record");
    }
    for (const auto* name : {"paths", "unnest"}) {
      const auto* at = x_node.find(name);
      if (at == nullptr || x_declared) continue;
      x_findings.add(*at, std::string("`") + name + "` needs the `columns` that are to be read",
                     "columns: {name: type}");
    }
  }

  void take_paths(const DeclaredColumns& paths, JsonPlace::Role role) {
    for (const auto& [column, path] : paths) {
      auto found = keys_of_path(path.text);
      if (found.empty()) {
        x_findings.add(path.place, "`" + path.text + "` is no path of keys", "who.address.city",
                       path.length);
      } else {
        put(column, {role, std::move(found), true});
      }
    }
  }

  void put(const config::Located<std::string>& column, JsonPlace place) {
    if (column.text.empty() || !x_declared) return;
    const auto at = x_declared->find(column.text);
    if (!at) {
      x_findings.add(column.place, "there is no column `" + column.text + "` among `columns`",
                     name_hint(column.text, x_declared->names()), column.length);
      return;
    }
    if (x_out.places.emplace(x_declared->columns[*at].name, std::move(place)).second) return;
    x_findings.add(column.place, "column `" + column.text + "` has a place already", "",
                   column.length);
  }

  void judge_position() {
    if (x_read.position.text.empty() || !x_declared) return;
    const auto at = x_declared->find(x_read.position.text);
    if (!at) return;
    const auto& type = x_declared->columns[*at].type;
    if (type.id >= data::TypeId::int32 && type.id <= data::TypeId::uint128 &&
        type.id != data::TypeId::uint8 && type.id != data::TypeId::uint16) {
      return;
    }
    x_findings.add(
        x_read.position.place,
        "a position is a whole number, and `" + x_read.position.text + "` is " + data::sql_of(type),
        x_read.position.text + ": bigint", x_read.position.length);
  }

  const JsonOptions& x_read;
  const config::Node& x_node;
  const std::optional<data::Schema>& x_declared;
  config::Findings& x_findings;
  JsonNesting x_out;
};

void read_path(const JsonOptions& read, const config::Node& node, JsonCut& cut,
               config::Findings& findings) {
  cut.records = keys_of_path(read.records);
  if (cut.records.empty()) {
    findings.add(node, "`" + read.records + "` is no path of keys", "records: $.data.items");
  } else if (read.format == JsonShape::ndjson) {
    findings.add(node, "`records` is for documents, and this one has a record a line",
                 "leave out `format`, or `records`");
  }
  cut.shape = JsonShape::array;
}

std::unique_ptr<SourceSpec> parse(const config::Node& node, config::Findings& findings) {
  const auto read = config::read_options(options(), node, findings);
  if (!read) return nullptr;
  const std::size_t before = findings.size();
  ListedSettings settings;
  JsonCut cut;
  settings.paths = read->path;
  cut.shape = read->format;
  cut.max_record_bytes = read->max_record_bytes.count;
  if (cut.max_record_bytes < 1 || cut.max_record_bytes > kRecordBytesMax) {
    findings.add(*node.find("max_record_bytes"), "`max_record_bytes` must be 1 to 1 GiB");
  }
  if (!read->records.empty()) read_path(*read, *node.find("records"), cut, findings);
  settings.declared = read_declared(read->columns, "JSON", findings);
  settings.is_guessed = true;
  settings.reads_streams = true;
  settings.part = read->records + (read->unnest.empty() ? "" : "!" + read->unnest);
  auto nesting = NestingReader(*read, node, settings.declared, findings).take();
  if (findings.size() != before) return nullptr;
  settings.format = std::make_shared<JsonFormat>(std::move(cut), std::move(nesting),
                                                 settings.declared.has_value());
  return listed_source(std::move(settings));
}

}  // namespace

SourceEntry json_source() {
  SourceEntry entry;
  entry.name = "json";
  entry.summary =
      "Objects of JSON files: one a line, one array, or the elements of an array in each.";
  entry.example = "json: {path: data/*.ndjson, columns: {id: bigint, name: varchar}}";
  entry.replay = Replay::exact;
  entry.options = &options();
  entry.parse = parse;
  return entry;
}

}  // namespace leat::connectors::files
