#pragma once

#include <string>
#include <string_view>

namespace leat::config {

/// What is wrong with a YAML file, in an author's words.
struct YamlComplaint {
  std::string message;
  std::string hint;
  bool about_opening = false;  ///< Better told where the open bracket stands.
};

/// `message` is the parser's own, `line` the one on which it stumbled, `line_before` that above it.
YamlComplaint explain_yaml(std::string_view message, std::string_view line,
                           std::string_view line_before);

}  // namespace leat::config
