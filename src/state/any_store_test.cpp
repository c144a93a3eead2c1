#include <gtest/gtest.h>
#include <stdlib.h>

#include <atomic>
#include <map>
#include <set>
#include <thread>

#include "base/names.hpp"
#include "state/postgres_store.hpp"
#include "state/store.hpp"
#include "support/postgres_server.hpp"

namespace leat::state {
namespace {

/// A clock that a test sets. Its steady time goes on as the machine's.
class JumpingClock final : public Clock {
 public:
  Instant now() const override { return system_clock().now() + jump; }
  Micros steady() const override { return system_clock().steady(); }
  Micros jump{};
};

/// What holds of a store wherever it is kept.
class AnyStoreTest : public ::testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    if (GetParam() == std::string("SQLite")) {
      char name[] = "/tmp/leat-state-XXXXXX";
      folder = ::mkdtemp(name);
      return;
    }
    std::string why;
    place.server.url = test::postgres_url(why);
    if (place.server.url.empty()) GTEST_SKIP() << "NO POSTGRESQL: " << why;
    place.shown = "the server of the tests";
    place.schema = "store_" + make_uuid7(system_clock()).text();
    place.server.parameters = {{"application_name", place.schema}};
  }
  void TearDown() override {
    if (!folder.empty()) std::filesystem::remove_all(folder);
    if (place.server.url.empty()) return;
    execute("DROP SCHEMA IF EXISTS " + quote_identifier(place.schema) + " CASCADE");
  }
  void execute(const std::string& sql) const {
    auto server = postgres::Connection::open(place.server);
    ASSERT_TRUE(server.ok()) << server.error().text();
    const auto done = server->execute(sql);
    EXPECT_TRUE(done.ok()) << done.error().text();
  }
  Result<std::unique_ptr<Store>> try_open() {
    if (folder.empty()) return open_postgres_store(place, true);
    return Store::open(folder / "state.db", clock);
  }
  std::unique_ptr<Store> open() {
    auto store = try_open();
    EXPECT_TRUE(store.ok()) << (store.ok() ? "" : store.error().text());
    return std::move(store).value();
  }
  RunRecord run(const char* pipeline) {
    // Ids of one millisecond stand in no order.
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
    RunRecord record;
    record.run_id = make_uuid7(system_clock());
    record.pipeline = pipeline;
    record.status = "running";
    record.started_at = system_clock().now();
    return record;
  }
  Lease lease(const char* name) {
    Lease wanted;
    wanted.name = name;
    wanted.run_id = make_uuid7(system_clock());
    wanted.holder = "ann@host";
    wanted.process = io::own_process();
    return wanted;
  }
  std::filesystem::path folder;  ///< Empty: in a server.
  PostgresPlace place;
  JumpingClock clock;
};

constexpr Micros kLong = std::chrono::seconds(30);
constexpr Micros kShort = std::chrono::milliseconds(30);

TEST_P(AnyStoreTest, remembers_a_run_and_its_planned_publishes_over_a_restart) {
  const auto first = run("prices");
  PublishRecord publish;
  publish.publish_id = make_uuid7(system_clock());
  publish.run_id = first.run_id;
  publish.lane = {"prices", "out", "main"};
  ASSERT_TRUE(open()->begin_run(first, {publish}).ok());

  auto store = open();
  const auto planned = store->publishes("prices", PublishStatus::planned);
  ASSERT_TRUE(planned.ok());
  ASSERT_EQ(planned->size(), 1u);
  EXPECT_EQ(planned->front().publish_id, publish.publish_id);
  EXPECT_EQ(planned->front().lane, publish.lane);
  EXPECT_EQ(store->run("last")->run_id, first.run_id);
}

