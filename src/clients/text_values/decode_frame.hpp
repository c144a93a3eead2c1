#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "clients/text_values/decode.hpp"

namespace leat::text_values {

/// Clears validity bits of a vector whose rows are all valid at first.
class NullWriter {
 public:
  explicit NullWriter(duckdb_vector vector) : x_vector(vector) {}
  void set(std::size_t row) {
    if (x_bits == nullptr) {
      duckdb_vector_ensure_validity_writable(x_vector);
      x_bits = duckdb_vector_get_validity(x_vector);
    }
    x_bits[row / 64] &= ~(std::uint64_t{1} << (row % 64));
  }

 private:
  duckdb_vector x_vector;
  std::uint64_t* x_bits = nullptr;
};

void add_fault(const ColumnJob& job, std::size_t row, std::string message);
/// "`n/a` is not a DATE"
void add_not_a(const ColumnJob& job, std::size_t row);

/// A value without the blanks around it, which count in no type but varchar.
inline std::string_view without_blanks(std::string_view text) {
  const auto is_blank = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

/// The loop that all types but varchar share. `parse(const char*, size, T&)` takes the usual form
/// of a value; `parse_again(string_view, T&)` any other that the format allows.
template <typename T, typename Parse, typename ParseAgain>
void decode_values(const ColumnJob& job, Parse parse, ParseAgain parse_again) {
  T* const out = static_cast<T*>(duckdb_vector_get_data(job.vector));
  NullWriter nulls(job.vector);
  for (std::size_t row = 0; row < job.cells.size(); ++row) {
    const Cell& cell = job.cells[row];
    if (parse(cell.text, cell.size, out[row]) && cell.kind != Cell::Kind::absent) continue;
    const std::string_view text = without_blanks(cell.view());
    const bool is_null = text.empty() || cell.kind == Cell::Kind::absent;
    if (!is_null && parse_again(text, out[row])) continue;
    std::memset(static_cast<void*>(out + row), 0, sizeof(T));
    nulls.set(row);
    if (!is_null) add_not_a(job, row);
  }
}

/// Decoders by family; null when the type is of another one.
Decoder number_decoder(const data::Type& type);
Decoder text_decoder(const data::Type& type);
void decode_strict_json(const ColumnJob& job);
Decoder time_decoder(const data::Type& type);

}  // namespace leat::text_values
