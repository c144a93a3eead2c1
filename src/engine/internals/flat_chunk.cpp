#include "engine/internals/flat_chunk.hpp"

namespace leat {
namespace internals {
namespace {

using duckdb::string_t;

bool is_picked_text(const duckdb::Vector& column) {
  return column.GetVectorType() == duckdb::VectorType::DICTIONARY_VECTOR &&
         column.GetType().InternalType() == duckdb::PhysicalType::VARCHAR;
}

void flatten_text(duckdb::Vector& column, duckdb::idx_t rows) {
  duckdb::UnifiedVectorFormat from;
  column.ToUnifiedFormat(rows, from);
  duckdb::Vector flat(column.GetType(), rows);
  const auto* texts = duckdb::UnifiedVectorFormat::GetData<string_t>(from);
  auto* out = duckdb::FlatVector::GetData<string_t>(flat);
  for (duckdb::idx_t i = 0; i < rows; ++i) {
    const auto row = from.sel->get_index(i);
    out[i] = texts[row];
    if (!from.validity.RowIsValid(row)) duckdb::FlatVector::SetNull(flat, i, true);
  }
  duckdb::StringVector::AddHeapReference(flat, column);
  column.Reference(flat);
}

}  // namespace

void flatten(duckdb::DataChunk& chunk) {
  for (auto& column : chunk.data) {
    if (is_picked_text(column)) {
      flatten_text(column, chunk.size());
    } else {
      column.Flatten(chunk.size());
    }
  }
}

}  // namespace internals
}  // namespace leat
