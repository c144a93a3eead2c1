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
  /// Fields so far that go on behind their closing quote.
  std::size_t torn() const { return x_torn; }
  /// Line ends so far within quotes.
  std::size_t lines_within() const { return x_lines_within; }

 private:
  void step_inside();
  /// True at the end of a record.
  bool step();
  void take_data();

  std::string_view x_text;
  SampleForm x_form;
  SampleRecord x_record{""};
  std::array<bool, 256> x_is_special{};  ///< What may end data outside quotes.
  std::size_t x_at = 0;
  std::size_t x_torn = 0;
  std::size_t x_lines_within = 0;
  bool x_inside;
  bool x_has_ended = false;  ///< The record: the next one begins.
  bool x_is_closed = false;  ///< The quotes of the last field.
  bool x_is_new;             ///< Nothing of the record was seen.
};

}  // namespace leat::connectors::csv
