#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace leat {

/// `raw` is a JSON object of the dataset's columns.
inline constexpr const char* kRawColumns = "columns";
/// `raw` is a text that only the whole file explains.
inline constexpr const char* kRawRecord = "record";
/// `raw` is a text of fields: behind this the names that its file gives them, if any, each after
/// kFieldMark.
inline constexpr const char* kRawFields = "fields";
inline constexpr char kFieldMark = '\x1f';

/// A row that was set aside.
struct BadRow {
  std::string dataset;
  std::string file;          ///< Empty when it did not come from a file.
  std::uint64_t record = 0;  ///< See data::RowPlace; 0: not known.
  std::uint64_t line = 0;
  std::uint64_t byte_offset = 0;
  std::vector<std::string> failed_checks;  ///< Ids; "decode" for a record that is no row.
  std::string message;                     ///< One sentence a failed check, joined by "; ".
  std::string raw;                     ///< As it stood in the source, or the row as a JSON object.
  std::string raw_form = kRawColumns;  ///< What `raw` is; see ChunkSource::raw_form.
};

/// Takes rows that are set aside.
/// Threads   any number at once.
class BadRowSink {
 public:
  virtual ~BadRowSink() = default;
  virtual Status add(std::vector<BadRow> rows) = 0;
};

}  // namespace leat
