#include "state/sql_dump.hpp"

#include <algorithm>

#include "state/sql_rows.hpp"

namespace leat::state {
namespace {

constexpr std::size_t kPageRows = 1000;

/// Tables with the key that their rows are listed by: the first of their columns.
struct Table {
  std::string name;
  std::string key;
  std::string columns;
};
const std::vector<Table>& tables() {
  static const std::vector<Table> all{
      {"runs", "run_id", std::string(kRunColumns) + ", " + kRunNumber},
      {"reports", "run_id", "run_id, report"},
      {"steps", "run_id, node", kStepColumns},
      {"publishes", "publish_id", kPublishColumns},
      {"events", "event_no", std::string("event_no, ") + kEventColumns},
      {"pauses", "pipeline", kPauseColumns},
      {"leases", "name", kLeaseColumns},
  };
  return all;
}

/// "a, b" as {"a", "b"}.
std::vector<std::string> split_names(const std::string& list) {
  std::vector<std::string> names;
  for (std::size_t start = 0; start < list.size();) {
    const auto end = std::min(list.find(", ", start), list.size());
    names.push_back(list.substr(start, end - start));
    start = end + 2;
  }
  return names;
}

/// Page after page, each from the last key on: a long table is read once.
Status dump_table(SqlDatabase& database, const Table& table, const Store::TakeRow& take) {
  const auto names = split_names(table.columns);
  const auto keys = split_names(table.key).size();
  Cells after;
  for (;;) {
    const std::string where = after.empty() ? ""
                              : keys == 1   ? " WHERE " + table.key + " > ?1"
                                            : " WHERE (" + table.key + ") > (?1, ?2)";
    TRY(const auto rows,
        database.query("SELECT " + table.columns + " FROM " + table.name + where + " ORDER BY " +
                           table.key + " LIMIT " + std::to_string(kPageRows),
                       after));
    for (const auto& row : rows) TRY(take(table.name, names, row));
    if (rows.size() < kPageRows) return {};
    after.assign(rows.back().begin(), rows.back().begin() + std::ptrdiff_t(keys));
  }
}

}  // namespace

Result<std::vector<RowCount>> count_tables(SqlDatabase& database) {
  constexpr std::uint64_t kCounted = 100'000;
  std::vector<RowCount> out;
  for (const auto& table : tables()) {
    TRY(const auto about, database.rows_about(table.name));
    if (about && *about > kCounted) {
      out.push_back({table.name, *about, true});
      continue;
    }
    TRY(const auto rows, database.query("SELECT count(*) FROM " + table.name, {}));
    out.push_back({table.name, std::uint64_t(number_of(rows.at(0).at(0))), false});
  }
  return out;
}

Status dump_tables(SqlDatabase& database, const Store::TakeRow& take) {
  for (const auto& table : tables()) TRY(dump_table(database, table, take));
  return {};
}

}  // namespace leat::state
