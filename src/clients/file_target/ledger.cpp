#include "clients/file_target/ledger.hpp"

#include <nlohmann/json.hpp>

#include "clients/file_target/ledger_line.hpp"

namespace leat::file_target {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kLedgerFormat = 1;

Result<LedgerEntry> ledger_entry(std::string_view line) {
  TRY(const auto split, split_line(line));
  try {
    const Json head = Json::parse(split.head);
    if (head.at("leat_ledger").get<int>() != kLedgerFormat) {
      return Error(Fault::config, "the line was written by a newer Leat");
    }
    LedgerEntry entry;
    TRY(entry.previous, parse_uuid(head.at("previous").get<std::string>()));
    head.at("digest").get_to(entry.file.digest);
    head.at("size").get_to(entry.file.size);
    for (const Json& column : head.at("columns")) {
      entry.columns.emplace_back(column.at(0).get<std::string>(), column.at(1).get<std::string>());
    }
    TRY(entry.receipt, receipt_from_json(split.receipt));
    return entry;
  } catch (const Json::exception& error) {
    return Error(Fault::config, error.what());
  }
}

}  // namespace

Result<Ledger> Ledger::read(io::FileSystem& files, const std::filesystem::path& path) {
  Ledger ledger;
  ledger.x_path = path;
  TRY(ledger.x_lines, open_lines(files, path));
  return ledger;
}

Result<Ledger::Read> Ledger::read_before(std::uint64_t end) {
  TRY(const auto line, x_lines.before(end));
  const auto start = end - line.size();
  auto entry = ledger_entry(line);
  if (entry.ok()) return Read{std::move(entry).value(), start};
  return Error(Fault::config, "the ledger " + x_path.string() + " is damaged")
      .with("byte", std::to_string(start))
      .with("reason", entry.error().message())
      .hint("restore it from a copy; its lines are only ever added to");
}

Result<std::optional<LedgerEntry>> Ledger::newest_committed(const LiveFile& live,
                                                            const Wanted& wanted) {
  constexpr std::size_t kKept = 4;
  std::optional<Uuid> next;  // Unset until the entry of the live file is found.
  std::size_t number = 0;
  for (std::uint64_t end = x_lines.end(); end > 0; ++number) {
    if (number == x_newest.size() && number < kKept) {
      TRY(auto read, read_before(end));
      x_newest.push_back(std::move(read));
    }
    Read earlier;
    if (number >= kKept) {
      TRY(earlier, read_before(end));
    }
    const Read& read = number < kKept ? x_newest[number] : earlier;
    const LedgerEntry& entry = read.entry;
    end = read.start;
    const bool is_live = entry.file.digest == live.digest && entry.file.size == live.size;
    if (next ? entry.receipt.publish_id != *next : !is_live) continue;
    if (wanted(entry)) return std::optional<LedgerEntry>(entry);
    if (entry.previous.is_zero()) break;
    next = entry.previous;
  }
  return std::optional<LedgerEntry>();
}

std::string to_line(const LedgerEntry& entry) {
  Json columns = Json::array();
  for (const auto& [name, type] : entry.columns) columns.push_back({name, type});
  const Json head = {{"leat_ledger", kLedgerFormat},
                     {"previous", entry.previous.text()},
                     {"digest", entry.file.digest},
                     {"size", entry.file.size},
                     {"columns", std::move(columns)}};
  return join_line(head.dump(-1, ' ', false, Json::error_handler_t::replace),
                   to_json(entry.receipt));
}

}  // namespace leat::file_target
