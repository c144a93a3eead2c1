#include "state/sql_forget.hpp"

#include <algorithm>
#include <set>

#include "state/sql_rows.hpp"

namespace leat::state {
namespace {

constexpr std::size_t kForgottenMax = 1000;

/// The newest stays, however old it is, and so do those that go on.
Status find_ended(SqlDatabase& database, std::set<std::string>& ids, const std::string& by,
                  const std::string& below) {
  TRY(const auto rows, database.query("SELECT run_id FROM runs WHERE " + by +
                                          " < ?1 AND status <> 'running' "
                                          "AND run_no < (SELECT max(run_no) FROM runs) ORDER BY " +
                                          by + " LIMIT " + std::to_string(kForgottenMax),
                                      {below}));
  for (const auto& row : rows) ids.insert(row[0]);
  return {};
}

/// Runs of before the newest so many.
Status find_older(SqlDatabase& database, std::set<std::string>& ids, std::uint64_t runs) {
  TRY(const auto oldest_kept,
      database.query("SELECT run_no FROM runs ORDER BY run_no DESC LIMIT 1 OFFSET " +
                         std::to_string(std::max<std::uint64_t>(runs, 1) - 1),
                     {}));
  if (oldest_kept.empty()) return {};
  return find_ended(database, ids, "run_no", oldest_kept[0][0]);
}

}  // namespace

Result<std::vector<Uuid>> runs_to_forget(SqlDatabase& database, const Retention& retention,
                                         Instant now) {
  std::set<std::string> ids;
  if (retention.runs) TRY(find_older(database, ids, *retention.runs));
  if (retention.age) {
    // Their numbers do not tell: a clock may have been set back.
    TRY(find_ended(database, ids, "started_at", micros(now - *retention.age)));
  }
  std::vector<Uuid> found;
  for (const auto& id : ids) {
    TRY(auto parsed, parse_uuid(id));
    found.push_back(parsed);
  }
  return found;
}

Status forget_run(SqlDatabase& database, const Uuid& run_id) {
  const Cells with{run_id.text()};
  TRY([[maybe_unused]] const auto publishes,
      database.query("DELETE FROM publishes WHERE run_id = ?1 AND status NOT IN ('planned', "
                     "'held') AND leaves_stage = 0 AND receipt NOT LIKE '%\"quarantine\":[{%' AND "
                     "EXISTS (SELECT 1 FROM publishes AS later WHERE later.pipeline = "
                     "publishes.pipeline AND later.sink = publishes.sink AND later.lane = "
                     "publishes.lane AND later.place IN (publishes.place, '') AND later.status = "
                     "'committed' AND later.publish_id > "
                     "publishes.publish_id)",
                     with));
  for (const char* table : {"steps", "reports", "events", "runs"}) {
    TRY([[maybe_unused]] const auto rows,
        database.query(std::string("DELETE FROM ") + table + " WHERE run_id = ?1", with));
  }
  return {};
}

}  // namespace leat::state
