#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "connectors/postgres/read_columns.hpp"

namespace leat::connectors::postgres {

/// One column of one batch on its way into the engine's vector: the fields of its rows, as they
/// came; a null is a view without bytes to point at.
struct FieldColumn {
  const ReadColumn& column;
  std::span<const std::string_view> fields;  ///< They stay where they are, with padding.
  duckdb_vector vector = nullptr;
};

/// Errors   a value that the column's type cannot hold becomes null and a fault.
void decode_fields(const FieldColumn& job, std::vector<RowFault>& faults);

}  // namespace leat::connectors::postgres
