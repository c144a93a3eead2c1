#include "clients/file_target/ledger.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace leat::file_target {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kLedgerFormat = 1;
constexpr std::uint64_t kLedgerBytesMax = std::uint64_t{4} << 30;

Result<LedgerEntry> ledger_entry(std::string_view line) {
  try {
    const Json object = Json::parse(line);
    if (object.at("leat_ledger").get<int>() != kLedgerFormat) {
      return Error(Fault::config, "the line was written by a newer Leat");
    }
    LedgerEntry entry;
    TRY(entry.previous, parse_uuid(object.at("previous").get<std::string>()));
    object.at("digest").get_to(entry.file.digest);
    object.at("size").get_to(entry.file.size);
    for (const Json& column : object.at("columns")) {
      entry.columns.emplace_back(column.at(0).get<std::string>(), column.at(1).get<std::string>());
    }
    TRY(entry.receipt, receipt_from_json(object.at("receipt").dump()));
    return entry;
  } catch (const Json::exception& error) {
    return Error(Fault::config, error.what());
  }
}

/// The last line up to `end`, which stands behind a line end.
std::string_view last_line(std::string_view text, std::size_t end) {
  const std::size_t before = end < 2 ? std::string_view::npos : text.rfind('\n', end - 2);
  const std::size_t start = before == std::string_view::npos ? 0 : before + 1;
  return text.substr(start, end - start);
}

}  // namespace

Result<Ledger> Ledger::read(io::FileSystem& files, const std::filesystem::path& path) {
  Ledger ledger;
  ledger.x_path = path;
  if (!files.exists(path)) return ledger;
  TRY(ledger.x_text, io::read_text(files, path, kLedgerBytesMax));
  const std::size_t last_end = ledger.x_text.rfind('\n');
  ledger.x_end = last_end == std::string::npos ? 0 : last_end + 1;
  // A crash may also leave a last line of the right length and the wrong bytes.
  const std::string_view last = last_line(ledger.x_text, ledger.x_end);
  if (!last.empty() && !Json::accept(last)) ledger.x_end -= last.size();
  return ledger;
}

Result<std::optional<LedgerEntry>> Ledger::newest_committed(const LiveFile& live,
                                                            const Wanted& wanted) const {
  std::optional<Uuid> next;  // Unset until the entry of the live file is found.
  for (std::size_t end = x_end; end > 0;) {
    const std::string_view line = last_line(x_text, end);
    end -= line.size();
    auto entry = ledger_entry(line);
    if (!entry.ok()) {
      return Error(Fault::config, "the ledger " + x_path.string() + " is damaged")
          .with("byte", std::to_string(end))
          .with("reason", entry.error().message())
          .hint("restore it from a copy; its lines are only ever added to");
    }
    const bool is_live = entry->file.digest == live.digest && entry->file.size == live.size;
    if (next ? entry->receipt.publish_id != *next : !is_live) continue;
    if (wanted(*entry)) return std::optional<LedgerEntry>(std::move(entry).value());
    if (entry->previous.is_zero()) break;
    next = entry->previous;
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
  std::string line = head.dump(-1, ' ', false, Json::error_handler_t::replace);
  line.back() = ',';
  return line + "\"receipt\":" + to_json(entry.receipt) + "}\n";
}

}  // namespace leat::file_target
