#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "connectors/files/json_path.hpp"

namespace leat::connectors::files {

enum class JsonShape {
  detect,  ///< By the first character that is no blank.
  ndjson,  ///< A record a line.
  array,   ///< One array, a record an element.
};

/// One record within a piece of a file.
struct JsonRecord {
  std::uint32_t start = 0;
  std::uint32_t size = 0;
  std::uint32_t line = 0;           ///< Line ends in the piece before it.
  const char* complaint = nullptr;  ///< What is wrong around it; null: nothing.
};

/// Follows one array element to its end by its brackets and quotes alone, piece by piece.
class ElementEnd {
 public:
  /// Where in `text` the element ends; npos: not yet.
  std::size_t find(std::string_view text);

 private:
  enum class Kind { unknown, nested, text, word };
  bool ends_behind(char c);

  Kind x_kind = Kind::unknown;
  std::size_t x_depth = 0;
  bool x_in_text = false;
  bool x_escaped = false;
};

/// Cuts a file's text into records.
///
/// Promise   every byte that is no blank, comma or bracket of the array itself is in a record.
/// Shape     In: the text from where the last cut ended. Out: whole records; the rest comes again
///           with more text behind it.
class JsonSplit {
 public:
  explicit JsonSplit(JsonShape shape, std::vector<std::string> path = {})
      : x_shape(shape), x_path(std::move(path)) {}

  /// Appends the whole records of `text` and returns how many bytes are done with. At the end of
  /// the file everything is.
  std::size_t cut(std::string_view text, bool at_end, std::vector<JsonRecord>& records);
  const JsonPath& path() const { return x_path; }
  /// The array has begun and not ended.
  bool is_open() const;
  /// Where in `text` a record ends whose start was passed by already; npos: not yet.
  std::size_t find_end(ElementEnd& element, std::string_view text) const;
  /// A record that `cut` did not deliver has been passed by.
  void passed_by() {
    if (is_open()) x_state = State::after;
  }

 private:
  enum class State { start, first, after, separated, behind };

  std::size_t cut_lines(std::string_view text, bool at_end, std::vector<JsonRecord>& records);
  std::size_t cut_elements(std::string_view text, bool at_end, std::vector<JsonRecord>& records);
  std::size_t cut_document(std::string_view text, bool at_end, std::vector<JsonRecord>& records);
  /// Takes what stands between elements; false when an element, or nothing, comes next.
  bool take_separator(char c, JsonRecord& stray);

  JsonShape x_shape;
  JsonPath x_path;  ///< To the array, where it is not the whole document.
  State x_state = State::start;
};

}  // namespace leat::connectors::files
