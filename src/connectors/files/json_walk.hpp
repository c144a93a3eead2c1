#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "clients/text_values/arena.hpp"
#include "clients/text_values/cell.hpp"

namespace leat::connectors::files {

/// One value of a JSON text, not taken apart further.
struct JsonValue {
  enum class Kind { null, boolean, number, text, nested };

  Kind kind = Kind::null;
  std::string_view raw;      ///< As it stands there; of a text what is between its quotes.
  bool has_escapes = false;  ///< Of a text.
};

struct JsonMember {
  std::string_view key;  ///< Between its quotes, escapes as they stand.
  bool has_escapes = false;
  JsonValue value;
};

/// Goes through the members of one JSON object, strictly as RFC 8259: no trailing comma, no NaN,
/// no comment, nothing before or behind. Nested values are checked as well.
///
/// Calls     `next` until it returns false; then `complaint` says whether all was well.
class JsonObjectWalk {
 public:
  explicit JsonObjectWalk(std::string_view text) : x_text(text) {}

  bool next(JsonMember& member);
  /// "a comma or `}` is missing at byte 17 of the record"; empty: none.
  const std::string& complaint() const { return x_complaint; }

 private:
  bool take_member(JsonMember& member);
  bool take_value(JsonValue& value);
  bool take_text(std::string_view& inside, bool& has_escapes);
  bool take_escape();
  bool take_unicode();
  bool take_hex4(unsigned& code);
  bool take_number();
  bool take_word(std::string_view word);
  bool take_nested();
  bool take_nested_key();
  bool finish();
  void skip_blanks();
  char peek() const { return x_at < x_text.size() ? x_text[x_at] : '\0'; }
  bool take(char c);
  bool complain(std::string_view what);

  std::string_view x_text;
  std::size_t x_at = 0;
  bool x_is_open = false;  ///< The object has begun.
  std::string x_complaint;
};

/// Text of a JSON string whose escapes were checked; in the arena.
text_values::Cell undo_escapes(std::string_view raw, text_values::Arena& arena);

}  // namespace leat::connectors::files
