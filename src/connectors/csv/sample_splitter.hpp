#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace leat::connectors::csv {

using SampleRecord = std::vector<std::string>;

/// A dialect that is tried on a sample.
struct SampleForm {
  std::string_view delimiter = ",";
  char quote = '"';
  char escape = '"';  ///< The quote itself: quotes are doubled.
};

/// What the quotes of a sample do.
struct QuotesSeen {
  std::size_t closed = 0;        ///< Fields that end where their quotes close.
  std::size_t torn = 0;          ///< Fields that go on behind their closing quote.
  std::size_t foreign = 0;       ///< Fields that begin with the quote that is none here.
  std::size_t lines_within = 0;  ///< Line ends within quotes.
  std::size_t lines_lost = 0;    ///< Of those, where quotes never close, or tear the field.

  QuotesSeen& operator+=(const QuotesSeen& more) {
    closed += more.closed;
    torn += more.torn;
    foreign += more.foreign;
    lines_within += more.lines_within;
    lines_lost += more.lines_lost;
    return *this;
  }
};

/// Walks over the records of a sample under one dialect. Empty lines are none.
class SampleSplitter {
 public:
  /// `is_inside`: the text begins within quotes.
  SampleSplitter(std::string_view text, const SampleForm& form, bool is_inside = false);

  /// Up to the next line end behind something; false: there is none.
  bool next();
  /// The one that ended there, or what is left behind the last.
  SampleRecord& record() { return x_record; }
  /// Is there something left that is a record if nothing follows?
  bool has_rest() const { return !x_is_new && !x_inside; }
  std::size_t at() const { return x_at; }
  /// So far; quotes that are open never close.
  QuotesSeen quotes() const;

 private:
  void step_inside();
  void end_field();
  /// True at the end of a record.
  bool step();
  void take_data();

  std::string_view x_text;
  SampleForm x_form;
  SampleRecord x_record{""};
  std::array<bool, 256> x_is_special{};  ///< What may end data outside quotes.
  std::size_t x_at = 0;
  QuotesSeen x_quotes;
  std::size_t x_lines_open = 0;  ///< Within the last quotes.
  bool x_inside;
  bool x_has_ended = false;  ///< The record: the next one begins.
  bool x_is_closed = false;  ///< The quotes of the last field.
  bool x_is_new;             ///< Nothing of the record was seen.
};

}  // namespace leat::connectors::csv
