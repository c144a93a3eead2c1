#pragma once

#include <memory>
#include <string_view>

#include "core/catalog.hpp"
#include "data/schema.hpp"

namespace leat {

/// A source's spec whose rows have a place: a file and the number of their record in it, at least.
class TellsPlaces {
 public:
  virtual ~TellsPlaces() = default;
};

/// Where each row stood: `_leat_file`, `_leat_record_no`, `_leat_line_no`, `_leat_byte_offset`.
const data::Schema& provenance_columns();
bool is_provenance_column(std::string_view name);

/// The same source, whose rows say where they stood, in the columns behind its own.
///
/// Shape    `_leat_file` is the file as the source calls it; records and lines count from 1, bytes
///          of the decompressed text from 0.
/// Missing  what a format does not have is null: Parquet has no lines.
/// Errors   config, of what it opens: it has a column of such a name itself.
std::unique_ptr<SourceSpec> with_provenance(std::shared_ptr<const SourceSpec> spec);

}  // namespace leat
