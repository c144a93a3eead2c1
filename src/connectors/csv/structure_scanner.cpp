#include "connectors/csv/structure_scanner.hpp"

namespace leat::connectors::csv {

bool StructureScanner::step_well_formed(const char* text, unsigned count, Quoting of,
                                        Structure& out) {
  const bool in_quotes = x_state == State::quoted;
  const bool after_quote = x_state == State::quote_seen;
  if (!x_dialect.doubles_quotes() || x_dialect.has_comments()) return false;
  if (!in_quotes && !after_quote && !is_plain()) return false;
  of.inside = prefix_xor(of.quotes) ^ (in_quotes ? ~std::uint64_t{0} : 0);
  of.closing = of.quotes & ~of.inside;
  const std::uint64_t opening = of.quotes & of.inside;
  const bool may_open = after_quote || x_state == State::field_start;
  const std::uint64_t opens_well =
      (((of.separators & ~of.inside) | of.closing) << 1) | std::uint64_t{may_open};
  const std::uint64_t after_closing =
      ((of.closing << 1) | std::uint64_t{after_quote}) & low_bits(count);
  if ((opening & ~opens_well) != 0 || (after_closing & ~(of.separators | of.quotes)) != 0) {
    return false;
  }
  out.inside = of.inside & low_bits(count);
  x_state = end_state(text, count, of);
  return true;
}

void StructureScanner::step_bytes(const char* text, unsigned count, Structure& out) {
  for (unsigned i = 0; i < count; ++i) {
    const bool was_closed = x_state == State::quote_seen || x_state == State::closed;
    if (in_quotes()) out.inside |= std::uint64_t{1} << i;
    x_state = after(x_state, text[i]);
    if (was_closed && x_state == State::unquoted) out.junk |= std::uint64_t{1} << i;
  }
}

StructureScanner::State StructureScanner::after(State state, char c) const {
  if (state == State::escaped) return State::quoted;
  const bool is_line_end = c == '\n' || c == '\r';
  if (state == State::comment) return is_line_end ? State::record_start : State::comment;
  if (state == State::record_start) {
    if (c == x_dialect.comment) return State::comment;
    state = State::field_start;
  }
  const bool is_quote = x_dialect.has_quote && c == x_dialect.quote;
  if (state == State::quoted) {
    if (is_quote) return State::quote_seen;
    return c == x_dialect.escape && !x_dialect.doubles_quotes() ? State::escaped : State::quoted;
  }
  if (is_quote && state == State::field_start) return State::quoted;
  if (is_quote && state == State::quote_seen && x_dialect.doubles_quotes()) return State::quoted;
  if (is_line_end) return after_line_end();
  const bool may_end = x_dialect.has_delimiter && !x_dialect.has_long_delimiter();
  if (may_end && c == x_dialect.delimiter) return State::field_start;
  if (x_dialect.trim && x_dialect.is_blank(c) && state != State::unquoted) {
    return state == State::field_start ? State::field_start : State::closed;
  }
  return State::unquoted;
}

StructureScanner::State StructureScanner::end_state_after_blanks(const char* text, unsigned count,
                                                                 const Quoting& of) const {
  for (unsigned i = count; i-- > 0;) {
    if (((of.separators >> i) & 1) != 0) return State::field_start;
    if (((of.closing >> i) & 1) != 0) return State::closed;
    if (!x_dialect.is_blank(text[i])) return State::unquoted;
  }
  return x_state == State::quote_seen ? State::closed : x_state;
}

}  // namespace leat::connectors::csv
