#include "app/endpoint.hpp"

#include <algorithm>
#include <map>

#include "app/all_files.hpp"
#include "app/catalog.hpp"
#include "base/names.hpp"
#include "config/text_files.hpp"
#include "connectors/csv/find_dialect.hpp"
#include "core/addresses.hpp"
#include "io/files.hpp"
#include "io/streams.hpp"
#include "io/url.hpp"

namespace leat::app {
namespace {

namespace fs = std::filesystem;

/// What an ending of a file's name means to a source and to a sink.
struct Ending {
  const char* source;
  const char* sink;
  bool has_tables = false;
};

const std::map<std::string, Ending, std::less<>>& endings() {
  static const std::map<std::string, Ending, std::less<>> all{
      {".csv", {"csv", "csv"}},
      {".tsv", {"csv", "csv"}},
      {".txt", {"csv", "csv"}},
      {".json", {"json", "ndjson"}},
      {".ndjson", {"json", "ndjson"}},
      {".jsonl", {"json", "ndjson"}},
      {".parquet", {"parquet", "parquet"}},
      {".duckdb", {"duckdb", "duckdb", true}},
      {".ddb", {"duckdb", "duckdb", true}},
      {".sqlite", {"sqlite", "sqlite", true}},
      {".sqlite3", {"sqlite", "sqlite", true}},
      {".db", {"sqlite", "sqlite", true}},
      {".arrow", {"arrow", "arrow"}},
      {".feather", {"arrow", "arrow"}},
      {".avro", {"avro", "avro"}},
      {".h5", {"hdf5", "hdf5"}},
      {".hdf5", {"hdf5", "hdf5"}},
      {".xlsx", {"xlsx", "xlsx"}},
      {".xml", {"xml", "xml"}},
  };
  return all;
}

std::string extension_of(const std::string& path) {
  auto file =
      fs::path(io::is_url(path) ? path.substr(0, path.find_first_of("?#")) : path).filename();
  for (const char* packed : {".gz", ".zst", ".bz2", ".xz", ".lz4"}) {
    if (to_lower(file.extension().string()) == packed) file = file.stem();
  }
  return to_lower(file.extension().string());
}

/// "data/*.csv" → "data"; letters, digits and underscores only.
std::string stem_of(const std::string& path) {
  const auto name = fs::path(path).filename().string();
  auto stem = to_lower(name.substr(0, name.find('.')));
  for (auto& c : stem) {
    if (!std::isalnum(static_cast<unsigned char>(c))) c = '_';
  }
  while (!stem.empty() && stem.front() == '_') stem.erase(0, 1);
  if (stem.empty() || std::isdigit(static_cast<unsigned char>(stem.front()))) {
    stem = "rows" + (stem.empty() ? "" : "_" + stem);
  }
  return stem.substr(0, 50);
}

bool is_known(const std::string& connector, bool source) {
  return source ? catalog().source(connector) != nullptr : catalog().sink(connector) != nullptr;
}

std::vector<std::string> known_names(bool source) {
  std::vector<std::string> names;
  for (const auto& entry : catalog().sources()) {
    if (source) names.push_back(entry.first);
  }
  for (const auto& entry : catalog().sinks()) {
    if (!source) names.push_back(entry.first);
  }
  return names;
}

Error unknown(const std::string& text, bool source) {
  return Error(Fault::config, std::string("nothing tells what kind of ") +
                                  (source ? "source" : "sink") + " `" + text + "` is")
      .hint("write the connector before it, as in csv:" + text +
            "; known: " + join_names(known_names(source), ", "));
}

/// A path that is typed here, as it is written where paths start at `root`.
std::string seen_from(const fs::path& root, const std::string& path) {
  if (path == io::kStandardInput || io::is_url(path) || fs::path(path).is_absolute()) return path;
  if (io::is_stream(path)) return fs::absolute(path).lexically_normal().string();
  if (root.empty()) return path;
  return (fs::absolute(path).lexically_normal()).lexically_proximate(root).string();
}

Result<std::vector<file_list::ListedFile>> listed_here(const std::string& path) {
  file_list::FileList list(all_files(), fs::current_path(), {path});
  list.allow_streams();
  return list.all();
}

/// What the first bytes of a stream are, which has no name that tells.
Result<std::string> connector_of_stream(const std::string& path) {
  TRY(const auto listed, listed_here(path));
  TRY(const auto open, file_list::open_listed(all_files(), listed.front()));
  std::string start(4096, '\0');
  TRY(const auto size, open.stream->read(start.data(), start.size()));
  start.resize(size);
  const auto first = start.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
  const bool is_json = first != std::string::npos && (start[first] == '{' || start[first] == '[');
  return std::string(is_json ? "json" : "csv");
}

std::string yaml_of(const std::vector<std::string>& values) {
  std::vector<std::string> quoted;
  for (const auto& value : values) quoted.push_back(yaml_quoted(value));
  return "[" + join_names(quoted, ", ") + "]";
}

void add_found(const std::vector<FoundOption>& all, Endpoint& endpoint) {
  std::map<std::string, std::string> maps;
  for (const auto& found : all) {
    const auto text =
        found.values.size() == 1 ? yaml_quoted(found.values.front()) : yaml_of(found.values);
    if (found.entry.empty()) {
      endpoint.options.emplace_back(found.name, text);
      continue;
    }
    auto& map = maps[found.name];
    map += (map.empty() ? "" : ", ") + yaml_quoted(found.entry) + ": " + text;
  }
  for (const auto& [name, entries] : maps) endpoint.options.emplace_back(name, "{" + entries + "}");
}

/// Where a file is meant that is not there, reading it will tell.
Status add_dialect(Endpoint& endpoint, const std::string& path) {
  const auto listed = listed_here(path);
  if (!listed.ok()) return {};
  TRY(endpoint.dialect, connectors::csv::find_dialect(all_files(), *listed, {}));
  if (!endpoint.dialect) return {};
  add_found(connectors::csv::options_of(*endpoint.dialect), endpoint);
  return {};
}

Result<Endpoint> with_path(Endpoint endpoint, const std::string& path, bool source,
                           const fs::path& root) {
  endpoint.stem = stem_of(path);
  endpoint.options.emplace_back("path", yaml_quoted(seen_from(root, path)));
  if (endpoint.connector != "csv") return endpoint;
  if (source) {
    TRY(add_dialect(endpoint, io::is_stream(path) ? seen_from({}, path) : path));
  } else if (extension_of(path) == ".tsv") {
    endpoint.options.emplace_back("delimiter", "\"\\t\"");
  }
  return endpoint;
}

/// Between the connector and the path, or the path and the table; an address has one of its own.
std::size_t colon_in(const std::string& text) {
  if (io::is_url(text)) return std::string::npos;
  const auto first = text.find(':');
  const bool is_before_url = first != std::string::npos && io::is_url(text.substr(first + 1));
  return is_before_url ? first : text.rfind(':');
}

/// "csv:s3://bucket/x.csv" holds an address, too.
Status refuse_address(const std::string& text, bool source) {
  const auto way = text.find("://");
  if (way == std::string::npos) return {};
  const auto before = text.rfind(':', way == 0 ? 0 : way - 1);
  const auto path = before == std::string::npos ? text : text.substr(before + 1);
  auto refused = refused_address(path, source ? PathReach::web : PathReach::machine);
  return refused ? Status(std::move(*refused)) : Status();
}

Result<Endpoint> read(const std::string& text, bool source, const fs::path& root) {
  TRY(refuse_address(text, source));
  Endpoint endpoint;
  const auto colon = colon_in(text);
  const auto before = colon == std::string::npos ? std::string() : text.substr(0, colon);
  const auto after = colon == std::string::npos ? text : text.substr(colon + 1);
  const auto of_file = endings().find(extension_of(before));
  if (!before.empty() && of_file != endings().end() && of_file->second.has_tables) {
    endpoint.connector = source ? of_file->second.source : of_file->second.sink;
    endpoint.stem = stem_of(after);
    endpoint.options = {{"path", yaml_quoted(seen_from(root, before))},
                        {"table", yaml_quoted(after)}};
  } else if (is_known(before, source)) {
    endpoint.connector = before;
    return with_path(std::move(endpoint), after, source, root);
  } else if (source && extension_of(text).empty() && io::is_stream(text)) {
    TRY(endpoint.connector, connector_of_stream(seen_from({}, text)));
  } else {
    const auto found = endings().find(extension_of(text));
    if (found == endings().end()) return unknown(text, source);
    endpoint.connector = source ? found->second.source : found->second.sink;
    if (found->second.has_tables) {
      return Error(Fault::config, "`" + text + "` holds tables, and none is named")
          .hint("write " + text + ":name_of_the_table");
    }
  }
  if (!is_known(endpoint.connector, source)) {
    return Error(Fault::config, std::string("this build has no ") + (source ? "source" : "sink") +
                                    " `" + endpoint.connector + "`, which `" + text + "` needs")
        .hint("known: " + join_names(known_names(source), ", "));
  }
  return endpoint.options.empty() ? with_path(std::move(endpoint), text, source, root)
                                  : Result<Endpoint>(std::move(endpoint));
}

/// One text that stands in no file, over the machine's own files.
class WithText final : public config::TextFiles {
 public:
  WithText(fs::path file, std::string text) : x_file(std::move(file)), x_text(std::move(text)) {}

