#pragma once

#include <span>
#include <string>

#include "base/error.hpp"

namespace leat::config {

enum class Colour { no, yes };

/// Complaints as a compiler shows them: place, message, source line, caret, hint.
///
///   pipelines/a.yml:12:5: error: unknown key `strateg`
///       strateg: replace
///       ^~~~~~~
///       hint: did you mean `strategy`?
///
/// Promise   no control character of a source line reaches the terminal; tabs stay tabs in both
///           lines, so that the caret stands right. Ends with a line end unless empty.
std::string render(std::span<const Diagnostic> diagnostics, Colour colour = Colour::no);

}  // namespace leat::config
