#include "cli/program_app.hpp"

#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <system_error>

#include "app/version.hpp"
#include "cli/commands_page.hpp"
#include "cli/usage_error.hpp"

namespace leat::cli {
namespace {

constexpr const char* kExitCodes =
    "exit codes: 0 success, 1 a step failed, 2 usage or configuration, 3 held, 4 partial,\n"
    "5 changes pending (plan --detailed-exitcode), 6 try again later, 7 safety refusal, 70 bug, "
    "130/143 interrupted";

/// What is wrong with a number of rows or runs; empty: nothing.
std::string at_least_one(const std::string& text) {
  std::size_t number = 0;
  const auto* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, number);
  return read.ec == std::errc() && read.ptr == end && number > 0 ? "" : "must be 1 or more";
}

}  // namespace

Program::Program()
    : x_app(
          "Builds and runs data pipelines: every row is published once, with its proof,\n"
          "or held back where you can see it.",
          "leat") {
  // One at most: behind `preview` the word `run` is a node.
  x_app.require_subcommand(0, 1);
  x_app.footer(kExitCodes);
  x_app.set_version_flag("--version", app::version());
  start();
  develop();
  change();
  operate();
  set_aside();
  steer();
  understand();
  meta();
}

int Program::run(int argc, char** argv) {
  try {
    parse(argc, argv);
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

/// `leat help run` is what a newcomer types for `leat run --help`.
void Program::parse(int argc, char** argv) {
  std::vector<std::string> words(argv + std::min(argc, 1), argv + argc);
  if (!words.empty() && words.front() == "help") {
    words.erase(words.begin());
    // A command that there is not is complained about, as without `help`.
    if (words.empty() || is_command(words.front())) words.emplace_back("--help");
  }
  // It takes them from the back.
  std::reverse(words.begin(), words.end());
  x_app.parse(std::move(words));
}

bool Program::is_command(const std::string& word) const {
  const auto found =
      x_app.get_subcommands([&](const CLI::App* command) { return command->get_name() == word; });
  return !found.empty();
}

int Program::report(const Error& error) const {
  return report_error(error, x_typed.arguments.output, typed_command(x_app));
}

CLI::App* Program::add(CLI::App& parent, const char* name, const char* summary, Command command) {
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

CLI::App* Program::loading(CLI::App* sub) {
  sub->add_option("-e,--env", x_typed.arguments.load.environment,
                  "Environment of leat.yml; default LEAT_ENV, else dev");
  variables(sub, "A parameter of the pipeline: name=value");
  return sub;
}

void Program::variables(CLI::App* sub, const char* summary) {
  sub->add_option("--var", x_typed.variables, summary)->allow_extra_args(false);
}

CLI::App* Program::between(CLI::App* sub) {
  sub->add_option("--from", x_typed.arguments.from,
                  "The first interval: 2024-01-01, \"2024-01-01 06:00\", 2024-01-01T05:00:00Z");
  sub->add_option("--to", x_typed.arguments.to, "The end of the last one, not included");
  return sub;
}

/// `kind` is that of its words for completion; see CommandWord.
CLI::Option* Program::targets(CLI::App* sub, const char* name, const char* summary, bool required,
                              const char* kind) {
  auto* option = sub->add_option(name, x_typed.arguments.targets, summary);
  if (required) option->required();
  x_kinds[sub] = kind;
  return option;
}

void Program::limit(CLI::App* sub, const char* what) {
  sub->add_option("--limit", x_typed.arguments.limit, what)
      ->check(at_least_one)
      ->capture_default_str();
}

CLI::App* Program::selecting(CLI::App* sub) {
  auto& selectors = x_typed.arguments.selectors;
  sub->add_option("-s,--select", selectors.select,
                  "Nodes: x, +x, x+, 2+x, @x, tag:x, path:x; a space means or, a comma and")
      ->allow_extra_args(false);
  sub->add_option("--exclude", selectors.exclude, "Nodes to leave out, in the same way")
      ->allow_extra_args(false);
  return sub;
}

void Program::project(CLI::App* sub) {
  sub->add_option("-p,--project", x_typed.arguments.project, "The project's folder")
      ->capture_default_str();
}

/// Rows that were set aside.
void Program::of_quarantine(CLI::App* sub) {
  targets(sub, "dataset", "A dataset, pipeline.dataset, or the beginning of a publish id", true,
          "datasets");
  sub->add_option("--check", x_typed.arguments.rule, "Only rows that failed this check");
  project(sub);
}

void Program::where(CLI::App* sub) {
  sub->add_option("--where", x_typed.arguments.where,
                  "Only rows for which this is true: SQL over their columns");
}

Status Program::settle() {
  auto& arguments = x_typed.arguments;
  if (!arguments.reference.empty()) arguments.commands_page = commands_page(x_app);
  arguments.output.json = x_typed.format == "json";
  if (x_typed.format == "csv" || x_typed.format == "ndjson") arguments.format = x_typed.format;
  arguments.output.terminal = ::isatty(2) != 0;
  arguments.output.color = ::isatty(1) != 0 && !x_typed.no_color && !std::getenv("NO_COLOR");
  for (const auto& variable : x_typed.variables) {
    const auto equals = variable.find('=');
    if (equals == std::string::npos || equals == 0) {
      return Error(Fault::config, "--var needs name=value, not `" + variable + "`")
          .hint("for example: --var year=2021");
    }
    arguments.load.variables.emplace_back(variable.substr(0, equals), variable.substr(equals + 1));
  }
  return {};
}

}  // namespace leat::cli
