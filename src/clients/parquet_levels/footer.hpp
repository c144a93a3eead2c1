#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "io/files.hpp"

namespace leat::parquet_levels {

/// A leaf column of the schema that can come more than once in a row.
struct RepeatedColumn {
  std::size_t index = 0;  ///< Among the leaves.
  std::string path;       ///< "tags.list.element"
  int repetition_max = 0;
  int definition_max = 0;
};

/// One column of one row group.
struct ColumnChunk {
  std::int64_t codec = 0;
  std::int64_t values = 0;
  std::int64_t data_page = 0;
  std::int64_t dictionary_page = 0;  ///< 0: there is none.

  std::int64_t first_page() const {
    return dictionary_page > 0 && dictionary_page < data_page ? dictionary_page : data_page;
  }
};

struct RowGroup {
  std::int64_t rows = 0;
  std::vector<ColumnChunk> columns;
};

struct Footer {
  std::vector<RepeatedColumn> repeated;
  std::vector<RowGroup> groups;
};

/// Errors   external  cut off or broken.
Result<Footer> read_footer(io::File& file, std::uint64_t size);

}  // namespace leat::parquet_levels
