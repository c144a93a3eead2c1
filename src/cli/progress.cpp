#include "cli/progress.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "base/quantity.hpp"

namespace leat::cli {
namespace {

constexpr std::size_t kLinesMax = 12;
constexpr std::size_t kWidthUnknown = 80;

std::size_t terminal_width() {
  winsize size{};
  if (::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return kWidthUnknown;
  return size.ws_col;
}

std::string padded(std::string text, std::size_t width) {
  if (text.size() < width) text.insert(0, width - text.size(), ' ');
  return text;
}

std::string line_of(const engine::PassProgress& input, std::chrono::microseconds elapsed) {
  const double seconds = std::max(1e-3, double(elapsed.count()) / 1e6);
  if (input.bytes_total > 0 && input.bytes >= input.bytes_total) {
    return padded(format_count(input.records), 14) + " rows  all read, " +
           format_bytes(input.bytes);
  }
  std::string line = padded(format_count(input.records), 14) + " rows  " +
                     padded(format_count(std::uint64_t(double(input.records) / seconds)), 12) +
                     "/s  ";
  if (input.bytes > 0) {
    line += format_bytes(input.bytes);
    if (input.bytes_total > 0) line += " of " + format_bytes(input.bytes_total);
    line += "  ";
  }
  line += format_duration(elapsed);
  if (input.bytes == 0 || input.bytes_total <= input.bytes) return line;
  const double left = double(input.bytes_total - input.bytes) / double(input.bytes);
  const auto remaining = std::chrono::microseconds(std::int64_t(double(elapsed.count()) * left));
  return line + "  " + format_duration(remaining) + " left";
}

}  // namespace

std::vector<std::string> progress_lines(const std::string& node,
                                        const std::vector<engine::PassProgress>& inputs,
                                        std::chrono::microseconds elapsed, std::size_t width) {
  std::size_t widest = 0;
  for (const auto& input : inputs) widest = std::max(widest, input.dataset.size());
  std::vector<std::string> lines;
  for (const auto& input : inputs) {
    if (lines.size() == kLinesMax) break;
    const auto name = input.dataset + std::string(widest - input.dataset.size(), ' ');
    const auto where = input.dataset == node ? "" : " → " + node;
    auto line = name + where + "  " + line_of(input, elapsed);
    // The arrow is one column and three bytes.
    const std::size_t extra = where.empty() ? 0 : 2;
    if (line.size() > width + extra - 1) line.resize(width + extra - 1);
    lines.push_back(std::move(line));
  }
  return lines;
}

run::RunEvents Progress::events() {
  run::RunEvents events;
  events.on_warning = [](const Diagnostic& warning) { say(warning_text(warning)); };
  if (x_output.quiet) return events;
  events.on_step = [this](const std::string& node) { step(node); };
  if (x_output.terminal) {
    events.on_progress = [this](const auto& inputs) { show(inputs); };
  }
  return events;
}

void Progress::step(const std::string& node) {
  const std::lock_guard lock(x_mutex);
  x_node = node;
  x_began = std::chrono::steady_clock::now();
  if (!x_output.terminal && x_output.verbose) say("running " + node);
}

void Progress::show(const std::vector<engine::PassProgress>& inputs) {
  const std::lock_guard lock(x_mutex);
  const auto elapsed = std::chrono::duration_cast<std::chrono::microseconds>(
      std::chrono::steady_clock::now() - x_began);
  const auto lines = progress_lines(x_node, inputs, elapsed, terminal_width());
  erase();
  for (const auto& line : lines) std::fprintf(stderr, "%s\n", line.c_str());
  std::fflush(stderr);
  x_lines = lines.size();
}

void Progress::erase() {
  if (x_lines > 0) std::fprintf(stderr, "\x1b[%zuA\r\x1b[J", x_lines);
  x_lines = 0;
}

void Progress::clear() {
  const std::lock_guard lock(x_mutex);
  erase();
  std::fflush(stderr);
}

}  // namespace leat::cli
