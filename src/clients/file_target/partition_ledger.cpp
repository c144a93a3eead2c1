#include "clients/file_target/partition_ledger.hpp"

#include <nlohmann/json.hpp>
#include <set>

#include "core/sink.hpp"

namespace leat::file_target {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kPartitionFormat = 1;
constexpr std::uint64_t kPartitionBytesMax = std::uint64_t{4} << 30;

enum class Want { partitions, all };

Result<PartitionEntry> partition_entry(std::string_view line, Want want) {
  try {
    const Json object = Json::parse(line);
    if (object.at("leat_partitions").get<int>() != kPartitionFormat) {
      return Error(Fault::config, "the line was written by a newer Leat");
    }
    PartitionEntry entry;
    for (const Json& part : object.at("parts")) {
      PartEntry read;
      part.at("folder").get_to(read.folder);
      part.at("digest").get_to(read.file.digest);
      part.at("size").get_to(read.file.size);
      part.at("rows").get_to(read.rows);
      entry.parts.push_back(std::move(read));
    }
    object.at("removed").get_to(entry.removed);
    if (want == Want::partitions) return entry;
    for (const Json& column : object.at("columns")) {
      entry.columns.emplace_back(column.at(0).get<std::string>(), column.at(1).get<std::string>());
    }
    TRY(entry.receipt, receipt_from_json(object.at("receipt").dump()));
    return entry;
  } catch (const Json::exception& error) {
    return Error(Fault::config, error.what());
  }
}

}  // namespace

Result<PartitionLedger> PartitionLedger::read(io::FileSystem& files,
                                              const std::filesystem::path& path) {
  PartitionLedger ledger;
  ledger.x_path = path;
  if (!files.exists(path)) return ledger;
  TRY(ledger.x_text, io::read_text(files, path, kPartitionBytesMax));
  const std::size_t last_end = ledger.x_text.rfind('\n');
  ledger.x_end = last_end == std::string::npos ? 0 : last_end + 1;
  // A crash may also leave a last line of the right length and the wrong bytes.
  const std::size_t before =
      ledger.x_end < 2 ? std::string::npos : ledger.x_text.rfind('\n', ledger.x_end - 2);
  const std::size_t start = before == std::string::npos ? 0 : before + 1;
  const std::string_view last(ledger.x_text.data() + start, ledger.x_end - start);
  if (!last.empty() && !Json::accept(last)) ledger.x_end = start;
  return ledger;
}

Error PartitionLedger::damaged(std::string_view line, const Error& why) const {
  return Error(Fault::config, "the ledger " + x_path.string() + " is damaged")
      .with("byte", std::to_string(line.data() - x_text.data()))
      .with("reason", why.message())
      .hint("restore it from a copy; its lines are only ever added to");
}

Result<std::optional<PartitionEntry>> PartitionLedger::newest(const Wanted& wanted) const {
  for (std::size_t end = x_end; end > 0;) {
    const std::size_t before = end < 2 ? std::string::npos : x_text.rfind('\n', end - 2);
    const std::size_t start = before == std::string::npos ? 0 : before + 1;
    const auto line = std::string_view(x_text).substr(start, end - start);
    auto entry = partition_entry(line, Want::all);
    if (!entry.ok()) return damaged(line, entry.error());
    if (wanted(*entry)) return std::optional<PartitionEntry>(std::move(entry).value());
    end = start;
  }
  return std::optional<PartitionEntry>();
}

Result<std::vector<std::string>> PartitionLedger::lanes(const Lane& lane) const {
  std::set<std::string> names;
  TRY(newest([&](const PartitionEntry& e) {
    if (e.receipt.lane.is_of_same_sink(lane)) names.insert(e.receipt.lane.lane);
    return false;
  }));
  return std::vector<std::string>(names.begin(), names.end());
}

Status PartitionLedger::require_head(const Receipt& receipt, const std::string& place) const {
  TRY(auto last, newest([&](const PartitionEntry& e) { return e.receipt.lane == receipt.lane; }));
  return leat::require_head(last ? std::optional(std::move(last->receipt)) : std::nullopt, receipt,
                            place);
}

Result<std::map<std::string, LiveFile>> PartitionLedger::live() const {
  std::map<std::string, LiveFile> folders;
  for (std::size_t start = 0; start < x_end;) {
    const std::size_t end = x_text.find('\n', start) + 1;
    const auto line = std::string_view(x_text).substr(start, end - start);
    const auto entry = partition_entry(line, Want::partitions);
    if (!entry.ok()) return damaged(line, entry.error());
    for (const std::string& folder : entry->removed) folders.erase(folder);
    for (const PartEntry& part : entry->parts) folders.insert_or_assign(part.folder, part.file);
    start = end;
  }
  return folders;
}

std::string to_line(const PartitionEntry& entry) {
  Json parts = Json::array();
  for (const PartEntry& part : entry.parts) {
    parts.push_back({{"folder", part.folder},
                     {"digest", part.file.digest},
                     {"size", part.file.size},
                     {"rows", part.rows}});
  }
  Json columns = Json::array();
  for (const auto& [name, type] : entry.columns) columns.push_back({name, type});
  const Json head = {{"leat_partitions", kPartitionFormat},
                     {"parts", std::move(parts)},
                     {"removed", entry.removed},
                     {"columns", std::move(columns)}};
  std::string line = head.dump(-1, ' ', false, Json::error_handler_t::replace);
  line.back() = ',';
  return line + "\"receipt\":" + to_json(entry.receipt) + "}\n";
}

}  // namespace leat::file_target
