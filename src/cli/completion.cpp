#include "cli/completion.hpp"

#include "cli/output.hpp"

namespace leat::cli {
namespace {

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const auto& word : words) out += (out.empty() ? "" : " ") + word;
  return out;
}

std::string first_words(const CommandWords& words) {
  std::vector<std::string> names;
  for (const auto& word : words) {
    if (word.name.find(' ') == std::string::npos) names.push_back(word.name);
  }
  return joined(names);
}

std::string bash(const CommandWords& words) {
  std::string cases;
  for (const auto& word : words) {
    cases += "    '" + word.name + "') words='" + joined(word.flags) + "';;\n";
  }
  return "_leat() {\n"
         "  local current=${COMP_WORDS[COMP_CWORD]} command=${COMP_WORDS[1]} words=\n"
         "  if [ \"$COMP_CWORD\" = 1 ]; then\n"
         "    COMPREPLY=($(compgen -W '" +
         first_words(words) +
         "' -- \"$current\")); return\n"
         "  fi\n"
         "  if [ \"$command\" = quarantine ]; then\n"
         "    if [ \"$COMP_CWORD\" = 2 ]; then\n"
         "      COMPREPLY=($(compgen -W 'list show' -- \"$current\")); return\n"
         "    fi\n"
         "    command=\"$command ${COMP_WORDS[2]}\"\n"
         "  fi\n"
         "  case \"$command\" in\n" +
         cases +
         "  esac\n"
         "  case \"$current\" in\n"
         "    -*) COMPREPLY=($(compgen -W \"$words\" -- \"$current\"));;\n"
         "    *) COMPREPLY=($(compgen -f -- \"$current\"));;\n"
         "  esac\n"
         "}\n"
         "complete -o filenames -F _leat leat";
}

std::string fish(const CommandWords& words) {
  std::string out = "complete -c leat -f -n __fish_use_subcommand";
  for (const auto& word : words) {
    const auto space = word.name.find(' ');
    if (space == std::string::npos) {
      out += "\ncomplete -c leat -n __fish_use_subcommand -a " + word.name + " -d '" +
             word.summary + "'";
    } else {
      out += "\ncomplete -c leat -n '__fish_seen_subcommand_from " + word.name.substr(0, space) +
             "' -a " + word.name.substr(space + 1) + " -d '" + word.summary + "'";
    }
    const auto first = word.name.substr(0, space);
    for (const auto& flag : word.flags) {
      out +=
          "\ncomplete -c leat -n '__fish_seen_subcommand_from " + first + "' -l " + flag.substr(2);
    }
  }
  return out;
}

}  // namespace

int print_completion(const CommandWords& words, const std::string& shell) {
  if (shell == "fish") {
    print(fish(words));
  } else if (shell == "zsh") {
    print("#compdef leat\nautoload -U +X bashcompinit && bashcompinit\n" + bash(words));
  } else {
    print(bash(words));
  }
  return 0;
}

}  // namespace leat::cli
