#pragma once

#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <utility>

#include "base/result.hpp"
#include "engine/session.hpp"

namespace leat::app {

/// One SELECT with a row of answers that are taken in the order in which they were asked for.
class Questions {
 public:
  void ask(const std::string& sql) { x_list += (x_list.empty() ? "" : ", ") + sql; }
  Status answer(engine::Session& session, const std::string& rows_sql) {
    TRY(auto table, session.query("SELECT " + x_list + " FROM " + rows_sql));
    x_row = std::move(table.rows.at(0));
    return {};
  }
  const std::optional<std::string>& next() { return x_row.at(x_next++); }

 private:
  std::string x_list;
  engine::TextRow x_row;
  std::size_t x_next = 0;
};

inline std::uint64_t count_in(const std::optional<std::string>& cell) {
  return cell ? std::strtoull(cell->c_str(), nullptr, 10) : 0;
}

inline std::optional<double> number_in(const std::optional<std::string>& cell) {
  if (!cell) return std::nullopt;
  return std::strtod(cell->c_str(), nullptr);
}

}  // namespace leat::app
