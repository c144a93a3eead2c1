#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "clients/file_list/open_listed.hpp"
#include "connectors/csv/dialect.hpp"
#include "clients/text_values/value_format.hpp"

namespace leat::connectors::csv {

using text_values::TimeFormat;
using text_values::ValueFormat;

/// What to do with a record that has too few fields. One with too many is set aside, or stops the
/// run with `fail`.
enum class OnRagged : std::uint8_t { fail, pad, quarantine };

/// A column of a fixed-width file: characters `first` to `last`, from 1, both included.
struct FixedColumn {
  std::string name;
  std::uint32_t first = 1;
  std::uint32_t last = 1;
};

/// Everything that is known of the form of a source's files.
///
/// Shape   byte-order mark, `skip` physical lines, `header` records of which the first names the
///         columns, the records, `footer` physical lines. Empty lines at the very end of a file
///         belong to the footer and do not count.
struct FileFormat {
  Dialect dialect;
  ValueFormat values;
  std::uint32_t skip = 0;
  std::uint32_t header = 1;
  std::uint32_t footer = 0;
  OnRagged on_ragged = OnRagged::quarantine;
  std::uint64_t max_record_bytes = 16 << 20;
  file_list::TextForm form;
  std::vector<FixedColumn> widths;  ///< Empty: fields have delimiters.
};

}  // namespace leat::connectors::csv
