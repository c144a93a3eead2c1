#include "run/quarantine_acts.hpp"

#include <pwd.h>
#include <unistd.h>

#include <array>
#include <nlohmann/json.hpp>

namespace leat::run {
namespace {

using nlohmann::json;

json to_json(const QuarantineAct& act) {
  json ranges = json::array();
  for (const auto& [first, end] : act.rows.ranges()) ranges.push_back({first, end});
  json line{{"act", act.act},
            {"at", format_instant(act.at)},
            {"by", act.by},
            {"how", act.how},
            {"rows", std::move(ranges)}};
  if (act.act != "patch") return line;
  line["values"] = json::array();
  for (const auto& [row, values] : act.values) line["values"].push_back({row, values});
  return line;
}

bool take_ranges(const json& from, RowRanges& rows) {
  for (const auto& range : from) {
    if (!range.is_array() || range.size() != 2 || !range[0].is_number_unsigned() ||
        !range[1].is_number_unsigned()) {
      return false;
    }
    rows.add(range[0].get<std::uint64_t>(), range[1].get<std::uint64_t>());
  }
  return true;
}

bool take_values(const json& from, std::map<std::uint64_t, std::string>& values) {
  for (const auto& entry : from) {
    if (!entry.is_array() || entry.size() != 2 || !entry[0].is_number_unsigned() ||
        !entry[1].is_string()) {
      return false;
    }
    values[entry[0].get<std::uint64_t>()] = entry[1].get<std::string>();
  }
  return true;
}

bool take_text(const json& line, const char* key, std::string& out) {
  const auto found = line.find(key);
  if (found == line.end() || !found->is_string()) return false;
  out = found->get<std::string>();
  return true;
}

/// False when it is none.
bool take_act(const std::string& text, QuarantineAct& act) {
  const auto line = json::parse(text, nullptr, false);
  std::string at;
  if (!line.is_object() || !take_text(line, "act", act.act) || !take_text(line, "at", at) ||
      !take_text(line, "by", act.by) || !take_text(line, "how", act.how)) {
    return false;
  }
  const auto when = parse_instant(at);
  if (!when.ok() || !line.contains("rows") || !take_ranges(line["rows"], act.rows)) return false;
  act.at = *when;
  return !line.contains("values") || take_values(line["values"], act.values);
}

}  // namespace

std::filesystem::path acts_path(const std::filesystem::path& segment) {
  return segment.parent_path() / (segment.stem().string() + ".acts.ndjson");
}

Result<QuarantineActs> read_acts(io::FileSystem& files, const std::filesystem::path& segment) {
  QuarantineActs acts;
  const auto path = acts_path(segment);
  if (!files.exists(path)) return acts;
  TRY(const auto text, io::read_text(files, path, UINT64_MAX));
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find('\n', at), text.size());
    QuarantineAct act;
    if (!take_act(text.substr(at, end - at), act)) {
      return Error(Fault::external, "a line is no decision about rows in quarantine")
          .with("file", path.string())
          .with("line", std::to_string(acts.log.size() + 1));
    }
    if (act.act == "drop") acts.dropped.add(act.rows.ranges());
    for (const auto& [row, values] : act.values) acts.patched[row] = values;
    acts.log.push_back(std::move(act));
    at = end + 1;
  }
  return acts;
}

Status add_act(io::FileSystem& files, const std::filesystem::path& segment,
               const QuarantineAct& act) {
  const auto path = acts_path(segment);
  std::string text;
  if (files.exists(path)) {
    TRY(text, io::read_text(files, path, UINT64_MAX));
  }
  text += to_json(act).dump(-1, ' ', false, json::error_handler_t::replace) + "\n";
  return io::write_durably(files, path, text);
}

std::string who_acts() {
  std::array<char, 256> host{};
  if (::gethostname(host.data(), host.size() - 1) != 0) host[0] = '\0';
  const auto* entry = ::getpwuid(::geteuid());
  const std::string user = entry != nullptr ? entry->pw_name : std::to_string(::geteuid());
  return host[0] == '\0' ? user : user + "@" + host.data();
}

}  // namespace leat::run
