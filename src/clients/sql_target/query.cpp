#include "clients/sql_target/query.hpp"

#include <charconv>

namespace leat::sql_target {

std::uint64_t number_in(const std::vector<Row>& rows, std::size_t cell) {
  if (rows.empty() || rows[0].size() <= cell) return 0;
  const std::string text = rows[0][cell].value_or("");
  std::uint64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

}  // namespace leat::sql_target
