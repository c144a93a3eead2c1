#include "state/sql_store.hpp"

#include "base/crash_point.hpp"
#include "base/names.hpp"
#include "state/sql_dump.hpp"
#include "state/sql_forget.hpp"
#include "state/sql_leases.hpp"
#include "state/sql_rows.hpp"

namespace leat::state {
namespace {

std::string select_runs(const std::string& where) {
  return std::string("SELECT ") + kRunColumns +
         ", (SELECT report FROM reports WHERE reports.run_id = runs.run_id) FROM runs " + where;
}

/// Of one pipeline, newest first. `=` would leave the order to any index: of a pipeline that has
/// not run for long, a server that thinks it is one of many goes through all that ran since.
std::string newest_of_pipeline(const std::string& number) {
  return "WHERE pipeline BETWEEN ?1 AND ?1 ORDER BY pipeline DESC, " + number + " DESC";
}

/// Everything that begins like it: ids are written with small hexadecimal digits.
std::string begins_like(const char* column) {
  return std::string(column) + " >= ?1 AND " + column + " < ?1 || 'g'";
}

template <typename T>
Result<T> only_one(std::vector<T> found, std::string_view what, std::string_view prefix) {
  if (found.size() == 1) return std::move(found.front());
  const auto said = std::string(what) + " `" + std::string(prefix) + "`";
  if (found.empty()) return Error(Fault::config, "no " + said).hint("`leat runs` lists them");
  return Error(Fault::config, std::to_string(found.size()) + " ids begin like " + said)
      .hint("type more of it");
}

class SqlStore final : public Store {
 public:
  explicit SqlStore(std::unique_ptr<SqlDatabase> database) : x_database(std::move(database)) {}

  Status migrate() {
    const auto migrations = x_database->migrations();
    TRY(const auto have, version());
    if (have > migrations.size()) {
      return Error(Fault::config,
                   "the state store " + x_database->place() + " was made by a newer leat")
          .with("store_version", std::to_string(have))
          .with("known_version", std::to_string(migrations.size()))
          .hint("use that leat, or move the store away: only history is in it");
    }
    for (auto next = have; next < migrations.size(); ++next) {
      TRY(step(next, migrations[next]));
    }
    return {};
  }

  Status begin_run(const RunRecord& run, const std::vector<PublishRecord>& planned) override {
    const auto work = [&]() -> Status {
      TRY(write_run(run));
      return write_publishes(planned);
    };
    return together("state.begin_run", work, !planned.empty());
  }

  Status plan_publishes(const std::vector<PublishRecord>& planned) override {
    return together("state.plan", [&] { return write_publishes(planned); });
  }

  Status settle(const std::vector<PublishRecord>& publishes) override {
    // A settling that is lost is done again: the ledgers tell what became of a planned publish.
    const auto work = [&]() -> Status {
      TRY(write_publishes(publishes));
      for (const auto& publish : publishes) {
        if (publish.status == PublishStatus::planned) continue;
        TRY(write_event({system_clock().now(), "publish", publish.lane.pipeline,
                         publish.run_id.text(),
                         "publish " + publish.publish_id.text() + " of sink " + publish.lane.sink +
                             ": " + std::string(name_of(publish.status))}));
      }
      return {};
    };
    return together("state.settle", work, false);
  }

  Status finish_run(const RunRecord& run, const std::vector<StepRecord>& steps) override {
    return together("state.finish_run", [&]() -> Status {
      TRY(write_run(run));
      TRY(run_sql("DELETE FROM steps WHERE run_id = ?1", {run.run_id.text()}));
      for (const auto& one : steps) TRY(write_step(one));
      return {};
    });
  }

  Status note_step(const StepRecord& step) override {
    TRY(x_database->begin(false));
    return end(write_step(step));
  }

  Status note_event(const EventRecord& event, bool is_durable) override {
    return together("state.event", [&] { return write_event(event); }, is_durable);
  }

  Result<std::vector<RunRecord>> runs(std::string_view pipeline, std::size_t limit) override {
    const auto limited = " LIMIT " + std::to_string(limit);
    if (pipeline.empty()) return read_runs(select_runs("ORDER BY run_no DESC" + limited), {});
    return read_runs(select_runs(newest_of_pipeline("run_no") + limited), {std::string(pipeline)});
  }

  Result<std::vector<RunRecord>> unfinished_runs(std::string_view pipeline) override {
    const auto select =
        std::string("SELECT ") + kRunColumns + " FROM runs WHERE status = 'running'";
    if (pipeline.empty()) return read_runs(select + " ORDER BY run_no", {});
    return read_runs(select + " AND pipeline = ?1 ORDER BY run_no", {std::string(pipeline)});
  }

  Result<RunRecord> run(std::string_view id_prefix) override {
    if (id_prefix == "last") {
      TRY(auto found, runs("", 1));
      return only_one(std::move(found), "run", id_prefix);
    }
    TRY(auto found, read_runs(select_runs("WHERE " + begins_like("run_id") + " LIMIT 2"),
                              {to_lower(id_prefix)}));
    return only_one(std::move(found), "run", id_prefix);
  }

