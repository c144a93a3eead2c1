#include "connectors/files/json_walk.hpp"

#include <cstdint>

#include "base/text.hpp"

namespace leat::connectors::files {
namespace {

constexpr std::size_t kDepthMax = 1000;

/// 16: not a digit.
unsigned hex_value(char c) {
  if (is_digit(c)) return static_cast<unsigned>(c - '0');
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? static_cast<unsigned>(lower - 'a') + 10 : 16;
}

unsigned hex4(std::string_view digits) {
  unsigned code = 0;
  for (const char c : digits.substr(0, 4)) code = code * 16 + hex_value(c);
  return code;
}

bool is_high_surrogate(unsigned code) { return code >= 0xD800 && code < 0xDC00; }
bool is_low_surrogate(unsigned code) { return code >= 0xDC00 && code < 0xE000; }

char* put_utf8(char* out, unsigned code) {
  const auto put = [&](unsigned byte) { *out++ = static_cast<char>(byte); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xC0 | (code >> 6));
    put(0x80 | (code & 63));
  } else if (code < 0x10000) {
    put(0xE0 | (code >> 12));
    put(0x80 | ((code >> 6) & 63));
    put(0x80 | (code & 63));
  } else {
    put(0xF0 | (code >> 18));
    put(0x80 | ((code >> 12) & 63));
    put(0x80 | ((code >> 6) & 63));
    put(0x80 | (code & 63));
  }
  return out;
}

char plain_escape(char c) {
  switch (c) {
    case 'b': return '\b';
    case 'f': return '\f';
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    default: return c;
  }
}

}  // namespace

bool JsonObjectWalk::complain(std::string_view what) {
  if (x_complaint.empty()) {
    x_complaint = std::string(what) + " at byte " + std::to_string(x_at + 1) + " of the record";
  }
  return false;
}

void JsonObjectWalk::skip_blanks() {
  while (x_at < x_text.size() && (x_text[x_at] == ' ' || x_text[x_at] == '\t' ||
                                  x_text[x_at] == '\n' || x_text[x_at] == '\r')) {
    ++x_at;
  }
}

bool JsonObjectWalk::take(char c) {
  if (peek() != c || x_at >= x_text.size()) return false;
  ++x_at;
  return true;
}

bool JsonObjectWalk::next(JsonMember& member) {
  if (!x_complaint.empty()) return false;
  skip_blanks();
  if (!x_is_open) {
    if (!take('{')) return complain("not a JSON object: `{` is missing");
    x_is_open = true;
    skip_blanks();
    if (take('}')) return finish();
    return take_member(member);
  }
  if (take('}')) return finish();
  if (!take(',')) return complain("a comma or `}` is missing");
  skip_blanks();
  return take_member(member);
}

bool JsonObjectWalk::finish() {
  skip_blanks();
  if (x_at != x_text.size()) complain("text follows the end of the object");
  return false;
}

bool JsonObjectWalk::take_member(JsonMember& member) {
  if (!take('"')) return complain("a key in double quotes is missing");
  if (!take_text(member.key, member.has_escapes)) return false;
  skip_blanks();
  if (!take(':')) return complain("a colon is missing");
  skip_blanks();
  return take_value(member.value);
}

bool JsonObjectWalk::take_value(JsonValue& value) {
  const std::size_t start = x_at;
  const char c = peek();
  bool good = false;
  if (c == '"') {
    ++x_at;
    value.kind = JsonValue::Kind::text;
    return take_text(value.raw, value.has_escapes);
  }
  if (c == '{' || c == '[') {
    value.kind = JsonValue::Kind::nested;
    good = take_nested();
  } else if (c == '-' || is_digit(c)) {
    value.kind = JsonValue::Kind::number;
    good = take_number();
  } else if (c == 'n') {
    value.kind = JsonValue::Kind::null;
    good = take_word("null");
  } else {
    value.kind = JsonValue::Kind::boolean;
    good = c == 't' ? take_word("true") : c == 'f' ? take_word("false") : complain("no JSON value");
  }
  value.raw = x_text.substr(start, x_at - start);
  return good;
}

