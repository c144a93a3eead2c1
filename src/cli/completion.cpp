#include "cli/completion.hpp"

#include "base/text.hpp"
#include "cli/output.hpp"

namespace leat::cli {
namespace {

constexpr const char* kAsked[] = {"nodes",     "names", "datasets", "runs", "held",
                                  "pipelines", "types", "sources",  "sinks"};

bool is_asked(const std::string& kind) {
  for (const auto* known : kAsked) {
    if (kind == known) return true;
  }
  return false;
}

/// Shell text that gives the words of a kind.
std::string words_of(const std::string& kind) {
  return is_asked(kind) ? "$(leat complete " + kind + " 2>/dev/null)" : kind;
}

std::string first_words(const CommandWords& words) {
  std::vector<std::string> names;
  for (const auto& word : words.commands) {
    if (word.name.find(' ') == std::string::npos) names.push_back(word.name);
  }
  return joined(names, " ");
}

/// Words after a group, as in `quarantine list`.
std::string second_words(const CommandWords& words) {
  std::map<std::string, std::string> groups;
  for (const auto& word : words.commands) {
    const auto space = word.name.find(' ');
    if (space == std::string::npos) continue;
    auto& inner = groups[word.name.substr(0, space)];
    inner += (inner.empty() ? "" : " ") + word.name.substr(space + 1);
  }
  std::string out;
  for (const auto& [group, inner] : groups) {
    out += "    " + group + ")\n      if [ \"$COMP_CWORD\" = 2 ]; then\n        _leat_words '" +
           inner + "'; return\n      fi\n      command=\"$command ${COMP_WORDS[2]}\";;\n";
  }
  return out;
}

/// A selector may have `+`, `2+` or `@` before the name, which stays.
constexpr const char* kBashParts = R"(_leat_words() {
  COMPREPLY=($(compgen -W "$1" -- "$current"))
}
_leat_nodes() {
  local before=${current%%[!+@0-9]*}
  COMPREPLY=($(compgen -P "$before" -W "$1" -- "${current#"$before"}"))
}
)";

std::string bash(const CommandWords& words) {
  std::string values;
  for (const auto& [flag, kind] : words.values) {
    if (kind == "files") continue;
    values += "    " + flag + ") " + (kind == "nodes" ? "_leat_nodes \"" : "_leat_words \"") +
              words_of(kind) + "\"; return;;\n";
  }
  std::string cases;
  for (const auto& word : words.commands) {
    cases += "    '" + word.name + "') words='" + joined(word.flags, " ") + "' kind='" +
             word.arguments + "';;\n";
  }
  std::string kinds;
  for (const auto* kind : kAsked) {
    kinds += std::string("    ") + kind + ") _leat_words \"" + words_of(kind) + "\";;\n";
  }
  return std::string(kBashParts) +
         "_leat() {\n"
         "  local current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}\n"
         "  local command=${COMP_WORDS[1]} words= kind=files\n"
         "  if [ \"$COMP_CWORD\" = 1 ]; then _leat_words '" +
         first_words(words) + "'; return; fi\n  case \"$before\" in\n" + values +
         "  esac\n  case \"$command\" in\n" + second_words(words) +
         "  esac\n  case \"$command\" in\n" + cases +
         "  esac\n"
         "  case \"$current\" in -*) _leat_words \"$words\"; return;; esac\n"
         "  case \"$kind\" in\n    files) ;;\n" +
         kinds +
         "    *) _leat_words \"$kind\";;\n"
         "  esac\n"
         "  case \"$kind\" in files|pipelines|datasets|sources)\n"
         "    COMPREPLY+=($(compgen -f -- \"$current\"));;\n"
         "  esac\n"
         "}\n"
         "complete -o filenames -F _leat leat";
}

std::string fish_quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text)
    out += c == '\'' || c == '\\' ? std::string("\\") + c : std::string(1, c);
  return out + "'";
}

/// As in bash, what stands before a selector's name stays.
constexpr const char* kFishNodes =
    " -a '(leat complete nodes 2>/dev/null"
    " | string replace -r \"^\" (commandline -ct | string match -r \"^[+@0-9]*\"))'";

std::string fish_words(const std::string& kind) {
  if (kind == "files") return "";
  if (kind == "nodes") return kFishNodes;
  return is_asked(kind) ? " -a '(leat complete " + kind + " 2>/dev/null)'" : " -a '" + kind + "'";
}

std::string fish_flag(const CommandWords& words, const std::string& condition,
                      const std::string& flag) {
  std::string out = "\ncomplete -c leat -n '" + condition + "' -l " + flag.substr(2);
  const auto value = words.values.find(flag);
  if (value == words.values.end()) return out;
  return out + (value->second == "files" ? " -r -F" : " -x" + fish_words(value->second));
}

std::string fish(const CommandWords& words) {
  std::string out = "complete -c leat -f -n __fish_use_subcommand";
  for (const auto& word : words.commands) {
    const auto space = word.name.find(' ');
    const auto first = word.name.substr(0, space);
    std::string condition = "__fish_seen_subcommand_from " + first;
    if (space == std::string::npos) {
      out += "\ncomplete -c leat -n __fish_use_subcommand -a " + word.name + " -d " +
             fish_quoted(word.summary);
    } else {
      const auto second = word.name.substr(space + 1);
      out += "\ncomplete -c leat -n '" + condition + "' -a " + second + " -d " +
             fish_quoted(word.summary);
      condition += "; and __fish_seen_subcommand_from " + second;
    }
    if (word.arguments != "files") {
      out += "\ncomplete -c leat -n '" + condition + "'" + fish_words(word.arguments);
    }
    for (const auto& flag : word.flags) out += fish_flag(words, condition, flag);
  }
  for (const auto& [flag, kind] : words.values) {
    if (flag.size() == 2)
      out += "\ncomplete -c leat -s " + flag.substr(1) + " -x" + fish_words(kind);
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