  bool exists(const fs::path& file) const override {
    return file == x_file || config::local_text_files().exists(file);
  }
  Result<std::string> read(const fs::path& file, std::uint64_t bytes_max) const override {
    if (file == x_file) return x_text;
    return config::local_text_files().read(file, bytes_max);
  }
  Result<bool> open_to_others(const fs::path& file) const override {
    if (file == x_file) return false;
    return config::local_text_files().open_to_others(file);
  }

 private:
  fs::path x_file;
  std::string x_text;
};

/// Of a pipeline that lies in no file the author never saw a line.
Error without_place(const Error& error) {
  if (error.diagnostics().empty()) return error;
  const auto& first = error.diagnostics().front();
  return Error(error.fault(), first.message).hint(first.hint);
}

}  // namespace

std::string yaml_quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) {
    out += c;
    if (c == '\'') out += c;
  }
  return out + "'";
}

bool names_a_file(const std::string& what) {
  return what.find_first_of("/:*") != std::string::npos || what == io::kStandardInput ||
         all_files().exists(what) || read_source(what).ok();
}

std::string Endpoint::yaml() const {
  std::string out;
  for (const auto& [key, value] : options) out += (out.empty() ? "" : ", ") + key + ": " + value;
  return connector + ": {" + out + "}";
}

Result<Endpoint> read_source(const std::string& text, const fs::path& root) {
  return read(text, true, root);
}

Result<Endpoint> read_sink(const std::string& text, const fs::path& root) {
  return read(text, false, root);
}

Result<plan::Plan> plan_text(const std::string& name, const std::string& text,
                             const LoadOptions& options) {
  const auto file = fs::current_path() / (name + ".yml");
  auto with = options;
  with.files = std::make_shared<WithText>(file, text);
  auto plan = Planner(with).plan(file, true);
  if (!plan.ok()) return without_place(plan.error());
  return plan;
}

Result<plan::Plan> plan_source(const std::string& name, const Endpoint& endpoint,
                               const LoadOptions& options) {
  return plan_text(
      name,
      "pipeline: " + name + "\nsources:\n  " + kEndpointRows + ":\n    " + endpoint.yaml() + "\n",
      options);
}

}  // namespace leat::app