TEST_P(AnyStoreTest, settling_moves_a_publish_out_of_the_planned_ones) {
  auto store = open();
  PublishRecord publish;
  publish.publish_id = make_uuid7(system_clock());
  publish.lane = {"prices", "out", "main"};
  ASSERT_TRUE(store->plan_publishes({publish}).ok());
  publish.status = PublishStatus::held;
  publish.held_file = "held/x/rows.parquet";
  ASSERT_TRUE(store->settle({publish}).ok());
  EXPECT_TRUE(store->publishes("prices", PublishStatus::planned)->empty());
  EXPECT_EQ(store->publish(publish.publish_id.text().substr(0, 30))->held_file,
            "held/x/rows.parquet");
}

TEST_P(AnyStoreTest, an_unknown_run_is_the_askers_fault) {
  const auto found = open()->run("ffff");
  ASSERT_FALSE(found.ok());
  EXPECT_EQ(found.error().fault(), Fault::config);
}

TEST_P(AnyStoreTest, lists_runs_newest_first) {
  auto store = open();
  const auto a = run("a");
  const auto b = run("b");
  ASSERT_TRUE(store->begin_run(a, {}).ok());
  ASSERT_TRUE(store->begin_run(b, {}).ok());
  const auto all = store->runs("", 10);
  ASSERT_EQ(all->size(), 2u);
  EXPECT_GE(all->front().run_id, all->back().run_id);
  EXPECT_EQ(store->runs("a", 10)->size(), 1u);
}

TEST_P(AnyStoreTest, runs_stand_as_they_began_when_the_clock_is_set_back) {
  auto store = open();
  std::vector<Uuid> begun;
  for (const auto jump : {Micros(0), Micros(std::chrono::hours(-2)), Micros(0)}) {
    clock.jump = jump;
    auto one = run("a");
    one.run_id = make_uuid7(clock);
    one.started_at = clock.now();
    begun.insert(begun.begin(), one.run_id);
    ASSERT_TRUE(store->begin_run(one, {}).ok());
    EXPECT_EQ(store->run("last")->run_id, one.run_id);
    one.status = "success";
    ASSERT_TRUE(store->finish_run(one, {}).ok());
  }
  const auto ids = [](const std::vector<RunRecord>& runs) {
    std::vector<Uuid> out;
    for (const auto& one : runs) out.push_back(one.run_id);
    return out;
  };
  EXPECT_EQ(ids(*store->runs("", 10)), begun);
  EXPECT_EQ(ids(*store->runs("a", 10)), begun);
  EXPECT_TRUE(*store->began_after(begun[1], begun[2]));
  EXPECT_FALSE(*store->began_after(begun[2], begun[1]));
  EXPECT_FALSE(*store->began_after(begun[1], Uuid{}));
  const auto by_age = store->forget({std::chrono::hours(1), {}}, system_clock().now());
  EXPECT_EQ(*by_age, std::vector<Uuid>{begun[1]}) << "the one of before is young";
  const auto by_count = store->forget({{}, 1}, system_clock().now());
  EXPECT_EQ(*by_count, std::vector<Uuid>{begun[2]});
}

TEST_P(AnyStoreTest, a_run_comes_back_as_it_was_written) {
  auto written = run("prices");
  written.pipeline_file = "/p/prices.yml";
  written.variables = {{"day", "\"mon'day\""}};
  written.sinks = {"a", "b"};
  written.retry_of = make_uuid7(system_clock());
  written.lane = "main";
  written.process = {"boot pid:[1]", 42, 1'000'000'000'000};
  auto store = open();
  ASSERT_TRUE(store->begin_run(written, {}).ok());
  ASSERT_EQ(store->unfinished_runs("prices")->size(), 1u);
  written.status = "partial";
  written.ended_at = written.started_at + Micros(5);
  written.exit_code = 4;
  written.report = "{}";
  StepRecord step{written.run_id,   "in", "source", "done", 3, 2, 1, written.started_at,
                  written.ended_at, ""};
  ASSERT_TRUE(
      store
          ->note_step(
              {written.run_id, "hook", "hook", "running", 0, 0, 0, written.started_at, {}, ""})
          .ok());
  ASSERT_TRUE(store->finish_run(written, {step}).ok());
  const auto found = store->run(written.run_id.text().substr(0, 33));
  ASSERT_TRUE(found.ok());
  EXPECT_EQ(found->variables, written.variables);
  EXPECT_EQ(found->sinks, written.sinks);
  EXPECT_EQ(found->retry_of, written.retry_of);
  EXPECT_EQ(found->process, written.process);
  EXPECT_EQ(found->ended_at, written.ended_at);
  EXPECT_EQ(found->lane, "main");
  EXPECT_EQ(found->report, "{}");
  EXPECT_EQ(*store->steps(written.run_id), std::vector<StepRecord>{step});
  EXPECT_TRUE(store->unfinished_runs("prices")->empty());
}

