#include "cli/commands_page.hpp"

#include <CLI/CLI.hpp>

namespace leat::cli {
namespace {

constexpr const char* kHead = R"(# Commands

Written by `leat schema --reference` from the table of commands that the program parses; `make docs`
writes it again.

Results go to stdout, everything else to stderr. With `-o json` a command prints one JSON object.

## Exit codes

| code | meaning |
|---:|---|
| 0 | success |
| 1 | a step failed, nothing is half published |
| 2 | the command or a file has a mistake, nothing ran |
| 3 | the gate held a publish, the target is unchanged |
| 4 | partial: some sinks were published, others were not |
| 6 | try again later: somebody else holds a lock |
| 7 | a safety rule refused |
| 70 | a bug in leat; nothing was published |
| 130, 143 | interrupted, after tidying up |
)";

std::string cell(std::string text) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\n') text[at] = ' ';
    if (text[at] == '|') text.insert(at++, "\\");
  }
  return text;
}

std::string usage(const CLI::App& command, const std::string& name) {
  std::string line = "leat " + name;
  for (const auto* option : command.get_options()) {
    if (!option->get_positional()) continue;
    const auto word = option->get_name(true);
    line += option->get_required() ? " " + word : " [" + word + "]";
  }
  return line;
}

std::string options_of(const CLI::App& command) {
  std::string rows;
  for (const auto* option : command.get_options()) {
    const auto name = option->get_name(option->get_positional(), true);
    if (name.find("--help") != name.npos || name.empty()) continue;
    rows += "| `" + cell(name) + "` | " + cell(option->get_description()) + " |\n";
  }
  return rows.empty() ? "" : "\n| option | meaning |\n|---|---|\n" + rows;
}

void add_command(std::string& out, const CLI::App& command, const std::string& name) {
  const auto inner = command.get_subcommands([](const CLI::App*) { return true; });
  if (inner.empty()) {
    out += "\n## leat " + name + "\n\n" + command.get_description() + ".\n\n```text\n" +
           usage(command, name) + "\n```\n" + options_of(command);
  }
  for (const auto* sub : inner) add_command(out, *sub, name + " " + sub->get_name());
}

}  // namespace

std::string commands_page(const CLI::App& program) {
  std::string out = kHead;
  for (const auto* command : program.get_subcommands([](const CLI::App*) { return true; })) {
    add_command(out, *command, command->get_name());
  }
  return out;
}

}  // namespace leat::cli
