#include "cli/program.hpp"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <functional>
#include <system_error>

#include "app/version.hpp"
#include "cli/arguments.hpp"
#include "cli/completion.hpp"
#include "cli/usage_error.hpp"

namespace leat::cli {
namespace {

constexpr const char* kExitCodes =
    "exit codes: 0 success, 1 a step failed, 2 usage or configuration, 3 held, 4 partial,\n"
    "6 try again later, 7 safety refusal, 70 bug, 130/143 interrupted";

/// Flags as they were typed, before they become arguments.
struct Typed {
  Arguments arguments;
  std::string format = "text";
  std::vector<std::string> variables;
  std::string shell;
  bool no_color = false;
};

/// Declares every command and flag, once.
class Program {
 public:
  Program()
      : x_app(
            "Builds and runs data pipelines: every row is published once, with its proof,\n"
            "or held back where you can see it.",
            "leat") {
    x_app.footer(kExitCodes);
    x_app.set_version_flag("--version", app::version());
    develop();
    change();
    operate();
    understand();
    meta();
  }

  int run(int argc, char** argv) {
    try {
      x_app.parse(argc, argv);
    } catch (const CLI::ParseError& problem) {
      if (problem.get_exit_code() == 0) return x_app.exit(problem);
      x_typed.arguments.output.json = wants_json(argc, argv);
      return report(usage_error(problem, x_app));
    }
    if (auto settled = settle(); !settled.ok()) return report(settled.error());
    if (x_chosen) return x_chosen();
    print(x_app.help());
    return 0;
  }

 private:
  int report(const Error& error) const {
    return report_error(error, x_typed.arguments.output, typed_command(x_app));
  }

  CLI::App* add(CLI::App& parent, const char* name, const char* summary, Command command) {
    auto* sub = parent.add_subcommand(name, summary);
    sub->callback(
        [this, command] { x_chosen = [this, command] { return command(x_typed.arguments); }; });
    sub->add_option("-o,--output", x_typed.format, "How to print the result")
        ->check(CLI::IsMember({"text", "json"}))
        ->capture_default_str();
    sub->add_flag("-q,--quiet", x_typed.arguments.output.quiet, "Say less");
    sub->add_flag("-v,--verbose", x_typed.arguments.output.verbose, "Say more");
    sub->add_flag("--no-color", x_typed.no_color, "No colours; also by NO_COLOR");
    return sub;
  }

  CLI::App* loading(CLI::App* sub) {
    sub->add_option("-e,--env", x_typed.arguments.load.environment,
                    "Environment of leat.yml; default LEAT_ENV, else dev");
    sub->add_option("--var", x_typed.variables, "A parameter of the pipeline: name=value")
        ->allow_extra_args(false);
    return sub;
  }

  void targets(CLI::App* sub, const char* name, const char* summary, bool required) {
    auto* option = sub->add_option(name, x_typed.arguments.targets, summary);
    if (required) option->required();
  }

  CLI::App* selecting(CLI::App* sub) {
    auto& selectors = x_typed.arguments.selectors;
    sub->add_option("-s,--select", selectors.select,
                    "Nodes: x, +x, x+, 2+x, @x, tag:x, path:x; a space means or, a comma and")
        ->allow_extra_args(false);
    sub->add_option("--exclude", selectors.exclude, "Nodes to leave out, in the same way")
        ->allow_extra_args(false);
    return sub;
  }

  void project(CLI::App* sub) {
    sub->add_option("-p,--project", x_typed.arguments.project, "The project's folder")
        ->capture_default_str();
  }

  void develop() {
    targets(selecting(loading(
                add(x_app, "check", "Check pipelines without running them", check_command))),
            "pipelines", "Pipeline files or folders; default: here", false);
    auto* show = selecting(
        loading(add(x_app, "show", "Show pipelines, or some nodes of them", show_command)));
    targets(show, "pipeline", "Pipeline files or folders; default: here", false);
    show->add_flag("--resolved", x_typed.arguments.resolved, "Every value, and where it came from");
    auto* query = add(x_app, "query", "Run a SELECT over files or a DuckDB file", query_command);
    targets(query, "sql", "For example: \"FROM 'out/x.parquet' LIMIT 5\"", true);
    query->add_option("--db", x_typed.arguments.database, "A DuckDB file to look into");
  }

  void change() {
    auto* plan = selecting(loading(add(x_app, "plan", "Show what a run would do", plan_command)));
    targets(plan, "pipeline", "A pipeline file; default: the only one here", false);
    auto* run = selecting(loading(
        add(x_app, "run", "Run a pipeline; with selectors, those that have them", run_command)));
    targets(run, "pipeline", "A pipeline file; default: the only one here", false);
    run->add_option("--threads", x_typed.arguments.load.threads, "Threads; default: all cores")
        ->check(CLI::Range(1, 1024));
    run->add_option("--memory", x_typed.arguments.load.memory, "Memory of the engine: 2GB");
    auto* publish =
        add(x_app, "publish", "Publish what was held; without an id, list it", publish_command);
    targets(publish, "id", "Beginning of the publish id", false);
    project(publish);
    auto* discard = add(x_app, "discard", "Remove what was held", discard_command);
    targets(discard, "id", "Beginning of the publish id", true);
    project(discard);
  }

