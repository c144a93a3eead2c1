#include <nlohmann/json.hpp>

#include "app/preview.hpp"
#include "base/counted.hpp"
#include "base/quantity.hpp"
#include "cli/arguments.hpp"
#include "cli/interrupt.hpp"
#include "cli/progress.hpp"
#include "cli/rows_text.hpp"

namespace leat::cli {
namespace {

using nlohmann::json;

void say_counts(const app::Preview& preview, const Arguments& arguments) {
  const auto shown = preview.table.rows.size();
  say(preview.dataset + ": " + format_count(shown) + " of " + (preview.is_cut ? "the first " : "") +
      counted(preview.rows, "row") + (preview.rows > shown ? "; --limit shows more" : "") +
      (preview.is_cut ? "; the stream was read no further" : "") + "; nothing was published");
  if (arguments.output.quiet) return;
  for (const auto& dataset : preview.report.datasets) {
    const auto aside = dataset.outcome.counts.quarantined;
    if (aside == 0) continue;
    say("a run would set aside " + counted(aside, "row") + " of " + dataset.name + ":");
    for (const auto& check : dataset.outcome.checks) {
      if (check.verdict == Verdict::pass || check.rows_failed == 0) continue;
      say("    " + check.id + "  " + format_count(check.rows_failed));
    }
  }
}

json counts_json(const app::Preview& preview) {
  json list = json::array();
  for (const auto& dataset : preview.report.datasets) {
    const auto& counts = dataset.outcome.counts;
    list.push_back({{"name", dataset.name},
                    {"read", counts.read},
                    {"quarantined", counts.quarantined},
                    {"passed_on", counts.passed_on}});
  }
  return list;
}

}  // namespace

int preview_command(const Arguments& arguments) {
  const auto& cancel = watch_signals();
  Progress progress(arguments.output);
  const auto preview = app::preview(arguments.project, arguments.load, arguments.targets.front(),
                                    arguments.limit, cancel, progress.events());
  progress.clear();
  if (!preview.ok()) return report_error(preview.error(), arguments.output, "preview");
  if (arguments.output.json) {
    auto object = rows_json(preview->table);
    object["schema"] = "leat.preview/1";
    object["ok"] = true;
    object["node"] = preview->dataset;
    object["total"] = preview->is_cut ? json(nullptr) : json(preview->rows);
    object["datasets"] = counts_json(*preview);
    print(json_text(object));
    return 0;
  }
  print(rows_text(preview->table, arguments.output));
  say_counts(*preview, arguments);
  return 0;
}

}  // namespace leat::cli
