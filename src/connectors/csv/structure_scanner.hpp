#pragma once

#include <cstdint>

#include "connectors/csv/byte_masks.hpp"
#include "connectors/csv/dialect.hpp"

namespace leat::connectors::csv {

/// What up to 64 bytes mean, one bit a byte.
struct Structure {
  std::uint64_t delimiters = 0;  ///< The last byte of each that ends a field.
  std::uint64_t line_ends = 0;   ///< The first byte of each LF, CRLF or CR, within quotes too.
  std::uint64_t inside = 0;      ///< Bytes within quotes; exact for delimiters and line ends.
  std::uint64_t junk = 0;        ///< A byte after a closing quote where a field should end.
  std::uint64_t high = 0;        ///< Bytes of 0x80 and above.

  std::uint64_t record_ends() const { return line_ends & ~inside; }
};

/// Reads bytes in order and tells structure from data.
///
/// Calls    `step` with consecutive pieces of 64 bytes and their masks; the last piece may be
///          shorter. A piece must not end between the CR and the LF of a CRLF unless the next piece
///          follows.
/// Promise  the same answer however the text is cut into pieces.
class StructureScanner {
 public:
  enum class State : std::uint8_t {
    field_start,  ///< A quote would open the field.
    unquoted,
    quoted,
    escaped,       ///< Within quotes, after the escape character.
    quote_seen,    ///< Within quotes a quote came: the end, or the first of two.
    closed,        ///< After the closing quote and blanks, which `trim` allows.
    record_start,  ///< As field_start, but a comment may begin; only where there are comments.
    comment,
  };

  explicit StructureScanner(const Dialect& dialect)
      : x_dialect(dialect), x_state(after_line_end()) {}

  /// 64 bytes at `text` must be readable, whatever `count` is.
  [[gnu::always_inline]] Structure step(const char* text, unsigned count, const ByteMasks& masks) {
    const std::uint64_t valid = low_bits(count);
    const std::uint64_t quote = x_dialect.has_quote ? masks.quote & valid : 0;
    const std::uint64_t delimiters = x_dialect.has_delimiter ? masks.delimiter & valid : 0;
    const std::uint64_t cr = masks.cr & valid;
    const std::uint64_t lf = masks.lf & valid;
    const std::uint64_t line_ends = cr | (lf & ~((cr << 1) | std::uint64_t{x_after_cr}));
    x_after_cr = ((cr >> (count - 1)) & 1) != 0;
    if (x_dialect.has_long_delimiter()) {
      Structure found{0, line_ends, 0, 0, masks.high & valid};
      step_long(text, count, found);
      return found;
    }
    if (quote == 0 && is_plain() && !x_dialect.has_comments()) {
      x_state = end_state(text, count, {0, delimiters | lf | cr, 0, 0});
      return {delimiters, line_ends, 0, 0, masks.high & valid};
    }
    if (quote == 0 && x_state == State::quoted && x_dialect.doubles_quotes()) {
      return {0, line_ends, valid, 0, masks.high & valid};
    }
    Structure out{delimiters, line_ends, 0, 0, masks.high & valid};
    const Quoting quoting{quote, delimiters | lf | cr, 0, 0};
    if (!step_well_formed(text, count, quoting, out)) step_bytes(text, count, out);
    out.delimiters &= ~out.inside;
    return out;
  }

  /// Pieces without a quote or a CR need no step where `is_between_quotes`: each delimiter and LF
  /// is one.
  static bool allows_plain(const Dialect& dialect) {
    return !dialect.trim && !dialect.has_comments() && !dialect.has_long_delimiter();
  }
  bool is_between_quotes() const { return is_plain() && !x_after_cr; }
  /// Such pieces, the last of which ends with `last`, were passed by.
  void pass_plain(char last) {
    const bool separates = last == '\n' || (x_dialect.has_delimiter && last == x_dialect.delimiter);
    x_state = separates ? State::field_start : State::unquoted;
  }

  const Dialect& dialect() const { return x_dialect; }
  State state() const { return x_state; }
  /// The text ended here: is there more behind a closing quote than the start of a delimiter?
  bool ends_in_junk() const {
    return x_matched > 0 && x_state == State::closed && leaves_junk(0, '\n');
  }
  bool in_quotes() const { return x_state == State::quoted || x_state == State::escaped; }

 private:
  State after_line_end() const {
    return x_dialect.has_comments() ? State::record_start : State::field_start;
  }
  /// What up to 64 bytes are to the state, one bit a byte.
  struct Quoting {
    std::uint64_t quotes = 0;
    std::uint64_t separators = 0;  ///< Delimiters and line ends, within quotes too.
    std::uint64_t inside = 0;
    std::uint64_t closing = 0;  ///< Quotes that end a field, or are the first of two.
  };

  bool is_plain() const { return x_state == State::field_start || x_state == State::unquoted; }
  /// A whole piece by bit arithmetic; false, and nothing done, when a quote stands where it needs
  /// a closer look.
  bool step_well_formed(const char* text, unsigned count, Quoting quoting, Structure& out);
  void step_bytes(const char* text, unsigned count, Structure& out);
  /// Byte by byte, for delimiters of several bytes.
  void step_long(const char* text, unsigned count, Structure& out);
  /// How much of the delimiter the bytes up to `c` are, when `x_matched` were before it.
  unsigned match(char c) const;
  bool leaves_junk(unsigned matched, char c) const;
  State after_byte_of_long(char c, unsigned matched) const;
  State after(State state, char c) const;
  State end_state(const char* text, unsigned count, const Quoting& of) const {
    const unsigned last = count - 1;
    if (((of.inside >> last) & 1) != 0) return State::quoted;
    if (((of.separators >> last) & 1) != 0) return State::field_start;
    if (((of.closing >> last) & 1) != 0) return State::quote_seen;
    if (!x_dialect.trim || !x_dialect.is_blank(text[last])) return State::unquoted;
    return end_state_after_blanks(text, count, of);
  }
  State end_state_after_blanks(const char* text, unsigned count, const Quoting& of) const;

  Dialect x_dialect;
  State x_state;
  bool x_after_cr = false;
  std::uint8_t x_matched = 0;  ///< Bytes of a long delimiter that came.
};

}  // namespace leat::connectors::csv
