#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <duckdb.h>

#include "clients/arrow_ipc/plain_batch.hpp"
#include "core/source.hpp"

namespace leat::connectors::files {

/// Values of one column of a record batch that are wanted in a vector.
struct ArrowRange {
  const arrow_ipc::Field& field;
  const arrow_ipc::PlainColumn& from;
  std::uint64_t first = 0;
  std::uint64_t rows = 0;
};

/// Whose values they are, where what is wrong with them goes: of each row once, however much lies
/// in it.
struct ArrowOwner {
  const std::string& column;
  std::vector<RowFault>& faults;
  std::vector<bool> is_told{};  ///< By row.

  void tell(std::uint32_t row, std::string message) {
    if (is_told.size() <= row) is_told.resize(row + std::size_t{1});
    if (!is_told[row]) faults.push_back({row, column, std::move(message)});
    is_told[row] = true;
  }
};

/// Writes them, with all that is in them, from the vector's first row on.
///
/// Shape    texts point into the record batch.
/// Errors   external  a text lies outside of its buffer. A text that is no UTF-8, a time that does
///          not fit and a map that the engine does not hold are faults of their rows.
Status write_arrow(const ArrowRange& range, ArrowOwner owner, duckdb_vector to);

}  // namespace leat::connectors::files