/// What waits, what explains rows of the quarantine and the last of a lane stay.
TEST_P(AnyStoreTest, forgetting_runs_keeps_the_publishes_that_somebody_needs) {
  auto store = open();
  std::vector<PublishRecord> made;
  const auto add = [&](const std::string& lane, PublishStatus status, const std::string& receipt) {
    auto record = run("prices");
    record.status = "success";
    PublishRecord publish;
    publish.publish_id = make_uuid7(system_clock());
    publish.run_id = record.run_id;
    publish.lane = {"prices", "out", lane};
    publish.status = status;
    publish.receipt = receipt;
    ASSERT_TRUE(store->begin_run(record, {publish}).ok());
    made.push_back(publish);
  };
  add("main", PublishStatus::committed, "{}");
  add("main", PublishStatus::held, "{}");
  add("main", PublishStatus::committed, R"({"quarantine":[{"dataset":"in"}]})");
  add("day", PublishStatus::committed, "{}");
  add("main", PublishStatus::committed, "{}");
  add("main", PublishStatus::committed, "{}");
  const auto gone = store->forget({{}, 1}, system_clock().now());
  ASSERT_TRUE(gone.ok());
  EXPECT_EQ(gone->size(), 5u);
  EXPECT_EQ(store->runs("", 10)->size(), 1u);
  std::vector<Uuid> kept;
  const auto left = store->publishes("", {});
  ASSERT_TRUE(left.ok());
  for (const auto& one : *left) kept.push_back(one.publish_id);
  EXPECT_EQ(kept, (std::vector<Uuid>{made[1].publish_id, made[2].publish_id, made[3].publish_id,
                                     made[5].publish_id}));
  EXPECT_TRUE(store->forget({{}, 1}, system_clock().now())->empty());
}

TEST_P(AnyStoreTest, runs_are_forgotten_by_age_but_never_those_that_go_on) {
  auto store = open();
  const auto going_on = run("prices");
  ASSERT_TRUE(store->begin_run(going_on, {}).ok());
  auto ended = run("prices");
  ended.status = "success";
  ASSERT_TRUE(store->begin_run(ended, {}).ok());
  ASSERT_TRUE(store->begin_run(run("last"), {}).ok());
  const auto now = ended.started_at;
  EXPECT_TRUE(store->forget({Micros(1'000'000), {}}, now)->empty());
  EXPECT_EQ(store->forget({Micros(1'000'000), {}}, now + Micros(2'000'000))->size(), 1u);
  EXPECT_EQ(store->runs("", 10)->back().run_id, going_on.run_id);
  EXPECT_EQ(store->runs("", 10)->size(), 2u) << "the newest stays whatever its age";
}

TEST_P(AnyStoreTest, tells_the_last_publish_of_a_lane_alone) {
  auto store = open();
  PublishRecord publish;
  publish.lane = {"prices", "out", "main"};
  EXPECT_FALSE(store->last_publish(publish.lane)->has_value());
  for (const auto status : {PublishStatus::committed, PublishStatus::failed}) {
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
    publish.publish_id = make_uuid7(system_clock());
    publish.status = status;
    ASSERT_TRUE(store->settle({publish}).ok());
  }
  EXPECT_EQ(store->last_publish(publish.lane)->value().status, PublishStatus::committed);
  EXPECT_FALSE(store->last_publish({"prices", "out", "day"})->has_value());
}

