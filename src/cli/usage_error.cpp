#include "cli/usage_error.hpp"

#include <CLI/CLI.hpp>
#include <string_view>
#include <vector>

#include "base/names.hpp"

namespace leat::cli {
namespace {

/// The innermost command that was recognised.
const CLI::App& innermost(const CLI::App& program) {
  const CLI::App* app = &program;
  for (auto chosen = app->get_subcommands(); !chosen.empty(); chosen = app->get_subcommands()) {
    app = chosen.front();
  }
  return *app;
}

std::vector<std::string> command_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const auto* sub : app.get_subcommands([](const CLI::App*) { return true; })) {
    names.push_back(sub->get_name());
  }
  return names;
}

std::vector<std::string> flag_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const auto* option : app.get_options()) {
    for (const auto& name : option->get_lnames()) names.push_back("--" + name);
  }
  return names;
}

std::string how_to_get_help(const CLI::App& app) {
  return app.get_parent() == nullptr ? "`leat --help` lists the commands"
                                     : "`" + app.get_parent()->get_name() + " " + app.get_name() +
                                           " --help` lists its flags and arguments";
}

Error unexpected(const std::string& word, const CLI::App& app) {
  if (word.starts_with('-')) {
    const auto bare = word.substr(0, word.find('='));
    return Error(Fault::config, "unknown flag `" + bare + "`")
        .hint(name_hint(bare, flag_names(app)));
  }
  const auto commands = command_names(app);
  if (!commands.empty()) {
    return Error(Fault::config, "unknown command `" + word + "`").hint(name_hint(word, commands));
  }
  return Error(Fault::config, "`" + word + "` is one argument too many").hint(how_to_get_help(app));
}

/// The word that the parser complains about when it kept none: it lists what is left from the end,
/// "…: flow.yml rnu". A flag is more likely the mistake than an argument.
std::string named_by(const CLI::ParseError& problem) {
  const std::string text = problem.what();
  const auto colon = text.find(": ");
  if (colon == text.npos) return "";
  const auto words = text.substr(colon + 2);
  const auto flag = words.find("--");
  if (flag != words.npos) return words.substr(flag, words.find(' ', flag) - flag);
  const auto space = words.rfind(' ');
  return space == words.npos ? words : words.substr(space + 1);
}

}  // namespace

Error usage_error(const CLI::ParseError& problem, const CLI::App& program) {
  const auto& app = innermost(program);
  const auto rest = program.remaining(true);
  const auto word = rest.empty() ? named_by(problem) : rest.front();
  if (dynamic_cast<const CLI::ExtrasError*>(&problem) != nullptr && !word.empty()) {
    return unexpected(word, app);
  }
  if (const auto commands = command_names(app);
      dynamic_cast<const CLI::RequiredError*>(&problem) != nullptr && !commands.empty()) {
    if (!rest.empty()) return unexpected(rest.front(), app);
    return Error(Fault::config, "`" + app.get_name() + "` needs a command behind it")
        .hint(name_hint("", commands));
  }
  return Error(Fault::config, problem.what()).hint(how_to_get_help(app));
}

std::string typed_command(const CLI::App& program) {
  std::string words;
  const CLI::App* app = &program;
  for (auto chosen = app->get_subcommands(); !chosen.empty(); chosen = app->get_subcommands()) {
    app = chosen.front();
    words += (words.empty() ? "" : " ") + app->get_name();
  }
  return words.empty() ? "usage" : words;
}

bool wants_json(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    const std::string_view next = i + 1 < argc ? argv[i + 1] : "";
    if ((word == "-o" || word == "--output") && next == "json") return true;
    if (word == "-ojson" || word == "-o=json" || word == "--output=json") return true;
  }
  return false;
}

}  // namespace leat::cli
