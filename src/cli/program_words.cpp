#include "cli/program_app.hpp"

#include <utility>

namespace leat::cli {

/// Every command with its flags, for completion.
CommandWords Program::words() const {
  CommandWords all;
  all.values = {{"-s", "nodes"},
                {"--select", "nodes"},
                {"--exclude", "nodes"},
                {"-o", "text json"},
                {"--output", "text json"},
                {"--type", "types"},
                {"--format", "text mermaid dot"},
                {"--order", "oldest newest"},
                {"-p", "files"},
                {"--project", "files"},
                {"--db", "files"},
                {"--save", "files"},
                {"--out", "files"}};
  for (const auto* sub : x_app.get_subcommands([](const CLI::App*) { return true; })) {
    if (sub->get_group().empty()) continue;
    add_words(all, *sub, sub->get_name());
    for (const auto* inner : sub->get_subcommands([](const CLI::App*) { return true; })) {
      add_words(all, *inner, sub->get_name() + " " + inner->get_name());
    }
  }
  std::string commands;
  for (const auto& word : all.commands) {
    if (word.name.find(' ') == std::string::npos) commands += word.name + " ";
  }
  for (auto& word : all.commands) {
    if (word.name == "help") word.arguments = commands.substr(0, commands.size() - 1);
  }
  return all;
}

void Program::add_words(CommandWords& all, const CLI::App& sub, const std::string& name) const {
  CommandWord word{name, sub.get_description(), {}, "files"};
  for (const auto* option : sub.get_options()) {
    for (const auto& flag : option->get_lnames()) word.flags.push_back("--" + flag);
  }
  if (const auto kind = x_kinds.find(&sub); kind != x_kinds.end()) word.arguments = kind->second;
  if (name == "completion") word.arguments = "bash zsh fish";
  all.commands.push_back(std::move(word));
}

}  // namespace leat::cli
