#include <chrono>
#include <nlohmann/json.hpp>
#include <thread>

#include "app/logs.hpp"
#include "cli/arguments.hpp"
#include "cli/interrupt.hpp"

namespace leat::cli {
namespace {

using nlohmann::json;
constexpr std::chrono::milliseconds kLookAgain{200};

/// "2026-01-31T06:00:00.123456Z info  text"
json line_json(const std::string& line) {
  const auto level = line.find(' ');
  const auto text = line.find_first_not_of(' ', line.find(' ', level + 1));
  if (level == std::string::npos || text == std::string::npos) return {{"text", line}};
  auto word = line.substr(level + 1, line.find(' ', level + 1) - level - 1);
  return {{"at", line.substr(0, level)}, {"level", std::move(word)}, {"text", line.substr(text)}};
}

json lines_json(const std::string& text) {
  json lines = json::array();
  for (std::size_t start = 0; start < text.size();) {
    auto end = text.find('\n', start);
    if (end == std::string::npos) end = text.size();
    lines.push_back(line_json(text.substr(start, end - start)));
    start = end + 1;
  }
  return lines;
}

/// Whole lines alone: returns how many bytes they are.
std::size_t print_lines(const std::string& text) {
  const auto end = text.rfind('\n');
  if (end == std::string::npos) return 0;
  print(std::string_view(text).substr(0, end));
  finish_printing();
  return end + 1;
}

}  // namespace

int logs_command(const Arguments& arguments) {
  const auto id = arguments.targets.empty() ? std::string("last") : arguments.targets.front();
  auto log = app::read_log(arguments.project, id);
  if (!log.ok()) return report_error(log.error(), arguments.output, "logs");
  if (arguments.output.json) {
    const json object{{"schema", "leat.logs/1"}, {"ok", true},
                      {"run_id", log->run_id},   {"file", log->file.string()},
                      {"running", log->running}, {"lines", lines_json(log->text)}};
    print(json_text(object));
    return 0;
  }
  const auto& cancel = watch_signals();
  std::uint64_t shown = print_lines(log->text);
  while (arguments.follow && log->running && !cancel.requested()) {
    std::this_thread::sleep_for(kLookAgain);
    auto again = app::read_log(arguments.project, log->run_id, shown);
    if (!again.ok()) return report_error(again.error(), arguments.output, "logs");
    log = std::move(again);
    shown += print_lines(log->text);
  }
  return interrupted_code();
}

}  // namespace leat::cli
