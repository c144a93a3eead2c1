#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/node.hpp"

namespace leat::config {

/// The text of a YAML file by lines, and how its scalars are written.
///
/// Threads   one at a time: it remembers the last place, so that a long line is counted once.
class YamlText {
 public:
  explicit YamlText(std::string_view text);

  /// From the parser's line and byte column, both from 0; past the end is the end.
  std::size_t offset(int line, int column) const;
  Place place(std::size_t offset, const std::string& file) const;
  std::string_view text() const { return x_text; }
  std::string_view line(std::size_t index) const;
  /// Does a `---` or `...` line stand between this and the text before it?
  bool has_marker_before(std::size_t offset) const;

  /// Where the node itself starts when an anchor or a tag stands before it.
  std::size_t skip_properties(std::size_t offset) const;
  /// The word for null that stands there, if one does: "~", "null", "NULL".
  std::string_view null_word(std::size_t offset) const;

  /// Does a text in quotes begin at `offset` and go on to the end of the file?
  bool is_never_closed(std::size_t offset) const;

  struct Written {
    int length = 1;  ///< Characters on the first line.
    std::shared_ptr<const TextPlaces> places;
  };
  /// How a scalar with this value is written at `offset`.
  Written written(std::size_t offset, std::string_view value) const;

 private:
  std::size_t line_of(std::size_t offset) const;

  std::string_view x_text;
  std::vector<std::size_t> x_starts;
  mutable std::size_t x_last_offset = 0;
  mutable std::size_t x_last_line = 0;
  mutable int x_last_column = 1;
};

/// The first byte that no YAML file may hold: broken UTF-8, NUL, another control character.
struct BadByte {
  std::size_t offset = 0;
  std::string what;
};
std::optional<BadByte> find_bad_byte(std::string_view text);

}  // namespace leat::config
