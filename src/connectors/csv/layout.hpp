#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "connectors/csv/file_format.hpp"
#include "connectors/csv/preamble.hpp"
#include "data/schema.hpp"

namespace leat::connectors::csv {

/// Where the columns of a source stand in one of its files.
struct Layout {
  static constexpr std::int32_t kMissing = -1;

  std::vector<std::int32_t> fields;  ///< A column of the schema each; kMissing: all null here.
  std::uint32_t field_count = 0;     ///< What every record must have; 0: nothing is asked.
};

/// Columns are found by name, letter case aside; without a header by position; in a fixed-width
/// file by their widths. `is_declared`: the author named the columns; else they are those that the
/// files were found to have, and a name that comes twice was numbered.
/// Errors  config, a declared name comes twice in the header.
Result<Layout> make_layout(const Preamble& preamble, const FileFormat& format,
                           const data::Schema& schema, bool is_declared);

/// Characters that a line of these columns must have so that each of them starts within it.
std::uint32_t characters_needed(const std::vector<FixedColumn>& columns);

/// The names of a header as column names: an empty one becomes "column3", a second "a" "a_2".
std::vector<std::string> unique_names(const std::vector<std::string>& header);

}  // namespace leat::connectors::csv
