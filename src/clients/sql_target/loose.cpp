#include "clients/sql_target/loose.hpp"

namespace leat::sql_target {

std::string rest_of(const std::string& rest, const std::string& column) {
  std::string sql;
  for (const char c : rest) sql += c == '?' ? column : std::string(1, c);
  return sql;
}

}  // namespace leat::sql_target
