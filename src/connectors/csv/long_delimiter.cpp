#include "connectors/csv/structure_scanner.hpp"

/// Delimiters of several bytes: a byte at a time, so that those of one byte pay nothing.
namespace leat::connectors::csv {

/// The longest beginning of the delimiter that ends with `c`; delimiters are short.
unsigned StructureScanner::match(char c) const {
  for (unsigned size = x_matched + 1; size > 0; --size) {
    if (x_dialect.delimiter_byte(size - 1) != c) continue;
    bool is_same = true;
    for (unsigned i = 0; i + 1 < size && is_same; ++i) {
      is_same = x_dialect.delimiter_byte(i) == x_dialect.delimiter_byte(x_matched + 1 - size + i);
    }
    if (is_same) return size;
  }
  return 0;
}

/// Behind a closing quote: is a byte that turns out to be no part of the delimiter more than a
/// blank that `trim` takes off?
bool StructureScanner::leaves_junk(unsigned matched, char c) const {
  const auto is_junk = [&](char left) { return !x_dialect.trim || !x_dialect.is_blank(left); };
  for (unsigned i = 0; i + matched < x_matched + 1U && i < x_matched; ++i) {
    if (is_junk(x_dialect.delimiter_byte(i))) return true;
  }
  return matched == 0 && c != '\n' && c != '\r' && is_junk(c);
}

StructureScanner::State StructureScanner::after_byte_of_long(char c, unsigned matched) const {
  const bool was_closed = x_state == State::quote_seen || x_state == State::closed;
  const bool is_quote = x_dialect.has_quote && c == x_dialect.quote;
  const bool is_structure = c == '\n' || c == '\r' || is_quote;
  if (matched == x_dialect.delimiter_size()) return State::field_start;
  if (!was_closed || is_structure) return after(x_state, c);
  return leaves_junk(matched, c) ? State::unquoted : State::closed;
}

void StructureScanner::step_long(const char* text, unsigned count, Structure& out) {
  for (unsigned i = 0; i < count; ++i) {
    const std::uint64_t bit = std::uint64_t{1} << i;
    const bool was_closed = x_state == State::quote_seen || x_state == State::closed;
    const bool may_match = !in_quotes() && x_state != State::comment;
    if (in_quotes()) out.inside |= bit;
    const unsigned matched = may_match ? match(text[i]) : 0;
    const bool is_junk = was_closed && x_matched > 0 && matched == 0 && leaves_junk(0, text[i]);
    x_state = after_byte_of_long(text[i], matched);
    if (is_junk || (was_closed && x_state == State::unquoted)) out.junk |= bit;
    const bool is_whole = matched == x_dialect.delimiter_size();
    if (is_whole) out.delimiters |= bit;
    x_matched = static_cast<std::uint8_t>(is_whole ? 0 : matched);
  }
}

}  // namespace leat::connectors::csv
