#include <nlohmann/json.hpp>

#include "app/import.hpp"
#include "base/counted.hpp"
#include "base/quantity.hpp"
#include "cli/arguments.hpp"

namespace leat::cli {
namespace {

void print_outcome(const app::ImportOutcome& made) {
  print(made.pipeline.string());
  say(counted(made.sources, "source") + ", " + counted(made.models, "model") + ", " +
      counted(made.checks, "check"));
  if (!made.left.empty()) say("\n" + format_count(made.left.size()) + " not translated:");
  for (const auto& left : made.left) {
    say("  " + left.file + ":" + std::to_string(left.line) + ": " + left.what);
  }
  say("\nnext: leat run " + made.pipeline.string());
}

}  // namespace

int import_dbt_command(const Arguments& arguments) {
  const auto made = app::import_dbt(arguments.targets.front(), arguments.out);
  if (!made.ok()) return report_error(made.error(), arguments.output, "import");
  if (!arguments.output.json) return print_outcome(*made), 0;
  nlohmann::json object{{"schema", "leat.import/1"},
                        {"ok", true},
                        {"pipeline", made->pipeline.string()},
                        {"sources", made->sources},
                        {"models", made->models},
                        {"checks", made->checks},
                        {"left", nlohmann::json::array()}};
  for (const auto& left : made->left) {
    object["left"].push_back({{"file", left.file}, {"line", left.line}, {"what", left.what}});
  }
  print(json_text(object));
  return 0;
}

}  // namespace leat::cli