bool JsonObjectWalk::take_text(std::string_view& inside, bool& has_escapes) {
  const std::size_t start = x_at;
  has_escapes = false;
  while (x_at < x_text.size()) {
    const char c = x_text[x_at];
    if (c == '"') {
      inside = x_text.substr(start, x_at - start);
      ++x_at;
      return true;
    }
    if (static_cast<unsigned char>(c) < 0x20) {
      return complain("a control character stands in a text");
    }
    ++x_at;
    if (c != '\\') continue;
    has_escapes = true;
    if (!take_escape()) return false;
  }
  return complain("a text is never closed");
}

bool JsonObjectWalk::take_escape() {
  const char c = peek();
  if (x_at < x_text.size() && std::string_view("\"\\/bfnrt").find(c) != std::string_view::npos) {
    ++x_at;
    return true;
  }
  return c == 'u' ? take_unicode() : complain("an unknown escape stands in a text");
}

bool JsonObjectWalk::take_unicode() {
  unsigned code = 0;
  ++x_at;
  if (!take_hex4(code)) return false;
  if (is_low_surrogate(code)) return complain("half a character stands in a text");
  if (!is_high_surrogate(code)) return true;
  if (!take('\\') || !take('u')) return complain("half a character stands in a text");
  if (!take_hex4(code)) return false;
  return is_low_surrogate(code) || complain("half a character stands in a text");
}

bool JsonObjectWalk::take_hex4(unsigned& code) {
  for (int i = 0; i < 4; ++i, ++x_at) {
    if (hex_value(peek()) > 15) return complain("four hexadecimal digits are missing");
  }
  code = hex4(x_text.substr(x_at - 4));
  return true;
}

bool JsonObjectWalk::take_number() {
  const auto digits = [&] {
    const std::size_t start = x_at;
    while (is_digit(peek())) ++x_at;
    return x_at > start;
  };
  take('-');
  if (!take('0') && !digits()) return complain("a digit is missing");
  if (is_digit(peek())) return complain("a number begins with 0");
  if (take('.') && !digits()) return complain("a digit is missing");
  if (take('e') || take('E')) {
    if (!take('+')) take('-');
    if (!digits()) return complain("a digit is missing");
  }
  return true;
}

bool JsonObjectWalk::take_word(std::string_view word) {
  if (x_text.substr(x_at, word.size()) != word) return complain("no JSON value");
  x_at += word.size();
  return true;
}

bool JsonObjectWalk::take_nested_key() {
  std::string_view key;
  bool has_escapes = false;
  if (!take('"')) return complain("a key in double quotes is missing");
  if (!take_text(key, has_escapes)) return false;
  skip_blanks();
  if (!take(':')) return complain("a colon is missing");
  skip_blanks();
  return true;
}

/// Without recursion: the depth of a text must not reach our stack.
bool JsonObjectWalk::take_nested() {
  std::string closers;
  bool is_first = true;  // Nothing stands yet between the bracket and here.
  closers += take('{') ? '}' : (++x_at, ']');
  while (!closers.empty()) {
    skip_blanks();
    const char closer = closers.back();
    if (take(closer)) {
      closers.pop_back();
      is_first = false;
      continue;
    }
    if (!is_first && !take(',')) return complain("a comma or a closing bracket is missing");
    skip_blanks();
    if (closer == '}' && !take_nested_key()) return false;
    is_first = peek() == '{' || peek() == '[';
    if (!is_first) {
      JsonValue value;
      if (!take_value(value)) return false;
      continue;
    }
    closers += take('{') ? '}' : (++x_at, ']');
    if (closers.size() > kDepthMax) return complain("nested deeper than 1,000 levels");
  }
  return true;
}

text_values::Cell undo_escapes(std::string_view raw, text_values::Arena& arena) {
  char* const start = arena.take(raw.size());
  char* out = start;
  for (std::size_t i = 0; i < raw.size(); ++i) {
    if (raw[i] != '\\') {
      *out++ = raw[i];
      continue;
    }
    const char kind = raw[++i];
    if (kind != 'u') {
      *out++ = plain_escape(kind);
      continue;
    }
    unsigned code = hex4(raw.substr(i + 1));
    i += 4;
    if (is_high_surrogate(code)) {
      code = 0x10000 + ((code - 0xD800) << 10) + (hex4(raw.substr(i + 3)) - 0xDC00);
      i += 6;
    }
    out = put_utf8(out, code);
  }
  return {start, static_cast<std::uint32_t>(out - start), text_values::Cell::Kind::quoted};
}

}  // namespace leat::connectors::files
