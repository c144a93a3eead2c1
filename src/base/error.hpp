#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace leat {

/// Who has to act. The runtime needs nothing else to decide what happens next.
enum class Fault {
  config,    ///< The pipeline's author. Shown with file:line:column, never retried.
  data,      ///< Whoever made these rows. They go to quarantine; the run goes on.
  external,  ///< The other system. Retried with back-off, within the node's budget.
  internal,  ///< Us. The run stops and the message asks for a bug report.
};

std::string_view name_of(Fault fault);

/// Where in a text a complaint points. Lines and columns count from 1; 0 means unknown.
struct Place {
  std::string file;
  int line = 0;
  int column = 0;
};

/// "file:line:column", or the file alone.
std::string text_of(const Place& place);

/// One complaint about a text that somebody wrote.
struct Diagnostic {
  Place place;
  std::string message;      ///< "unknown key `strateg`"
  std::string hint;         ///< "did you mean `strategy`?"; may be empty
  std::string source_line;  ///< The line it points into, without its line end; may be empty.
  int length = 1;           ///< How many characters the caret underlines.
};

/// A failure on its way up.
///
/// Promise   gathers facts and a trail while it travels, and is rendered once, at the edge. Holds
///           no secret: nobody may put one in.
class [[nodiscard]] Error {
 public:
  Error(Fault fault, std::string message) : x_fault(fault), x_message(std::move(message)) {}

  /// Many complaints about one text, or about several.
  static Error of(std::vector<Diagnostic> diagnostics);

  /// Adds a fact, shown as `[key=value]`.
  Error with(std::string key, std::string value) &&;
  /// Adds a step of the trail, innermost first: "while reading series CUUR0000SA0".
  Error during(std::string step) &&;
  /// Says what the user can type or do next.
  Error hint(std::string hint) &&;
  /// The other side said when to come back.
  Error retry_after(std::chrono::milliseconds delay) &&;
  /// Somebody else holds what we need; the same command may succeed later (exit code 6).
  Error busy() &&;
  /// A safety rule refused (exit code 7).
  Error refused() &&;
  /// A person or a signal asked to stop.
  Error cancelled() &&;
  /// The machine itself lacks disk or memory, or denies us a file: another try would end as this
  /// one did, and somebody has to look.
  Error grave() &&;

  Fault fault() const { return x_fault; }
  const std::string& message() const { return x_message; }
  const std::vector<Diagnostic>& diagnostics() const { return x_diagnostics; }
  const std::string& hint_text() const { return x_hint; }
  bool is_busy() const { return x_busy; }
  bool is_refused() const { return x_refused; }
  bool is_cancelled() const { return x_cancelled; }
  bool is_grave() const { return x_grave; }
  std::optional<std::chrono::milliseconds> retry_delay() const { return x_retry_after; }

  /// "request refused [http_status=429], while reading series X, while running node cpi"
  /// Without diagnostics and hint, which the edge lays out by itself.
  std::string text() const;

 private:
  Fault x_fault;
  std::string x_message;
  std::vector<std::pair<std::string, std::string>> x_facts;
  std::vector<std::string> x_trail;
  std::string x_hint;
  std::vector<Diagnostic> x_diagnostics;
  std::optional<std::chrono::milliseconds> x_retry_after;
  bool x_busy = false;
  bool x_refused = false;
  bool x_cancelled = false;
  bool x_grave = false;
};

}  // namespace leat
