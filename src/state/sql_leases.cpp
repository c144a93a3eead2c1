#include "state/sql_leases.hpp"

#include <algorithm>

#include "base/quantity.hpp"
#include "state/sql_rows.hpp"

namespace leat::state {
namespace {

/// No lease is longer: one that seems to be was written before the clock was set back.
constexpr Micros kLongest = std::chrono::minutes(10);

struct Row {
  Lease lease;
  std::string clock;
  Micros until{};  ///< 0: it was given back.
};

Result<Row> row_of(const Cells& cells) {
  Row row;
  row.lease.name = cells[0];
  row.lease.fence = std::uint64_t(number_of(cells[1]));
  TRY(row.lease.run_id, parse_uuid(cells[2]));
  row.lease.holder = cells[3];
  row.lease.process = {cells[4], number_of(cells[5]), number_of(cells[6])};
  row.clock = cells[7];
  row.until = Micros(number_of(cells[8]));
  return row;
}

Cells cells_of_lease(const Lease& lease, const std::string& clock, Micros until) {
  return {lease.name,
          std::to_string(lease.fence),
          lease.run_id.text(),
          lease.holder,
          lease.process.place,
          std::to_string(lease.process.number),
          std::to_string(lease.process.began),
          clock,
          std::to_string(until.count())};
}

/// A process of this machine that has ended renews nothing any more. Of others only the clock
/// tells; by another clock (the machine was started anew) all have run out.
void judge(Row& row, const StoreTime& time) {
  const auto& process = row.lease.process;
  const bool has_ended = process.place == io::process_place() && !io::is_running(process);
  row.lease.left = row.until - time.now;
  row.lease.is_held = row.until != Micros{} && row.clock == time.clock && !has_ended &&
                      row.lease.left > Micros{} && row.lease.left <= kLongest;
}

Result<std::vector<Row>> read(SqlDatabase& database, const std::string& where, const Cells& with) {
  TRY(const auto time, database.time());
  TRY(const auto found,
      database.query(std::string("SELECT ") + kLeaseColumns + " FROM leases" + where, with));
  std::vector<Row> rows;
  for (const auto& cells : found) {
    TRY(auto row, row_of(cells));
    judge(row, time);
    rows.push_back(std::move(row));
  }
  return rows;
}

Result<std::optional<Row>> find(SqlDatabase& database, const std::string& name) {
  TRY(auto rows, read(database, " WHERE name = ?1", {name}));
  if (rows.empty()) return std::optional<Row>();
  return std::optional<Row>(std::move(rows.front()));
}

Status write(SqlDatabase& database, const Lease& lease, Micros length) {
  TRY(const auto time, database.time());
  TRY([[maybe_unused]] const auto rows,
      database.query(upsert("leases", kLeaseColumns, "name"),
                     cells_of_lease(lease, time.clock, time.now + std::min(length, kLongest))));
  return {};
}

bool is_same(const std::optional<Row>& row, const Lease& lease) {
  return row && row->lease.run_id == lease.run_id && row->lease.fence == lease.fence;
}

Error held_by(const Lease& lease) {
  return Error(Fault::external, "run " + lease.run_id.text() + " of " + lease.holder +
                                    " holds the lease of `" + lease.name + "`")
      .with("fence", std::to_string(lease.fence))
      .with("runs_out_in", format_duration(lease.left))
      .busy();
}

Error taken_over(const Lease& lease, const Lease& by) {
  return Error(Fault::external, "the lease of `" + lease.name +
                                    "` was not renewed in time, and run " + by.run_id.text() +
                                    " of " + by.holder + " has taken it over")
      .with("fence", std::to_string(by.fence))
      .with("own_fence", std::to_string(lease.fence))
      .refused()
      .hint("nothing more was published; run again, and it goes on from where the targets stand");
}

}  // namespace

Result<Lease> take_lease(SqlDatabase& database, const Lease& wanted, Micros length,
                         bool may_be_held) {
  TRY(const auto row, find(database, wanted.name));
  if (row && row->lease.is_held) return held_by(row->lease);
  if (!row && may_be_held) {
    return Error(Fault::external, "another process holds the lock of `" + wanted.name + "`").busy();
  }
  auto taken = wanted;
  taken.fence = (row ? row->lease.fence : 0) + 1;
  taken.is_held = true;
  taken.left = length;
  TRY(write(database, taken, length));
  return taken;
}

Status renew_lease(SqlDatabase& database, const Lease& lease, Micros length) {
  TRY(const auto row, find(database, lease.name));
  // Where nothing is known of it, the store was begun anew meanwhile: nobody has taken it.
  if (row && !is_same(row, lease)) return taken_over(lease, row->lease);
  return write(database, lease, length);
}

Status release_lease(SqlDatabase& database, const Lease& lease) {
  TRY(const auto row, find(database, lease.name));
  if (!is_same(row, lease)) return {};
  TRY([[maybe_unused]] const auto rows, database.query(upsert("leases", kLeaseColumns, "name"),
                                                       cells_of_lease(lease, row->clock, {})));
  return {};
}

Result<std::vector<Lease>> all_leases(SqlDatabase& database) {
  TRY(auto rows, read(database, " ORDER BY name", {}));
  std::vector<Lease> all;
  for (auto& row : rows) all.push_back(std::move(row.lease));
  return all;
}

Status forget_leases(SqlDatabase& database) {
  TRY([[maybe_unused]] const auto rows,
      database.query("DELETE FROM leases WHERE until = 0 AND name LIKE '%@%'", {}));
  return {};
}

}  // namespace leat::state
