#include <nlohmann/json.hpp>

#include "app/copy.hpp"
#include "app/format.hpp"
#include "app/new_project.hpp"
#include "app/run.hpp"
#include "base/shell_word.hpp"
#include "cli/arguments.hpp"
#include "cli/interrupt.hpp"
#include "cli/progress.hpp"
#include "cli/summary.hpp"

namespace leat::cli {
namespace {

using nlohmann::json;

}  // namespace

int new_command(const Arguments& arguments) {
  const auto name = arguments.targets.empty() ? "my_" + arguments.type : arguments.targets.front();
  const auto made = app::new_project(name, arguments.type);
  if (!made.ok()) return report_error(made.error(), arguments.output, "new");
  std::vector<std::string> files;
  for (const auto& file : made->files) files.push_back(file.string());
  if (arguments.output.json) {
    print(json_text({{"schema", "leat.new/1"},
                     {"ok", true},
                     {"folder", made->folder.string()},
                     {"type", arguments.type},
                     {"files", files}}));
    return 0;
  }
  print(arguments.output.green("made") + " " + arguments.output.bold(made->folder.string()));
  for (const auto& file : files) print("    " + file);
  say("next: cd " + shell_word(made->folder.string()) + " && leat run");
  return 0;
}

int copy_command(const Arguments& arguments) {
  if (arguments.targets.size() != 2) {
    say("error: copy needs a source and a target: leat copy data/x.csv out/x.parquet");
    return 2;
  }
  const auto& cancel = watch_signals();
  Progress progress(arguments.output);
  const auto report =
      app::copy({arguments.targets[0], arguments.targets[1], arguments.key, arguments.save},
                arguments.load, cancel, progress.events());
  progress.clear();
  const int signalled = interrupted_code();
  if (!report.ok()) {
    const int code = report_error(report.error(), arguments.output, "copy");
    return signalled ? signalled : code;
  }
  print(arguments.output.json ? app::to_json(*report) : summarize(*report, arguments.output));
  if (!arguments.save.empty()) say("saved: leat run " + arguments.save + " does it again");
  return signalled != 0 && report->exit_code != 0 ? signalled : report->exit_code;
}

int fmt_command(const Arguments& arguments) {
  const auto formatted = app::format_files(places(arguments), arguments.only_check);
  if (!formatted.ok()) return report_error(formatted.error(), arguments.output, "fmt");
  const char* word = arguments.only_check ? "would be put in order" : "put in order";
  json files = json::array();
  std::size_t changed = 0;
  for (const auto& one : *formatted) {
    changed += one.changed;
    files.push_back({{"file", one.file.string()}, {"changed", one.changed}});
    if (one.changed && !arguments.output.json) print(one.file.string() + "  " + word);
  }
  const bool ok = !arguments.only_check || changed == 0;
  if (arguments.output.json) {
    print(json_text({{"schema", "leat.fmt/1"}, {"ok", ok}, {"files", std::move(files)}}));
  } else if (changed == 0) {
    say("all in order");
  }
  return ok ? 0 : 1;
}

}  // namespace leat::cli
