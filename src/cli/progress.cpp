#include "cli/progress.hpp"

#include <cstdio>

#include "base/quantity.hpp"

namespace leat::cli {

run::RunEvents Progress::events() {
  run::RunEvents events;
  events.on_warning = [](const std::string& text) { warn(text); };
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
  if (!x_output.terminal && x_output.verbose) say("running " + node);
}

void Progress::show(const std::vector<engine::PassProgress>& inputs) {
  const std::lock_guard lock(x_mutex);
  std::uint64_t records = 0;
  std::uint64_t bytes = 0;
  std::uint64_t total = 0;
  for (const auto& input : inputs) {
    records += input.records;
    bytes += input.bytes;
    total += input.bytes_total;
  }
  std::string line = x_node + "  " + format_count(records) + " rows  " + format_bytes(bytes);
  if (total > 0) line += " of " + format_bytes(total);
  std::fprintf(stderr, "\r\x1b[K%s", line.c_str());
  std::fflush(stderr);
  x_shown = true;
}

void Progress::clear() {
  const std::lock_guard lock(x_mutex);
  if (x_shown) std::fprintf(stderr, "\r\x1b[K");
  x_shown = false;
}

}  // namespace leat::cli
