#pragma once

#include <optional>
#include <string>
#include <vector>

#include "clients/text_values/cell.hpp"
#include "config/findings.hpp"
#include "config/node.hpp"
#include "data/schema.hpp"

namespace leat::connectors::rows {

/// The rows that an author wrote, as texts with a type a column. Never changes.
class RowTable {
 public:
  /// `rows` is a list of maps. Columns are those of `declared`, else all keys in the order in which
  /// they come, with the type that fits all their values: bigint, double, boolean, else varchar.
  /// Nothing when findings were added.
  static std::optional<RowTable> make(const config::Node& rows,
                                      const std::optional<data::Schema>& declared,
                                      config::Findings& findings);

  const data::Schema& schema() const { return x_schema; }
  std::size_t rows() const { return x_rows; }
  /// A missing key and a null are absent.
  text_values::Cell cell(std::size_t row, std::size_t column) const;
  std::string json(std::size_t row) const;
  /// The same for the same rows.
  std::string digest() const;

 private:
  struct Value {
    std::size_t offset = 0;
    std::size_t size = 0;
    bool is_null = true;
    bool is_quoted = false;
  };

  std::size_t column_of(const config::Node& key, bool may_add, config::Findings& findings);
  void take(const config::Node& value, std::size_t column, config::Findings& findings);
  void take_row(const config::Node& row, bool may_add, config::Findings& findings);
  void guess_types();

  data::Schema x_schema;
  std::size_t x_rows = 0;
  std::string x_text;                         ///< All values, and padding.
  std::vector<std::vector<Value>> x_columns;  ///< A value a row, those of the last rows may lack.
};

}  // namespace leat::connectors::rows