  Result<bool> began_after(const Uuid& run_id, const Uuid& other) override {
    TRY(const auto rows, x_database->query("SELECT 1 FROM runs AS a JOIN runs AS b ON a.run_no > "
                                           "b.run_no WHERE a.run_id = ?1 AND b.run_id = ?2",
                                           {run_id.text(), other.text()}));
    return !rows.empty();
  }

  Result<std::vector<StepRecord>> steps(const Uuid& run_id) override {
    TRY(const auto rows, x_database->query(std::string("SELECT ") + kStepColumns +
                                               " FROM steps WHERE run_id = ?1"
                                               " ORDER BY started_at, node",
                                           {run_id.text()}));
    std::vector<StepRecord> out;
    for (const auto& row : rows) {
      TRY(auto one, step_of(row));
      out.push_back(std::move(one));
    }
    return out;
  }

  Result<std::vector<PublishRecord>> publishes(std::string_view pipeline,
                                               std::optional<PublishStatus> status) override {
    std::string where;
    Cells with;
    if (!pipeline.empty()) {
      with.emplace_back(pipeline);
      where = " WHERE pipeline = ?1";
    }
    if (status) {
      with.emplace_back(name_of(*status));
      where += (where.empty() ? " WHERE" : " AND") + std::string(" status = ?") +
               std::to_string(with.size());
    }
    return read_publishes(where + " ORDER BY publish_id", with);
  }

  Result<std::vector<PublishRecord>> publishes_of(const Uuid& run_id) override {
    return read_publishes(" WHERE run_id = ?1 ORDER BY publish_id", {run_id.text()});
  }

  Result<std::vector<PublishRecord>> publishes_with_stage(std::string_view pipeline) override {
    return read_publishes(
        " WHERE pipeline = ?1 AND leaves_stage = 1 AND status <> 'planned' ORDER BY publish_id",
        {std::string(pipeline)});
  }

  Status note_stage_removed(const Uuid& publish_id) override {
    const auto sql = "UPDATE publishes SET leaves_stage = 0 WHERE publish_id = ?1";
    return together("state.stage", [&] { return run_sql(sql, {publish_id.text()}); }, false);
  }

  Result<bool> knows_sink(std::string_view pipeline, std::string_view sink,
                          std::string_view place) override {
    TRY(const auto rows,
        x_database->query("SELECT 1 FROM publishes WHERE pipeline = ?1 AND sink = ?2 AND place IN "
                          "(?3, '') LIMIT 1",
                          {std::string(pipeline), std::string(sink), std::string(place)}));
    return !rows.empty();
  }

  Result<std::optional<PublishRecord>> last_publish(const Lane& lane) override {
    const std::string one = "(?1, ?2, ?3, 'committed')";
    TRY(auto found,
        read_publishes(" WHERE (pipeline, sink, lane, status) BETWEEN " + one + " AND " + one +
                           " ORDER BY pipeline DESC, sink DESC, lane DESC, status DESC, "
                           "publish_id DESC LIMIT 1",
                       {lane.pipeline, lane.sink, lane.lane}));
    if (found.empty()) return std::optional<PublishRecord>();
    return std::optional<PublishRecord>(std::move(found.front()));
  }

  Result<PublishRecord> publish(std::string_view id_prefix) override {
    TRY(auto found,
        read_publishes(" WHERE " + begins_like("publish_id") + " LIMIT 2", {to_lower(id_prefix)}));
    return only_one(std::move(found), "publish", id_prefix);
  }

  Result<std::vector<EventRecord>> events(std::string_view pipeline, std::size_t limit) override {
    const auto select =
        std::string("SELECT ") + kEventColumns + " FROM events " +
        (pipeline.empty() ? "ORDER BY event_no DESC" : newest_of_pipeline("event_no")) + " LIMIT " +
        std::to_string(limit);
    TRY(const auto rows,
        x_database->query(select, pipeline.empty() ? Cells() : Cells{std::string(pipeline)}));
    std::vector<EventRecord> out;
    for (const auto& row : rows) out.push_back(event_of(row));
    return out;
  }

  Status pause(const Pause& pause) override {
    return together("state.pause", [&]() -> Status {
      TRY(run_sql(upsert("pauses", kPauseColumns, "pipeline"), cells_of(pause)));
      return write_event(
          {pause.at, "pause", pause.pipeline, "",
           "paused by " + pause.by + (pause.reason.empty() ? "" : ": " + pause.reason)});
    });
  }

  Result<bool> resume(std::string_view pipeline, const EventRecord& event) override {
    bool was_paused = false;
    auto done = together("state.resume", [&]() -> Status {
      const Cells with{std::string(pipeline)};
      TRY(const auto rows, x_database->query("SELECT 1 FROM pauses WHERE pipeline = ?1", with));
      was_paused = !rows.empty();
      if (!was_paused) return {};
      TRY(run_sql("DELETE FROM pauses WHERE pipeline = ?1", with));
      return write_event(event);
    });
    if (!done.ok()) return std::move(done).error();
    return was_paused;
  }

