#include <nlohmann/json.hpp>

#include "app/ahead.hpp"
#include "app/check.hpp"
#include "app/diagnostics.hpp"
#include "app/reference.hpp"
#include "app/schema.hpp"
#include "base/names.hpp"
#include "base/counted.hpp"
#include "base/quantity.hpp"
#include "cli/ahead_text.hpp"
#include "cli/arguments.hpp"
#include "cli/plan_text.hpp"

namespace leat::cli {
namespace {

using nlohmann::json;

constexpr int kChangesPending = 5;  ///< Of `plan --detailed-exitcode`.

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

int print_checked(const std::vector<app::CheckedPipeline>& all, const Output& output) {
  std::size_t broken = 0;
  for (const auto& checked : all) {
    if (!checked.errors.empty()) say(app::render(checked.errors, output.terminal && output.color));
    for (const auto& warning : checked.warnings) say(warning_text(warning));
    broken += checked.plan ? 0 : 1;
    if (checked.plan && !output.quiet) {
      print(output.green("ok") + "  " + checked.file.string() + "  " + one_line(*checked.plan));
    }
  }
  if (broken == 0) return 0;
  say(std::to_string(broken) + " of " + counted(all.size(), "pipeline") +
      " cannot run; nothing was changed");
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
  print(json_text(object));
  return ok ? 0 : 2;
}

/// With selectors only their sinks; without, everything.
Result<std::vector<plan::Plan>> chosen_plans(const Arguments& arguments) {
  std::vector<plan::Plan> out;
  app::Planner planner(arguments.load);
  if (!arguments.selectors.any() && arguments.targets.size() < 2) {
    TRY(const auto file, app::find_pipeline(places(arguments).front()));
    TRY(auto plan, planner.plan(file, true));
    out.push_back(std::move(plan));
    return out;
  }
  TRY(const auto orders, app::select_runs(places(arguments), arguments.load, arguments.selectors));
  for (const auto& order : orders) {
    TRY(auto plan, planner.plan(order.file, true));
    out.push_back(app::restricted(std::move(plan), order));
  }
  return out;
}

/// One text a pipeline; as JSON it is one object whatever their number.
void print_each(const std::vector<std::string>& texts, const Output& output) {
  if (texts.size() == 1) return print(texts.front());
  std::string all;
  for (const auto& text : texts) all += (all.empty() ? "" : output.json ? "," : "\n\n") + text;
  if (output.json) all = R"({"schema":"leat.plans/1","ok":true,"plans":[)" + all + "]}";
  if (!all.empty()) print(all);
}

int show_resolved(const Arguments& arguments) {
  const auto values = app::resolved_values(places(arguments).front(), arguments.load);
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

int write_reference(const Arguments& arguments) {
  auto pages = app::reference_pages();
  pages.push_back({"commands.md", arguments.commands_page});
  const auto written = app::write_reference(arguments.reference, pages);
  if (!written.ok()) return report_error(written.error(), arguments.output, "schema");
  for (const auto& page : pages) print(arguments.reference + "/" + page.name);
  return 0;
}

}  // namespace

int check_command(const Arguments& arguments) {
  const auto all =
      app::check(places(arguments), arguments.load, arguments.selectors, arguments.connect);
  if (!all.ok()) return report_error(all.error(), arguments.output, "check");
  return arguments.output.json ? print_checked_json(*all) : print_checked(*all, arguments.output);
}

int plan_command(const Arguments& arguments) {
  const auto plans = chosen_plans(arguments);
  if (!plans.ok()) return report_error(plans.error(), arguments.output, "plan");
  std::vector<std::string> texts;
  bool is_pending = false;
  for (const auto& plan : *plans) {
    const auto ahead =
        app::look_ahead(plan, arguments.load, {arguments.from, arguments.to, false, false});
    if (!ahead.ok()) return report_error(ahead.error(), arguments.output, "plan");
    is_pending = is_pending || ahead->is_pending();
    texts.push_back(arguments.output.json ? with_ahead(plan_json(plan), *ahead)
                                          : plan_text(plan, arguments.output) + "\n" +
                                                ahead_text(*ahead, arguments.output));
  }
  print_each(texts, arguments.output);
  return arguments.detailed_exitcode && is_pending ? kChangesPending : 0;
}

namespace {

/// `leat show prices`: a plain word that leads to no pipeline file is a node.
Arguments with_nodes(Arguments arguments) {
  std::erase_if(arguments.targets, [&](const std::string& word) {
    if (!is_node_name(word) || app::find_pipelines(word).ok()) return false;
    arguments.selectors.select.push_back(word);
    return true;
  });
  return arguments;
}

}  // namespace

int show_command(const Arguments& typed) {
  if (typed.resolved) return show_resolved(typed);
  const auto arguments = with_nodes(typed);
  const auto graph = app::select_graph(places(arguments), arguments.load, arguments.selectors);
  if (!graph.ok()) return report_error(graph.error(), arguments.output, "show");
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < graph->plans.size(); ++i) {
    const auto names = graph->names(i);
    if (names.empty()) continue;
    texts.push_back(arguments.output.json ? plan_json(graph->plans[i], names)
                                          : show_text(graph->plans[i], names, arguments.output));
  }
  print_each(texts, arguments.output);
  return 0;
}

int schema_command(const Arguments& arguments) {
  if (!arguments.reference.empty()) return write_reference(arguments);
  const auto what = arguments.targets.empty() ? std::string("pipeline") : arguments.targets.front();
  const auto schema = app::json_schema(what);
  if (!schema.ok()) return report_error(schema.error(), arguments.output, "schema");
  print(*schema);
  return 0;
}

}  // namespace leat::cli
