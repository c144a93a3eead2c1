#pragma once

#include <string>
#include <string_view>

#include "base/shell_word.hpp"

namespace leat::connectors::files {

/// A text as Python writes it.
inline std::string python_text(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') out += '\\';
    if (c == '\n' || c == '\r') {
      out += c == '\n' ? "\\n" : "\\r";
    } else {
      out += c;
    }
  }
  return out + "'";
}

/// The command that runs a line of Python.
inline std::string python_command(const std::string& program) {
  return "python3 -c " + shell_word(program);
}

}  // namespace leat::connectors::files