  Result<std::vector<Pause>> pauses() override {
    TRY(const auto rows,
        x_database->query(std::string("SELECT ") + kPauseColumns + " FROM pauses ORDER BY pipeline",
                          {}));
    std::vector<Pause> out;
    for (const auto& row : rows) out.push_back(pause_of(row));
    return out;
  }

  Result<std::vector<Uuid>> forget(const Retention& retention, Instant now) override {
    TRY(auto gone, runs_to_forget(*x_database, retention, now));
    if (gone.empty()) return gone;
    auto done = together("state.forget", [&]() -> Status {
      for (const auto& id : gone) TRY(forget_run(*x_database, id));
      return forget_leases(*x_database);
    });
    if (!done.ok()) return std::move(done).error();
    return gone;
  }

  Result<Lease> take_lease(const Lease& wanted, Micros length, bool may_be_held) override {
    Lease taken = wanted;
    auto done = together(
        "state.lease",
        [&]() -> Status {
          TRY(taken, state::take_lease(*x_database, wanted, length, may_be_held));
          return {};
        },
        false);
    if (!done.ok()) return std::move(done).error();
    return taken;
  }

  Status renew_lease(const Lease& lease, Micros length) override {
    TRY(x_database->begin(false));
    return end(state::renew_lease(*x_database, lease, length));
  }

  Status release_lease(const Lease& lease) override {
    TRY(x_database->begin(false));
    return end(state::release_lease(*x_database, lease));
  }

  Result<std::vector<Lease>> leases() override { return state::all_leases(*x_database); }

  std::string kind() const override { return x_database->kind(); }
  std::string place() const override { return x_database->place(); }
  Result<std::uint64_t> bytes() override { return x_database->bytes(); }
  Result<std::unique_ptr<Store>> open_another() const override {
    TRY(auto database, x_database->open_another());
    return open_sql_store(std::move(database));
  }

  Result<std::size_t> version() override { return x_database->version(); }

  Result<std::vector<RowCount>> counts() override { return count_tables(*x_database); }
  Status dump(const TakeRow& take) override { return dump_tables(*x_database, take); }

 private:
  /// Two runs may find a new store at once, so the version is asked for again under the lock.
  Status step(std::size_t number, const std::vector<std::string>& statements) {
    return together("state.migrate", [&]() -> Status {
      TRY(const auto have, version());
      if (have > number) return {};
      for (const auto& statement : statements) TRY(run_sql(statement, {}));
      return x_database->set_version(number + 1);
    });
  }

  Status end(Status done) {
    if (done.ok()) return x_database->commit();
    [[maybe_unused]] const auto undone = x_database->roll_back();
    return done;
  }

  Status together(std::string_view point, const std::function<Status()>& work,
                  bool is_durable = true) {
    TRY(x_database->begin(is_durable));
    auto done = work();
    if (!done.ok()) return end(std::move(done));
    crash_point(std::string(point) + ".before");
    TRY(end({}));
    crash_point(std::string(point) + ".after");
    return {};
  }

  Status run_sql(const std::string& sql, const Cells& with) {
    TRY([[maybe_unused]] const auto rows, x_database->query(sql, with));
    return {};
  }

  Status write_run(const RunRecord& run) {
    const auto columns = std::string(kRunColumns) + ", " + kRunNumber;
    TRY(run_sql(upsert("runs", columns, "run_id"), cells_of(run)));
    if (run.report.empty()) return {};
    return run_sql(upsert("reports", "run_id, report", "run_id"), {run.run_id.text(), run.report});
  }

  Status write_publishes(const std::vector<PublishRecord>& publishes) {
    for (const auto& publish : publishes) {
      TRY(run_sql(upsert("publishes", kPublishColumns, "publish_id"), cells_of(publish)));
    }
    return {};
  }

  Status write_step(const StepRecord& step) {
    return run_sql(upsert("steps", kStepColumns, "run_id, node"), cells_of(step));
  }

  Status write_event(const EventRecord& event) {
    return run_sql(
        std::string("INSERT INTO events(") + kEventColumns + ") VALUES (?1, ?2, ?3, ?4, ?5)",
        cells_of(event));
  }

  Result<std::vector<RunRecord>> read_runs(const std::string& sql, const Cells& with) {
    TRY(const auto rows, x_database->query(sql, with));
    std::vector<RunRecord> out;
    for (const auto& row : rows) {
      TRY(auto record, run_of(row));
      out.push_back(std::move(record));
    }
    return out;
  }

  Result<std::vector<PublishRecord>> read_publishes(const std::string& where, const Cells& with) {
    TRY(const auto rows,
        x_database->query(std::string("SELECT ") + kPublishColumns + " FROM publishes" + where,
                          with));
    std::vector<PublishRecord> out;
    for (const auto& row : rows) {
      TRY(auto record, publish_of(row));
      out.push_back(std::move(record));
    }
    return out;
  }

  std::unique_ptr<SqlDatabase> x_database;
};

}  // namespace

Result<std::unique_ptr<Store>> open_sql_store(std::unique_ptr<SqlDatabase> database) {
  auto store = std::make_unique<SqlStore>(std::move(database));
  TRY(store->migrate());
  return std::unique_ptr<Store>(std::move(store));
}

}  // namespace leat::state