TEST_P(AnyStoreTest, pausing_twice_keeps_the_later_reason) {
  auto store = open();
  const Pause first{"prices", system_clock().now(), "ann on a", ""};
  const Pause second{"prices", system_clock().now(), "bob on b", "why not"};
  ASSERT_TRUE(store->pause(first).ok());
  ASSERT_TRUE(store->pause(second).ok());
  EXPECT_EQ(*store->pauses(), std::vector<Pause>{second});
  const EventRecord event{system_clock().now(), "resume", "prices", "", "resumed by ann"};
  EXPECT_TRUE(*store->resume("prices", event));
  EXPECT_FALSE(*store->resume("prices", event));
  EXPECT_EQ(store->events("prices", 10)->size(), 3u);
}

TEST_P(AnyStoreTest, dumps_each_row_once_however_many_pages_they_fill) {
  auto store = open();
  const auto record = run("prices");
  std::vector<StepRecord> steps;
  for (int i = 0; i < 2500; ++i) {
    steps.push_back(
        {record.run_id, "node" + std::to_string(i), "model", "done", 0, 0, 0, {}, {}, ""});
  }
  ASSERT_TRUE(store->finish_run(record, steps).ok());
  for (int i = 0; i < 1001; ++i) ASSERT_TRUE(store->note_event({{}, "publish", "p", "", "x"}).ok());
  std::map<std::string, std::set<std::string>> seen;
  std::size_t rows = 0;
  const auto done = store->dump([&](const std::string& table, const std::vector<std::string>& names,
                                    const std::vector<std::string>& cells) -> Status {
    EXPECT_EQ(names.size(), cells.size());
    seen[table].insert(table == "events" ? cells[0] : cells[0] + cells[1]);
    ++rows;
    return {};
  });
  ASSERT_TRUE(done.ok()) << done.error().text();
  EXPECT_EQ(rows, 3502u);
  EXPECT_EQ(seen["steps"].size(), 2500u);
  EXPECT_EQ(seen["events"].size(), 1001u);
  EXPECT_EQ(store->unfinished_runs("")->size(), 1u);
}

TEST_P(AnyStoreTest, is_made_once_when_many_open_it_at_the_same_moment) {
  std::vector<std::thread> openers;
  for (int i = 0; i < 4; ++i) openers.emplace_back([this] { open(); });
  for (auto& opener : openers) opener.join();
  EXPECT_TRUE(open()->begin_run(run("prices"), {}).ok());
}

TEST_P(AnyStoreTest, says_what_it_is_and_how_much_it_holds) {
  auto store = open();
  EXPECT_EQ(store->kind(), GetParam());
  EXPECT_NE(store->place().find(folder.empty() ? place.schema : folder.string()),
            std::string::npos);
  EXPECT_GT(*store->bytes(), 0u);
  EXPECT_EQ(store->counts()->size(), 7u);
}

/// Texts come from anywhere: a name of a file need not be UTF-8, a value may hold a NUL.
TEST_P(AnyStoreTest, whatever_text_an_error_holds_a_step_is_kept) {
  auto store = open();
  const auto record = run("prices");
  for (const std::string& text :
       {std::string("a\0b", 3), std::string("a\xff"), std::string("ä?1$1'\n")}) {
    StepRecord step{record.run_id, "in", "source", "failed", 0, 0, 0, {}, {}, text};
    ASSERT_TRUE(store->finish_run(record, {step}).ok()) << text;
    const auto steps = store->steps(record.run_id);
    ASSERT_EQ(steps->size(), 1u);
    if (!text.starts_with("ä")) continue;
    EXPECT_EQ(steps->front().error, text);
  }
}

