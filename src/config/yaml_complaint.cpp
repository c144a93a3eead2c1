#include "config/yaml_complaint.hpp"

#include <algorithm>
#include <array>

namespace leat::config {
namespace {

struct Translation {
  std::string_view parser;
  std::string_view message;
  std::string_view hint;
  bool about_opening = false;
};

constexpr std::string_view kIndentationHint = "is the indentation right?";
constexpr std::string_view kColonHint =
    "check the indentation, and quote a text that has `: ` in it";

constexpr std::array<Translation, 14> kTranslations{{
    {"illegal map value", "a `:` where no key can stand", kColonHint},
    {"illegal map key", "a `?` where no key can stand", "quote a text that starts with `?`"},
    {"illegal block entry", "a `-` where no list can start", "a list starts on a line of its own"},
    {"illegal EOF in scalar", "a quote that is never closed", ""},
    {"illegal document indicator in scalar", "a quote that is never closed", ""},
    {"illegal flow end", "a closing bracket without its opening one", ""},
    {"illegal tab when looking for indentation", "a tab in the indentation", ""},
    {"end of map not found", "this does not belong to the map above it", kIndentationHint},
    {"end of sequence not found", "this does not belong to the list above it", kIndentationHint},
    {"end of map flow not found", "a `{` that is never closed", "", true},
    {"end of sequence flow not found", "a `[` that is never closed", "", true},
    {"alias not found after *", "an alias without a name", ""},
    {"the referenced anchor is not defined", "an alias of an anchor that is not there", ""},
    {"unknown token", "a value cannot start with this sign", "quote it"},
}};

/// Where `sign` first stands outside of quotes and comments.
std::size_t find_unquoted(std::string_view line, std::string_view sign) {
  char quote = 0;
  for (std::size_t at = 0; at < line.size(); ++at) {
    const char c = line[at];
    if (quote) {
      if (c == '\\' && quote == '"') ++at;
      if (c == quote) quote = 0;
    } else if (line.substr(at).starts_with(sign)) {
      return at;
    } else if (c == '#' && (at == 0 || line[at - 1] == ' ')) {
      return line.npos;
    } else if (c == '"' || c == '\'') {
      quote = c;
    }
  }
  return line.npos;
}

std::string_view indentation_of(std::string_view line) {
  return line.substr(0, std::min(line.find_first_not_of(" \t"), line.size()));
}

/// What YAML made of a sign that the author meant as text.
std::string quoting_hint(std::string_view line) {
  if (find_unquoted(line, "{{") != line.npos) return "quote it: \"{{ … }}\"";
  if (find_unquoted(line, "${") != line.npos) return "quote it: \"${…}\"";
  for (const std::string_view before : {": *", "[*", ", *", "- *"}) {
    const auto at = find_unquoted(line, before);
    if (at == line.npos) continue;
    const auto word = line.substr(at + before.size() - 1);
    const auto end = std::min(word.find_first_of(" ,]}\t"), word.size());
    return "a `*` starts an alias in YAML; quote it: \"" + std::string(word.substr(0, end)) + "\"";
  }
  return "";
}

/// "pipeline:flow" is a text and no key; YAML says so in the line below.
std::string colon_hint(std::string_view line_before) {
  const auto start = line_before.find_first_not_of(' ');
  if (start == line_before.npos) return "";
  const auto text = line_before.substr(start);
  const auto colon =
      text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-");
  if (colon == text.npos || colon == 0 || colon + 1 >= text.size() || text[colon] != ':' ||
      text[colon + 1] == ' ') {
    return "";
  }
  return "the line above lacks a space behind its colon: `" + std::string(text.substr(0, colon)) +
         ": " + std::string(text.substr(colon + 1)) + "`";
}

}  // namespace

YamlComplaint explain_yaml(std::string_view message, std::string_view line,
                           std::string_view line_before) {
  if (indentation_of(line).find('\t') != line.npos) {
    return {"a tab in the indentation", "YAML indents with spaces, never with tabs", false};
  }
  auto hint = quoting_hint(line);
  if (hint.empty() && message == "illegal map value") hint = colon_hint(line_before);
  for (const auto& known : kTranslations) {
    if (known.parser != message) continue;
    return {std::string(known.message), hint.empty() ? std::string(known.hint) : hint,
            known.about_opening && hint.empty()};
  }
  return {"not YAML: " + std::string(message), hint, false};
}

}  // namespace leat::config
