#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/names.hpp"
#include "clients/file_list/open_listed.hpp"
#include "connectors/csv/dialect.hpp"
#include "clients/text_values/value_format.hpp"

namespace leat::connectors::csv {

using text_values::TimeFormat;
using text_values::ValueFormat;

/// What to do with a record that has too few fields. One with too many is set aside, or stops the
/// run with `fail`.
enum class OnRagged : std::uint8_t { fail, pad, quarantine };

/// What to do with lines that `skip` passes by, and header records below the first.
enum class OnPreamble : std::uint8_t { drop, quarantine };

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
  OnPreamble on_preamble = OnPreamble::drop;
  std::uint64_t max_record_bytes = 16 << 20;
  std::uint64_t max_field_bytes = std::numeric_limits<std::uint64_t>::max();
  std::uint32_t max_columns = 100'000;
  /// By column: what means null there, beside `values.nulls`.
  std::vector<std::pair<std::string, std::vector<std::string>>> column_nulls;
  /// By column: how its dates or timestamps are written, whatever `values` says.
  std::vector<std::pair<std::string, TimeFormat>> column_formats;
  file_list::TextForm form;
  std::vector<FixedColumn> widths;  ///< Empty: fields have delimiters.

  /// Null: nothing of its own. Letter case makes no difference.
  const std::vector<std::string>* nulls_of(std::string_view column) const {
    for (const auto& [name, texts] : column_nulls) {
      if (is_same_name(name, column)) return &texts;
    }
    return nullptr;
  }
  /// Null: nothing of its own.
  const TimeFormat* moments_of(std::string_view column) const {
    for (const auto& [name, format] : column_formats) {
      if (is_same_name(name, column)) return &format;
    }
    return nullptr;
  }
  /// How the values of one column are written.
  ValueFormat values_of(std::string_view column) const {
    ValueFormat out = values;
    if (const auto* moments = moments_of(column)) {
      out.timestamp = *moments;
      if (!moments->has_time()) out.date = *moments;
    }
    if (const auto* more = nulls_of(column)) {
      out.nulls.insert(out.nulls.end(), more->begin(), more->end());
    }
    return out;
  }
};

}  // namespace leat::connectors::csv
