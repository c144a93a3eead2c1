#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "config/findings.hpp"
#include "config/node.hpp"
#include "config/template.hpp"

namespace leat::config {

/// SQL of an author, with `{{ … }}` put in as typed literals.
///
/// Promise   no value in `text` is anything but a literal; every byte of it has a place.
struct SqlText {
  std::string text;     ///< For the engine.
  std::string written;  ///< For people.
  std::string file;
  std::vector<RenderedPiece> pieces;  ///< Empty: `text` is `written`.
  std::shared_ptr<const TextPlaces> places;
  std::shared_ptr<const Values> values;  ///< Of its templates; null: it has none.

  bool empty() const { return text.empty(); }
  /// The same for another database than the engine.
  std::string text_for(Dialect dialect) const;
  /// Where byte `offset` of `text` stands in the author's file.
  Place place_at(std::size_t offset) const;
};

/// The SQL in a scalar; option tables use it for members of type SqlText. Nothing when findings
/// were added: empty text, a secret, a variable of the environment, which would be pasted text.
std::optional<SqlText> sql_in(const Node& scalar, Findings& findings);

/// The SQL in a file of its own.
std::optional<SqlText> sql_of_file(std::string text, const std::string& file, const Values& values,
                                   Findings& findings);

}  // namespace leat::config