TEST_P(AnyStoreTest, a_lease_has_one_holder_and_its_number_grows) {
  auto store = open();
  const auto first = store->take_lease(lease("prices"), kLong, false);
  ASSERT_TRUE(first.ok()) << first.error().text();
  EXPECT_EQ(first->fence, 1u);
  const auto second = open()->take_lease(lease("prices"), kLong, false);
  ASSERT_FALSE(second.ok());
  EXPECT_TRUE(second.error().is_busy());
  EXPECT_NE(second.error().text().find(first->run_id.text()), std::string::npos);
  EXPECT_TRUE(store->take_lease(lease("sales"), kLong, false).ok());
  EXPECT_TRUE(store->renew_lease(*first, kLong).ok());
  EXPECT_TRUE(store->leases()->front().is_held);
  ASSERT_TRUE(store->release_lease(*first).ok());
  EXPECT_FALSE(store->leases()->front().is_held);
  EXPECT_EQ(store->take_lease(lease("prices"), kLong, false)->fence, 2u);
}

TEST_P(AnyStoreTest, who_was_silent_too_long_is_followed_and_then_refused) {
  auto store = open();
  const auto first = store->take_lease(lease("prices"), kShort, false);
  ASSERT_TRUE(first.ok());
  std::this_thread::sleep_for(2 * kShort);
  EXPECT_TRUE(store->renew_lease(*first, kShort).ok()) << "late, and nobody has taken it";
  std::this_thread::sleep_for(2 * kShort);
  const auto second = store->take_lease(lease("prices"), kLong, true);
  ASSERT_TRUE(second.ok()) << second.error().text();
  EXPECT_EQ(second->fence, 2u);
  const auto late = store->renew_lease(*first, kLong);
  ASSERT_FALSE(late.ok());
  EXPECT_TRUE(late.error().is_refused());
  EXPECT_NE(late.error().text().find("has taken it over"), std::string::npos);
  EXPECT_TRUE(store->release_lease(*first).ok());
  EXPECT_TRUE(store->leases()->front().is_held) << "what is another one's is not given back";
}

TEST_P(AnyStoreTest, a_process_of_this_machine_that_has_ended_holds_nothing) {
  auto store = open();
  auto gone = lease("prices");
  gone.process.began -= 1;
  ASSERT_TRUE(store->take_lease(gone, kLong, false).ok());
  EXPECT_TRUE(store->take_lease(lease("prices"), kLong, false).ok());
  auto elsewhere = lease("sales");
  elsewhere.process.place = "another machine";
  ASSERT_TRUE(store->take_lease(elsewhere, kLong, false).ok());
  EXPECT_FALSE(store->take_lease(lease("sales"), kLong, false).ok());
}

TEST_P(AnyStoreTest, a_lease_that_nothing_is_known_of_may_be_that_of_the_lock) {
  auto store = open();
  const auto refused = store->take_lease(lease("prices"), kLong, true);
  ASSERT_FALSE(refused.ok());
  EXPECT_TRUE(refused.error().is_busy());
}

/// The wall clock of one machine decides nothing: a year off, a lease is as long as it was.
TEST_P(AnyStoreTest, a_clock_that_jumps_changes_no_lease) {
  auto store = open();
  for (const auto jump : {-std::chrono::hours(9000), std::chrono::hours(9000)}) {
    const auto held = store->take_lease(lease("prices"), kLong, false);
    ASSERT_TRUE(held.ok());
    clock.jump = jump;
    EXPECT_FALSE(open()->take_lease(lease("prices"), kLong, false).ok());
    EXPECT_TRUE(store->renew_lease(*held, kLong).ok());
    ASSERT_TRUE(store->release_lease(*held).ok());
  }
}

TEST_P(AnyStoreTest, of_many_that_want_a_lease_one_gets_it) {
  open();
  std::atomic<int> taken{0};
  std::vector<std::thread> takers;
  for (int i = 0; i < 4; ++i) {
    takers.emplace_back([&] {
      if (open()->take_lease(lease("prices"), kLong, false).ok()) ++taken;
    });
  }
  for (auto& taker : takers) taker.join();
  EXPECT_EQ(taken.load(), 1);
}

