#pragma once

#include <duckdb.h>

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "clients/text_values/arena.hpp"
#include "clients/text_values/cell.hpp"
#include "clients/text_values/value_format.hpp"
#include "core/source.hpp"
#include "data/schema.hpp"

namespace leat::text_values {

/// One column of one batch on its way into the engine's vector.
struct ColumnJob {
  std::span<const Cell> cells;  ///< Absent ones become null.
  duckdb_vector vector = nullptr;
  const data::Column& column;
  const ValueFormat& format;
  bool may_be_invalid = false;  ///< A byte of 0x80 or above may be among the cells.
  Arena& arena;                 ///< Holds what varchars and blobs point to besides the block.
  std::vector<RowFault>& faults;
};

/// Reads all cells of a column as values of its type. A cell that is none becomes null and a fault.
using Decoder = void (*)(const ColumnJob&);

/// Null when values of this type cannot be read from text.
Decoder decoder_of(const data::Type& type);
/// The same, but what is to be json must be a JSON document; for texts that nobody has looked at.
Decoder strict_decoder_of(const data::Type& type);
/// What values of a type without a decoder come as, to be cast: lists, structs and maps as json,
/// rare scalars as varchar. Nothing: text cannot tell them.
std::optional<data::Type> carrier_of(const data::Type& type);

/// A UUID as the engine keeps it. False when the text is none.
bool parse_uuid(std::string_view text, duckdb_hugeint& out);

/// Gives the columns of `schema` the types that `types` has for their names, where values of such a
/// type can be read from text.
void read_as(const data::Schema& types, data::Schema& schema);

/// Makes absent what the format calls null. To be done before decoding.
void mark_nulls(std::span<Cell> cells, const ValueFormat& format, bool is_varchar);

}  // namespace leat::text_values
