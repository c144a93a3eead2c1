#include "clients/file_target/ledger_line.hpp"

#include <nlohmann/json.hpp>

namespace leat::file_target {
namespace {

/// No text within a JSON object can hold it: a quote in a text has a backslash before it.
constexpr std::string_view kReceipt = ",\"receipt\":{";

}  // namespace

Result<LedgerLine> split_line(std::string_view line) {
  const auto at = line.find(kReceipt);
  const auto end = line.rfind('}');
  if (at == line.npos || end == line.npos || end < at + kReceipt.size()) {
    return Error(Fault::config, "the line has no receipt");
  }
  const auto from = at + kReceipt.size() - 1;
  return LedgerLine{std::string(line.substr(0, at)) + "}", line.substr(from, end - from)};
}

std::string join_line(std::string head, std::string_view receipt) {
  head.pop_back();
  return head + ",\"receipt\":" + std::string(receipt) + "}\n";
}

Result<GrownLines> open_lines(io::FileSystem& files, const std::filesystem::path& path) {
  TRY(auto lines, GrownLines::open(files, path));
  TRY(const auto last, lines.before(lines.end()));
  if (!last.empty() && !nlohmann::json::accept(last)) TRY(lines.drop_last());
  return lines;
}

}  // namespace leat::file_target