TEST_P(AnyStoreTest, another_connection_sees_the_same) {
  auto store = open();
  const auto held = store->take_lease(lease("prices"), kLong, false);
  auto another = store->open_another();
  ASSERT_TRUE(another.ok());
  EXPECT_TRUE((*another)->renew_lease(*held, kLong).ok());
}

INSTANTIATE_TEST_SUITE_P(Everywhere, AnyStoreTest, ::testing::Values("SQLite", "PostgreSQL"),
                         [](const auto& kind) { return std::string(kind.param); });

/// What holds of a server alone.
class ServerStoreTest : public AnyStoreTest {
 protected:
  std::string value(const std::string& sql) const {
    auto server = postgres::Connection::open(place.server);
    EXPECT_TRUE(server.ok()) << server.error().text();
    const auto rows = server->query(sql);
    EXPECT_TRUE(rows.ok()) << rows.error().text();
    return rows->at(0).at(0).value_or("");
  }
  /// Of a pipeline that has not run for long, and then as many of another, with a publish and an
  /// event each.
  void fill() const {
    execute("SET search_path TO " + quote_identifier(place.schema) + R"(;
        INSERT INTO runs SELECT substr(id, 1, 8) || '-0000-7000-8000-' || substr(id, 9, 12),
            CASE WHEN i <= 20000 THEN 'retired' ELSE 'prices' END, '', 'success', i, i + 1, 0, '',
            '[]', '[]', '', '', 0, 0, '', i
          FROM generate_series(1, 40000) AS r(i), LATERAL (SELECT lpad(i::TEXT, 20, '0') AS id) x;
        INSERT INTO publishes SELECT run_id, run_id, pipeline, 'out', 'main', 'committed',
            started_at, '', '', '' FROM runs ORDER BY run_no;
        INSERT INTO events(at, kind, pipeline, run_id, text) SELECT started_at, 'publish', pipeline,
            run_id, '' FROM runs ORDER BY run_no;
        ANALYZE runs; ANALYZE publishes; ANALYZE events)");
  }
  /// Of all tables of the store, by all connections that have ended by now: a connection tells what
  /// it has read when it ends.
  std::int64_t rows_read() const {
    await_others();
    return std::stoll(
        value("SELECT sum(seq_tup_read + coalesce(idx_tup_fetch, 0))::BIGINT FROM "
              "pg_stat_user_tables WHERE schemaname = '" +
              place.schema + "'"));
  }
  void await_others() const {
    const auto others =
        "SELECT count(*) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND "
        "application_name = '" +
        place.schema + "'";
    for (int i = 0; i < 500 && value(others) != "0"; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
  }
};

TEST_P(ServerStoreTest, of_a_long_history_only_what_is_shown_is_read) {
  constexpr std::size_t kShown = 20;
  open();
  fill();
  const auto before = rows_read();
  {
    auto store = open();
    EXPECT_EQ(store->runs("", kShown)->size(), kShown);
    EXPECT_EQ(store->runs("retired", kShown)->size(), kShown);
    EXPECT_EQ(store->runs("retired", kShown)->at(0).started_at, Instant(Micros(20000)));
    EXPECT_EQ(store->events("retired", kShown)->size(), kShown);
    EXPECT_TRUE(store->last_publish({"retired", "out", "main"})->has_value());
    EXPECT_TRUE(store->unfinished_runs("")->empty());
  }
  EXPECT_LT(rows_read() - before, 200);
}

TEST_P(ServerStoreTest, very_many_rows_are_not_counted) {
  open();
  execute("SET search_path TO " + quote_identifier(place.schema) +
          "; INSERT INTO events(at, kind, pipeline, run_id, text) SELECT n, 'publish', 'p', '', '' "
          "FROM pg_catalog.generate_series(1, 150000) AS n; ANALYZE events, runs");
  const auto counts = open()->counts();
  ASSERT_TRUE(counts.ok()) << counts.error().text();
  for (const auto& count : *counts) {
    EXPECT_EQ(count.is_about, count.table == "events") << count.table;
    EXPECT_EQ(count.rows, count.table == "events" ? 150000u : 0u) << count.table;
  }
}

TEST_P(ServerStoreTest, runs_of_an_older_program_are_numbered_and_none_is_updated) {
  std::vector<RunRecord> made;
  for (const char* pipeline : {"prices", "rates", "prices"}) {
    made.push_back(run(pipeline));
    ASSERT_TRUE(open()->begin_run(made.back(), {}).ok());
  }
  execute(
      "SET search_path TO " + quote_identifier(place.schema) +
      "; ALTER TABLE runs DROP COLUMN run_no; CREATE INDEX runs_by_pipeline ON runs(pipeline, "
      "run_id); CREATE VIEW seen AS SELECT run_id FROM runs; UPDATE leat_store SET version = 1");
  auto found = open()->runs("", 5);
  ASSERT_TRUE(found.ok()) << found.error().text();
  ASSERT_EQ(found->size(), made.size());
  for (const auto& one : made) {
    EXPECT_EQ(found->back().run_id, one.run_id);
    EXPECT_EQ(found->back().pipeline, one.pipeline);
    EXPECT_EQ(found->back().started_at, one.started_at);
    found->pop_back();
  }
  const auto schema = quote_identifier(place.schema);
  EXPECT_EQ(value("SELECT count(*) FROM " + schema + ".seen"), "3");
  EXPECT_EQ(value("SELECT string_agg(run_no::TEXT, ' ' ORDER BY run_no) FROM " + schema + ".runs"),
            "1 2 3");
  await_others();
  EXPECT_EQ(value("SELECT n_tup_upd FROM pg_stat_user_tables WHERE relname = 'runs' AND schemaname "
                  "= '" +
                  place.schema + "'"),
            "0");
}

TEST_P(ServerStoreTest, a_store_of_a_newer_program_is_refused_by_name) {
  open();
  execute("UPDATE " + quote_identifier(place.schema) + ".leat_store SET version = 99");
  const auto store = try_open();
  ASSERT_FALSE(store.ok());
  EXPECT_EQ(store.error().fault(), Fault::config);
  EXPECT_NE(store.error().text().find("newer leat"), std::string::npos);
}

TEST_P(ServerStoreTest, to_look_makes_nothing) {
  const auto looked = open_postgres_store(place, false);
  ASSERT_TRUE(looked.ok());
  EXPECT_EQ(*looked, nullptr);
}

TEST_P(ServerStoreTest, a_connection_that_is_cut_is_opened_anew) {
  auto store = open();
  const auto cut =
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> "
      "pg_backend_pid() AND application_name = '" +
      place.schema + "'";
  execute(cut);
  EXPECT_TRUE(store->begin_run(run("prices"), {}).ok());
  execute(cut);
  const auto found = store->runs("", 5);
  ASSERT_TRUE(found.ok()) << found.error().text();
  EXPECT_EQ(found->size(), 1u);
}

TEST_P(ServerStoreTest, a_project_has_a_schema_of_its_own) {
  EXPECT_EQ(schema_of_project("county"), "leat_county");
  EXPECT_NE(schema_of_project("a-b"), schema_of_project("a_b"));
  EXPECT_NE(schema_of_project("A"), schema_of_project("a"));
  const std::string longest(200, 'x');
  EXPECT_LE(schema_of_project(longest).size(), 63u);
  EXPECT_NE(schema_of_project(longest), schema_of_project(longest + "y"));
}

INSTANTIATE_TEST_SUITE_P(Everywhere, ServerStoreTest, ::testing::Values("PostgreSQL"),
                         [](const auto& kind) { return std::string(kind.param); });

}  // namespace
}  // namespace leat::state
