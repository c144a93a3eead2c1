#include <nlohmann/json.hpp>

#include "app/backfill.hpp"
#include "base/counted.hpp"
#include "base/quantity.hpp"
#include "cli/arguments.hpp"
#include "cli/interrupt.hpp"

namespace leat::cli {
namespace {

using nlohmann::json;

constexpr int kPartial = 4;

std::string range_of(const app::ChunkOutcome& chunk) {
  const auto text = [](Instant at) { return format_instant(at).substr(0, 16) + "Z"; };
  return text(chunk.first.start) + " to " + text(chunk.last.end);
}

/// As `--from` takes it.
std::string second_of(Instant at) { return format_instant(at).substr(0, 19) + "Z"; }

std::string tries(const app::ChunkOutcome& chunk) {
  return chunk.attempts == 1 ? "" : " after " + std::to_string(chunk.attempts) + " tries";
}

app::BackfillEvents events_for(const Arguments& arguments, const std::string& pipeline) {
  app::BackfillEvents events;
  if (arguments.output.json || arguments.output.quiet) return events;
  const std::string before = pipeline.empty() ? "" : pipeline + ": ";
  events.on_begin = [before](std::size_t chunks, std::size_t intervals, std::size_t skipped) {
    say(before + counted(intervals, "interval is", "intervals are") + " missing, in " +
        counted(chunks, "chunk") + "; " + counted(skipped, "is", "are") + " published");
  };
  events.on_chunk = [before](const app::ChunkOutcome& chunk) {
    say(before + range_of(chunk) +
        (chunk.exit_code == 0 ? "  published"
                              : "  failed, exit " + std::to_string(chunk.exit_code)) +
        tries(chunk));
  };
  return events;
}

json report_json(const app::BackfillReport& report, int code) {
  json object{{"schema", "leat.backfill/1"}, {"ok", code == 0},           {"exit", code},
              {"published", report.filled},  {"skipped", report.skipped}, {"failed", json::array()},
              {"older", json::array()}};
  for (const auto& interval : report.older) object["older"].push_back(interval.lane());
  for (const auto& chunk : report.failed) {
    object["failed"].push_back({{"from", format_instant(chunk.first.start)},
                                {"to", format_instant(chunk.last.end)},
                                {"intervals", chunk.intervals},
                                {"attempts", chunk.attempts},
                                {"exit", chunk.exit_code},
                                {"error", chunk.error}});
  }
  if (!report.unknown.empty()) object["unknown"] = report.unknown;
  return object;
}

void print_report(const app::BackfillReport& report, const Output& output) {
  print((report.failed.empty() ? output.green("filled") : output.yellow("partly filled")) + "  " +
        counted(report.filled, "interval") + " published, " +
        counted(report.skipped, "was", "were") + " before");
  for (const auto& chunk : report.failed) {
    print("  " + output.red("failed") + "  " + range_of(chunk) + tries(chunk) + ": " + chunk.error);
  }
  if (!report.older.empty()) {
    print("  " + counted(report.older.size(), "interval was", "intervals were") +
          " published before what was filled above; where they rest on it, run again what lies "
          "there: --from " +
          second_of(report.older.front().start) + " --to " + second_of(report.older.back().end));
  }
  if (!report.unknown.empty())
    print("  what else of these is there could not be asked: " + report.unknown);
  if (!report.failed.empty())
    print("  what was published stays; the same command goes on with the rest");
}

Result<std::vector<app::RunOrder>> orders_of(const Arguments& arguments) {
  if (arguments.selectors.any() || arguments.targets.size() > 1) {
    return app::select_runs(places(arguments), arguments.load, arguments.selectors);
  }
  return std::vector<app::RunOrder>{{places(arguments).front(), {}}};
}

app::BackfillOrder order_of(const Arguments& arguments, const app::RunOrder& run) {
  app::BackfillOrder order;
  order.order = run;
  order.from = arguments.from;
  order.to = arguments.to;
  order.chunk = arguments.chunk;
  order.parallel = arguments.parallel;
  order.newest_first = arguments.order == "newest";
  return order;
}

/// `pipeline`: named where it is one of several. `reports`: keeps what else is printed. `filled`:
/// by the pipelines before it, and now by this one.
int backfill_one(const Arguments& arguments, const app::RunOrder& run, const std::string& pipeline,
                 json* reports, std::vector<plan::Interval>& filled) {
  auto order = order_of(arguments, run);
  order.filled_before = filled;
  const auto report =
      app::backfill(order, arguments.load, watch_signals(), events_for(arguments, pipeline));
  if (!report.ok()) {
    auto output = arguments.output;
    output.json = output.json && reports == nullptr;
    const int code = report_error(report.error(), output, "backfill");
    if (reports != nullptr) {
      reports->push_back({{"pipeline", pipeline},
                          {"ok", false},
                          {"exit", code},
                          {"error", report.error().text()}});
    }
    return code;
  }
  filled.insert(filled.end(), report->done.begin(), report->done.end());
  const int code = interrupted_code() != 0 ? interrupted_code() : report->exit_code();
  if (!arguments.output.json) {
    if (!pipeline.empty()) print(arguments.output.bold(pipeline));
    print_report(*report, arguments.output);
  } else if (reports == nullptr) {
    print(json_text(report_json(*report, code)));
  } else {
    reports->push_back(report_json(*report, code));
    reports->back()["pipeline"] = pipeline;
  }
  return code;
}

/// One after the other, as they were named. What may rest on intervals that failed does not begin.
int backfill_several(const Arguments& arguments, const std::vector<app::RunOrder>& orders) {
  json reports = json::array();
  int code = 0;
  std::size_t done = 0;
  std::vector<plan::Interval> filled;
  for (; done < orders.size() && code == 0; ++done) {
    code =
        backfill_one(arguments, orders[done], orders[done].file.stem().string(), &reports, filled);
  }
  if (code != 0 && done > 1 && interrupted_code() == 0) code = kPartial;
  if (arguments.output.json) {
    print(json_text({{"schema", "leat.backfill_several/1"},
                     {"ok", code == 0},
                     {"exit", code},
                     {"backfills", std::move(reports)}}));
    return code;
  }
  for (; done < orders.size(); ++done) {
    say(orders[done].file.stem().string() + " is not begun: what stands before it is not whole" +
        (filled.empty() ? ""
                        : "; what it has published of the intervals that were filled is older"));
  }
  return code;
}

}  // namespace

int backfill_command(const Arguments& arguments) {
  const auto orders = orders_of(arguments);
  if (!orders.ok()) return report_error(orders.error(), arguments.output, "backfill");
  if (orders->size() == 1) {
    std::vector<plan::Interval> filled;
    return backfill_one(arguments, orders->front(), "", nullptr, filled);
  }
  return backfill_several(arguments, *orders);
}

}  // namespace leat::cli
