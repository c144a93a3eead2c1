#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "clients/arrow_ipc/fields.hpp"
#include "data/chunk_view.hpp"

namespace leat::arrow_ipc {

/// One buffer of a record batch, within its body.
struct Buffer {
  std::uint64_t offset = 0;
  std::uint64_t bytes = 0;
};

/// Gathers the values of one column of a record batch, as they lie in its buffers.
class ColumnBuffer {
 public:
  explicit ColumnBuffer(const data::Column& column);

  /// False when text and bytes no longer fit behind 32-bit offsets.
  bool add(const data::ColumnView& view, std::uint32_t rows);
  std::size_t bytes() const { return x_values.size() + x_text.size(); }
  std::uint64_t nulls() const { return x_nulls; }
  /// Appends the buffers to a body, and their places in it.
  void put_into(std::string& body, std::vector<Buffer>& buffers) const;
  void clear();

 private:
  void add_validity(const data::ColumnView& view, std::uint32_t rows);
  void add_bits(const data::ColumnView& view, std::uint32_t rows);
  void add_decimals(const data::ColumnView& view, std::uint32_t rows);
  bool add_text(const data::ColumnView& view, std::uint32_t rows);

  Field x_field;
  std::uint64_t x_rows = 0;
  std::uint64_t x_nulls = 0;
  std::string x_valid;   ///< One bit a row.
  std::string x_values;  ///< Values, bits or offsets.
  std::string x_text;    ///< What offsets point into.
};

}  // namespace leat::arrow_ipc