  void operate() {
    auto* runs = add(x_app, "runs", "List runs, newest first", runs_command);
    targets(runs, "pipeline", "Only those of this pipeline", false);
    runs->add_option("--limit", x_typed.arguments.limit, "How many")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    project(runs);
    auto* explain = add(x_app, "explain", "Tell what a run did and why", explain_command);
    targets(explain, "run", "Beginning of the run id; default: the last run", false);
    project(explain);
    auto* report = add(x_app, "report", "Write one HTML page about a run", report_command);
    targets(report, "run", "Beginning of the run id; default: last", false);
    report->add_option("--out", x_typed.arguments.out,
                       "File or folder to write; -: stdout; default: <pipeline>-<run>.html here");
    project(report);
    auto* quarantine = x_app.add_subcommand("quarantine", "Rows that were set aside");
    quarantine->require_subcommand(1);
    auto* list = add(*quarantine, "list", "List what is in quarantine", quarantine_list_command);
    list->add_flag("--all", x_typed.arguments.all, "Also what later publishes have replaced");
    project(list);
    auto* rows = add(*quarantine, "show", "Show rows with their reasons", quarantine_show_command);
    targets(rows, "dataset", "A dataset, or the beginning of a publish id", true);
    rows->add_option("--limit", x_typed.arguments.limit, "How many rows")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    project(rows);
    project(add(x_app, "doctor", "Look at the machine and the project", doctor_command));
  }

  void understand() {
    targets(selecting(loading(add(x_app, "ls", "List nodes, or pipelines", ls_command))),
            "pipelines", "Pipeline files or folders; default: here", false);
    x_app.get_subcommand("ls")->add_flag("--pipelines", x_typed.arguments.all,
                                         "One line a pipeline");
    auto* graph =
        selecting(loading(add(x_app, "graph", "Draw which node reads which", graph_command)));
    targets(graph, "pipelines", "Pipeline files or folders; default: here", false);
    graph->add_option("--format", x_typed.arguments.format, "text, mermaid or dot")
        ->check(CLI::IsMember({"text", "mermaid", "dot"}))
        ->capture_default_str();
  }

  void meta() {
    targets(add(x_app, "schema", "Print the JSON Schema of a file", schema_command), "what",
            "pipeline or project; default: pipeline", false);
    auto* completion = x_app.add_subcommand("completion", "Print a completion script");
    completion->add_option("shell", x_typed.shell, "bash, zsh or fish")
        ->required()
        ->check(CLI::IsMember({"bash", "zsh", "fish"}));
    completion->callback(
        [this] { x_chosen = [this] { return print_completion(words(), x_typed.shell); }; });
    add(x_app, "version", "Print the version", version_command);
  }

  /// Every command with its flags, for completion.
  CommandWords words() const {
    CommandWords all;
    for (const auto* sub : x_app.get_subcommands([](const CLI::App*) { return true; })) {
      add_words(all, *sub, sub->get_name());
      for (const auto* inner : sub->get_subcommands([](const CLI::App*) { return true; })) {
        add_words(all, *inner, sub->get_name() + " " + inner->get_name());
      }
    }
    return all;
  }

  static void add_words(CommandWords& all, const CLI::App& sub, const std::string& name) {
    CommandWord word{name, sub.get_description(), {}};
    for (const auto* option : sub.get_options()) {
      for (const auto& flag : option->get_lnames()) word.flags.push_back("--" + flag);
    }
    all.push_back(std::move(word));
  }

  Status settle() {
    auto& arguments = x_typed.arguments;
    arguments.output.json = x_typed.format == "json";
    arguments.output.terminal = ::isatty(2) != 0;
    arguments.output.color = ::isatty(1) != 0 && !x_typed.no_color && !std::getenv("NO_COLOR");
    for (const auto& variable : x_typed.variables) {
      const auto equals = variable.find('=');
      if (equals == std::string::npos || equals == 0) {
        return Error(Fault::config, "--var needs name=value, not `" + variable + "`")
            .hint("for example: --var year=2021");
      }
      arguments.load.variables.emplace_back(variable.substr(0, equals),
                                            variable.substr(equals + 1));
    }
    return {};
  }

  CLI::App x_app;
  Typed x_typed;
  std::function<int()> x_chosen;
};

}  // namespace

int run_program(int argc, char** argv) {
  const int code = Program().run(argc, argv);
  const int failure = finish_printing();
  if (failure == 0) return code;
  say("error: the output could not be written: " + std::generic_category().message(failure));
  say("  hint: what the command did is done all the same; only its result is not shown");
  return code == 0 ? 1 : code;
}

}  // namespace leat::cli
