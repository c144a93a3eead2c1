#include <nlohmann/json.hpp>

#include "app/report.hpp"
#include "base/quantity.hpp"
#include "cli/arguments.hpp"

namespace leat::cli {
namespace {

void print_written(const app::ReportPage& page, const std::filesystem::path& path,
                   const Arguments& arguments) {
  if (arguments.output.json) {
    const nlohmann::json object{{"schema", "leat.report/1"},
                                {"ok", true},
                                {"run_id", page.run.run_id.text()},
                                {"pipeline", page.run.pipeline},
                                {"file", path.string()},
                                {"bytes", page.html.size()}};
    print(json_text(object));
    return;
  }
  print(path.string());
  say("report of run " + page.run.run_id.text() + " (" + page.run.pipeline + ", " +
      page.run.status + "), " + format_bytes(page.html.size()) + "; open it in a browser");
}

}  // namespace

int report_command(const Arguments& arguments) {
  const auto id = arguments.targets.empty() ? std::string("last") : arguments.targets.front();
  const auto page = app::report_page(arguments.project, id);
  if (!page.ok()) return report_error(page.error(), arguments.output, "report");
  if (arguments.out == "-") {
    print(page->html);
    return 0;
  }
  const auto path = app::write_report(*page, arguments.out);
  if (!path.ok()) return report_error(path.error(), arguments.output, "report");
  print_written(*page, *path, arguments);
  return 0;
}

}  // namespace leat::cli
