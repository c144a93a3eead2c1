#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace leat::imports::dbt {

/// A stretch of a template.
struct Piece {
  enum class Kind { text, output, statement };
  Kind kind = Kind::text;
  std::string text;  ///< Of an output or statement what stands inside, trimmed.
  int line = 1;

  /// The first word of a statement: "for".
  std::string word() const;
  /// What follows it.
  std::string rest() const;
};

/// Comments are gone, and blanks that a `-` takes away. `{% raw %}` is not known.
Result<std::vector<Piece>> pieces_of(std::string_view text);

}  // namespace leat::imports::dbt
