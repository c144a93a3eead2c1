#include "cli/ahead_text.hpp"

#include <nlohmann/json.hpp>

#include "base/counted.hpp"
#include "base/quantity.hpp"

namespace leat::cli {
namespace {

using nlohmann::json;

constexpr std::size_t kRangesShown = 5;

std::string border(Instant at) { return format_instant(at).substr(0, 16) + "Z"; }

std::string range_of(const app::MissingIntervals& missing) {
  return border(missing.first.start) + " to " + border(missing.last.end);
}

std::string sink_text(const run::Ahead& sink, const Output& output) {
  if (!sink.trouble.empty()) {
    return "  " + output.bold(sink.sink) + "  " + output.yellow("cannot run: ") + sink.trouble +
           "\n";
  }
  std::string out = "  " + output.bold(sink.sink) + "  " + sink.new_rows;
  if (sink.is_pending && sink.rows_expected) {
    out += ", " + counted(*sink.rows_expected, "row") + " the last time";
  }
  out += "\n";
  if (!sink.replaces.empty()) out += "      replaces " + sink.replaces + "\n";
  if (!sink.changes.empty()) out += "      columns since its last publish\n";
  for (const auto& change : sink.changes) out += "        " + change + "\n";
  return out;
}

std::string intervals_text(const app::PlanAhead& ahead, const Output& output) {
  const auto& list = *ahead.intervals;
  const auto published = list.ended.size() - ahead.missing_count;
  std::string out = "  " + output.bold("intervals") + "  " + format_count(ahead.missing_count) +
                    " of " + counted(list.ended.size(), plan::name_of(list.rule.unit)) +
                    (ahead.missing_count == 1 ? " is" : " are") + " missing, " +
                    format_count(published) + (published == 1 ? " is" : " are") + " published\n";
  for (std::size_t i = 0; i < ahead.missing.size() && i < kRangesShown; ++i) {
    out += "      missing " + range_of(ahead.missing[i]) + "  (" +
           format_count(ahead.missing[i].count) + ")\n";
  }
  if (ahead.missing.size() > kRangesShown) {
    out += "      and " +
           counted(ahead.missing.size() - kRangesShown, "more stretch", "more stretches") + "\n";
  }
  if (ahead.partly_count > 0) {
    out += "      " + format_count(ahead.partly_count) +
           " of them by some sinks only: the others publish it\n";
  }
  if (ahead.replaced_count > 0) {
    out += "      replaces the rows of " + counted(ahead.replaced_count, "published one") +
           (ahead.is_range ? "\n" : ": `lookback`\n");
  }
  if (ahead.missing_count > 0 && ahead.rows_expected) {
    out += "      about " + counted(*ahead.rows_expected, "row") + " each, as the last ones had\n";
  }
  return out;
}

json interval_json(const app::MissingIntervals& missing) {
  return {{"from", format_instant(missing.first.start)},
          {"to", format_instant(missing.last.end)},
          {"count", missing.count}};
}

}  // namespace

std::string ahead_text(const app::PlanAhead& ahead, const Output& output) {
  std::string out = std::string("\npending") + (ahead.is_pending() ? "" : ": nothing") + "\n";
  if (ahead.intervals) out += intervals_text(ahead, output);
  for (const auto& sink : ahead.sinks) out += sink_text(sink, output);
  out.pop_back();
  return out;
}

std::string with_ahead(const std::string& plan_json, const app::PlanAhead& ahead) {
  auto object = json::parse(plan_json, nullptr, false);
  json pending{{"any", ahead.is_pending()}, {"sinks", json::array()}};
  for (const auto& sink : ahead.sinks) {
    json entry{{"name", sink.sink},
               {"pending", sink.is_pending},
               {"new", sink.new_rows},
               {"replaces", sink.replaces},
               {"trouble", sink.trouble}};
    if (!sink.changes.empty()) entry["column_changes"] = sink.changes;
    if (sink.rows_expected) entry["rows_expected"] = *sink.rows_expected;
    pending["sinks"].push_back(std::move(entry));
  }
  if (ahead.intervals) {
    json intervals{{"unit", plan::name_of(ahead.intervals->rule.unit)},
                   {"ended", ahead.intervals->ended.size()},
                   {"missing", ahead.missing_count},
                   {"partly", ahead.partly_count},
                   {"run_again", ahead.replaced_count},
                   {"stretches", json::array()}};
    for (const auto& one : ahead.missing) intervals["stretches"].push_back(interval_json(one));
    if (ahead.rows_expected) intervals["rows_expected"] = *ahead.rows_expected;
    pending["intervals"] = std::move(intervals);
  }
  object["pending"] = std::move(pending);
  return json_text(object);
}

}  // namespace leat::cli
