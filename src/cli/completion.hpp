#pragma once

#include <map>
#include <string>
#include <vector>

namespace leat::cli {

/// One command as completion sees it. A kind of words is `files`, or one that `leat complete`
/// lists, or the words themselves, with spaces between them.
struct CommandWord {
  std::string name;  ///< "run", "quarantine list"
  std::string summary;
  std::vector<std::string> flags;
  std::string arguments = "files";  ///< Kind of what stands without a flag.
};

struct CommandWords {
  std::vector<CommandWord> commands;
  std::map<std::string, std::string> values;  ///< Kind of what follows a flag: "--select" → nodes.
};

/// Prints a script for bash, zsh or fish. It asks this program for nodes, runs and connectors.
int print_completion(const CommandWords& words, const std::string& shell);

}  // namespace leat::cli
