#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "config/node.hpp"

namespace leat::config {

/// Is this a key whose value is shown to nobody: "password", "api_key"?
bool names_a_secret(std::string_view key);

/// Collects complaints about texts that somebody wrote, so that all are told at once.
///
/// Threads   one at a time.
/// Promise   what was hidden is shown in no source line.
class Findings {
 public:
  void add(Diagnostic diagnostic);
  void add(const Place& place, std::string message, std::string hint = "", int length = 1);
  /// Underlines the node.
  void add(const Node& node, std::string message, std::string hint = "");
  /// Takes over what an error says; its diagnostics when it has some, else one at `node`.
  void add(const Node& node, const Error& error);

  /// The text of a file, from which source lines are shown.
  void add_source(std::string file, std::string text);
  /// No line of this file is ever shown.
  void hide_source(const std::string& file);
  /// This stretch is shown as dots wherever its line is shown.
  void hide(const Node& node);

  bool empty() const { return x_found.empty(); }
  /// To see whether a step added something.
  std::size_t size() const { return x_found.size(); }

  /// All of them in order of place, each once, with their source lines; after the first 200 only
  /// their number. Leaves this empty.
  std::vector<Diagnostic> take();

 private:
  struct Hidden {
    int line;
    int column;
    int length;  ///< 0: to the end of the line, and all lines up to `last_line`.
    int last_line;
  };

  std::string source_line(const Place& place) const;

  std::vector<Diagnostic> x_found;
  std::map<std::string, std::string, std::less<>> x_sources;
  std::multimap<std::string, Hidden, std::less<>> x_hidden;
};

}  // namespace leat::config
