#include <nlohmann/json.hpp>

#include "app/check.hpp"
#include "app/diagnostics.hpp"
#include "app/schema.hpp"
#include "base/quantity.hpp"
#include "cli/arguments.hpp"
#include "cli/plan_text.hpp"

namespace leat::cli {
namespace {

using nlohmann::json;

json diagnostics_json(const std::vector<Diagnostic>& diagnostics) {
  json list = json::array();
  for (const auto& d : diagnostics) {
    list.push_back({{"file", d.place.file},
                    {"line", d.place.line},
                    {"column", d.place.column},
                    {"message", d.message},
                    {"hint", d.hint}});
  }
  return list;
}

std::vector<std::filesystem::path> places(const Arguments& arguments) {
  std::vector<std::filesystem::path> out(arguments.targets.begin(), arguments.targets.end());
  if (out.empty()) out.emplace_back(".");
  return out;
}

int print_checked(const std::vector<app::CheckedPipeline>& all, const Output& output) {
  std::size_t broken = 0;
  for (const auto& checked : all) {
    if (!checked.errors.empty()) say(app::render(checked.errors, output.terminal && output.color));
    for (const auto& warning : checked.warnings) {
      say(warning.place.file + ":" + std::to_string(warning.place.line) +
          ": warning: " + warning.message);
    }
    broken += checked.plan ? 0 : 1;
    if (checked.plan && !output.quiet) {
      print(output.green("ok") + "  " + checked.file.string() + "  " + one_line(*checked.plan));
    }
  }
  if (broken == 0) return 0;
  say(std::to_string(broken) + " of " + std::to_string(all.size()) +
      " pipelines cannot run; nothing was changed");
  return 2;
}

int print_checked_json(const std::vector<app::CheckedPipeline>& all) {
  bool ok = true;
  json object{{"schema", "leat.check/1"}, {"pipelines", json::array()}};
  for (const auto& checked : all) {
    ok = ok && checked.plan.has_value();
    object["pipelines"].push_back({{"file", checked.file.string()},
                                   {"ok", checked.plan.has_value()},
                                   {"errors", diagnostics_json(checked.errors)},
                                   {"warnings", diagnostics_json(checked.warnings)}});
  }
  object["ok"] = ok;
  object["exit"] = ok ? 0 : 2;
  print(object.dump(-1, ' ', false, json::error_handler_t::replace));
  return ok ? 0 : 2;
}

Result<plan::Plan> load(const Arguments& arguments, bool discover) {
  const auto target = arguments.targets.empty() ? std::string(".") : arguments.targets.front();
  TRY(const auto file, app::find_pipeline(target));
  return app::Planner(arguments.load).plan(file, discover);
}

}  // namespace

int check_command(const Arguments& arguments) {
  const auto all = app::check(places(arguments), arguments.load);
  if (!all.ok()) return report_error(all.error(), arguments.output, "check");
  return arguments.output.json ? print_checked_json(*all) : print_checked(*all, arguments.output);
}

int plan_command(const Arguments& arguments) {
  const auto plan = load(arguments, true);
  if (!plan.ok()) return report_error(plan.error(), arguments.output, "plan");
  print(arguments.output.json ? plan_json(*plan) : plan_text(*plan, arguments.output));
  return 0;
}

int show_command(const Arguments& arguments) {
  if (arguments.resolved) {
    const auto target = arguments.targets.front();
    const auto values = app::resolved_values(target, arguments.load);
    if (!values.ok()) return report_error(values.error(), arguments.output, "show");
    std::vector<std::vector<std::string>> rows{{"key", "value", "from"}};
    json list = json::array();
    for (const auto& value : *values) {
      rows.push_back({value.path, value.value, value.from});
      list.push_back({{"key", value.path}, {"value", value.value}, {"from", value.from}});
    }
    print(arguments.output.json
              ? json{{"schema", "leat.resolved/1"}, {"ok", true}, {"values", list}}.dump()
              : table(rows, arguments.output));
    return 0;
  }
  const auto plan = load(arguments, false);
  if (!plan.ok()) return report_error(plan.error(), arguments.output, "show");
  const auto shown = show_text(*plan, arguments.select, arguments.output);
  if (!shown.ok()) return report_error(shown.error(), arguments.output, "show");
  print(arguments.output.json ? plan_json(*plan) : *shown);
  return 0;
}

int schema_command(const Arguments& arguments) {
  const auto what = arguments.targets.empty() ? std::string("pipeline") : arguments.targets.front();
  const auto schema = app::json_schema(what);
  if (!schema.ok()) return report_error(schema.error(), arguments.output, "schema");
  print(*schema);
  return 0;
}

}  // namespace leat::cli
