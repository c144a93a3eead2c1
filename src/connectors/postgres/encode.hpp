#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/postgres/pg_type.hpp"
#include "connectors/postgres/wire_bytes.hpp"
#include "data/chunk_view.hpp"
#include "data/schema.hpp"

namespace leat::connectors::postgres {

/// One column as it is written: what it comes as, and how it travels.
struct WireColumn {
  std::string name;
  data::Type type;  ///< As the engine hands it over.
  Wire wire = Wire::text;
};

/// Turns rows of the engine into rows of a binary COPY.
///
/// Threads   any number at once.
/// Promise   a value that the server's type has not (a date beyond its last one) becomes one that
///           the server refuses.
class RowEncoder {
 public:
  explicit RowEncoder(const std::vector<WireColumn>& columns);
  void append(std::span<const data::ColumnView> columns, std::uint32_t rows, WireBytes& out) const;

 private:
  using Put = void (*)(WireBytes&, const data::ColumnView&, std::uint32_t row);
  static Put put_of(const WireColumn& column);
  std::vector<Put> x_puts;
};

/// Bytes of the first row of `rows`; 0 when it is not whole.
std::size_t row_size(std::string_view rows);

/// One row of a binary COPY as a JSON object. Missing: null.
std::string row_json(std::string_view row, const std::vector<WireColumn>& columns);

}  // namespace leat::connectors::postgres
