#include "clients/file_target/partition_ledger.hpp"

#include <nlohmann/json.hpp>
#include <set>

#include "clients/file_target/ledger_line.hpp"
#include "core/sink.hpp"

namespace leat::file_target {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kPartitionFormat = 1;

enum class Want { partitions, all };

Result<PartitionEntry> partition_entry(std::string_view line, Want want) {
  TRY(const auto split, split_line(line));
  try {
    const Json object = Json::parse(split.head);
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
    TRY(entry.receipt, receipt_from_json(split.receipt));
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
  TRY(ledger.x_lines, open_lines(files, path));
  return ledger;
}

Error PartitionLedger::damaged(std::uint64_t start, const Error& why) const {
  return Error(Fault::config, "the ledger " + x_path.string() + " is damaged")
      .with("byte", std::to_string(start))
      .with("reason", why.message())
      .hint("restore it from a copy; its lines are only ever added to");
}

Result<std::optional<PartitionEntry>> PartitionLedger::newest(const Wanted& wanted) {
  for (std::uint64_t end = x_lines.end(); end > 0;) {
    TRY(const auto line, x_lines.before(end));
    end -= line.size();
    auto entry = partition_entry(line, Want::all);
    if (!entry.ok()) return damaged(end, entry.error());
    if (wanted(*entry)) return std::optional<PartitionEntry>(std::move(entry).value());
  }
  return std::optional<PartitionEntry>();
}

Result<std::vector<std::string>> PartitionLedger::lanes(const Lane& lane) {
  std::set<std::string> names;
  TRY(newest([&](const PartitionEntry& e) {
    if (e.receipt.lane.is_of_same_sink(lane)) names.insert(e.receipt.lane.lane);
    return false;
  }));
  return std::vector<std::string>(names.begin(), names.end());
}

Status PartitionLedger::require_head(const Receipt& receipt, const std::string& place) {
  TRY(auto last, newest([&](const PartitionEntry& e) { return e.receipt.lane == receipt.lane; }));
  return leat::require_head(last ? std::optional(std::move(last->receipt)) : std::nullopt, receipt,
                            place);
}

Result<std::map<std::string, LiveFile>> PartitionLedger::live() {
  std::map<std::string, LiveFile> folders;
  TRY(const auto text, x_lines.all());
  for (std::size_t start = 0; start < text.size();) {
    const auto line = text.substr(start, text.find('\n', start) + 1 - start);
    const auto entry = partition_entry(line, Want::partitions);
    if (!entry.ok()) return damaged(start, entry.error());
    for (const std::string& folder : entry->removed) folders.erase(folder);
    for (const PartEntry& part : entry->parts) folders.insert_or_assign(part.folder, part.file);
    start += line.size();
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
  return join_line(head.dump(-1, ' ', false, Json::error_handler_t::replace),
                   to_json(entry.receipt));
}

}  // namespace leat::file_target
