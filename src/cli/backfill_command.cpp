#include <nlohmann/json.hpp>

#include "app/backfill.hpp"
#include "base/counted.hpp"
#include "base/quantity.hpp"
#include "cli/arguments.hpp"
#include "cli/interrupt.hpp"

namespace leat::cli {
namespace {

using nlohmann::json;

std::string range_of(const app::ChunkOutcome& chunk) {
  const auto text = [](Instant at) { return format_instant(at).substr(0, 16) + "Z"; };
  return text(chunk.first.start) + " to " + text(chunk.last.end);
}

std::string tries(const app::ChunkOutcome& chunk) {
  return chunk.attempts == 1 ? "" : " after " + std::to_string(chunk.attempts) + " tries";
}

app::BackfillEvents events_for(const Arguments& arguments) {
  app::BackfillEvents events;
  if (arguments.output.json || arguments.output.quiet) return events;
  events.on_begin = [](std::size_t chunks, std::size_t intervals, std::size_t skipped) {
    say(counted(intervals, "interval is", "intervals are") + " missing, in " +
        counted(chunks, "chunk") + "; " + counted(skipped, "is", "are") + " published");
  };
  events.on_chunk = [](const app::ChunkOutcome& chunk) {
    say(range_of(chunk) +
        (chunk.exit_code == 0 ? "  published"
                              : "  failed, exit " + std::to_string(chunk.exit_code)) +
        tries(chunk));
  };
  return events;
}

json report_json(const app::BackfillReport& report, int code) {
  json object{
      {"schema", "leat.backfill/1"}, {"ok", code == 0},           {"exit", code},
      {"published", report.filled},  {"skipped", report.skipped}, {"failed", json::array()}};
  for (const auto& chunk : report.failed) {
    object["failed"].push_back({{"from", format_instant(chunk.first.start)},
                                {"to", format_instant(chunk.last.end)},
                                {"intervals", chunk.intervals},
                                {"attempts", chunk.attempts},
                                {"exit", chunk.exit_code},
                                {"error", chunk.error}});
  }
  return object;
}

void print_report(const app::BackfillReport& report, const Output& output) {
  print((report.failed.empty() ? output.green("filled") : output.yellow("partly filled")) + "  " +
        counted(report.filled, "interval") + " published, " +
        counted(report.skipped, "was", "were") + " before");
  for (const auto& chunk : report.failed) {
    print("  " + output.red("failed") + "  " + range_of(chunk) + tries(chunk) + ": " + chunk.error);
  }
  if (!report.failed.empty())
    print("  what was published stays; the same command goes on with the rest");
}

}  // namespace

int backfill_command(const Arguments& arguments) {
  app::BackfillOrder order;
  order.order.file = arguments.targets.empty() ? "." : arguments.targets.front();
  if (arguments.selectors.any()) {
    const auto orders = app::select_runs(places(arguments), arguments.load, arguments.selectors);
    if (!orders.ok()) return report_error(orders.error(), arguments.output, "backfill");
    if (orders->size() != 1) {
      const auto error = Error(Fault::config, "the selectors mean " +
                                                  std::to_string(orders->size()) + " pipelines")
                             .hint("nothing ran; a backfill is one of one pipeline: name its file");
      return report_error(error, arguments.output, "backfill");
    }
    order.order = orders->front();
  }
  order.from = arguments.from;
  order.to = arguments.to;
  order.chunk = arguments.chunk;
  order.parallel = arguments.parallel;
  order.newest_first = arguments.order == "newest";
  const auto report = app::backfill(order, arguments.load, watch_signals(), events_for(arguments));
  if (!report.ok()) return report_error(report.error(), arguments.output, "backfill");
  const int code = interrupted_code() != 0 ? interrupted_code() : report->exit_code();
  if (arguments.output.json) {
    print(json_text(report_json(*report, code)));
  } else {
    print_report(*report, arguments.output);
  }
  return code;
}

}  // namespace leat::cli
