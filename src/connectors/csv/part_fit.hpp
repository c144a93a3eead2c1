#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/csv/sample_splitter.hpp"

namespace leat::connectors::csv {

/// A stretch of text from further on in a file, or from another one.
struct SamplePart {
  std::string text;
  std::string file;          ///< Its name; empty: there is no other.
  std::uint64_t offset = 0;  ///< Of its first byte, unpacked.
  bool starts_file = false;  ///< Else it may start anywhere, within quotes as well.
  bool ends_file = false;
};

/// How a part falls under one dialect.
struct PartFit {
  std::size_t records = 0;
  std::size_t fitting = 0;  ///< Of as many fields as the others of their file.
  std::size_t fields = 0;   ///< Of most of its records, whatever others have.
  std::size_t of_fields = 0;
  /// Line ends before the first record of a part that begins within quotes are lost, too.
  QuotesSeen quotes{};
  bool has_lines_within = false;   ///< Quotes hold line ends together.
  std::vector<SampleRecord> kept;  ///< Some of the records, for their values.

  /// Do most records fall otherwise than they should?
  bool disagrees() const { return records >= 3 && fitting * 2 < records; }
};

/// What to expect of a part.
struct Expected {
  std::size_t fields = 1;
  std::size_t skip = 0;           ///< Records above the names, at the start of a file.
  bool has_lines_within = false;  ///< Elsewhere quotes hold line ends together.
};

/// A part that starts anywhere is read as one that starts outside of quotes and as one that starts
/// within them: what makes more records whole is so, and what comes before the first is left out.
/// At the start of a file `fields` of most of its records are expected.
PartFit fit_part(const SamplePart& part, const SampleForm& form, const Expected& expected);

/// The rest of a start, from where a record begins.
PartFit fit_rest(std::string_view text, bool is_whole, const SampleForm& form, std::size_t fields);

}  // namespace leat::connectors::csv
