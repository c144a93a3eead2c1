#include "state/store.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <atomic>
#include <fstream>
#include <map>
#include <set>
#include <thread>

#include "clients/sqlite/database.hpp"
#include "state/store_lock.hpp"

namespace leat::state {
namespace {

class StoreTest : public ::testing::Test {
 protected:
  void SetUp() override {
    char name[] = "/tmp/leat-state-XXXXXX";
    folder = ::mkdtemp(name);
  }
  void TearDown() override { std::filesystem::remove_all(folder); }
  std::unique_ptr<Store> open() {
    auto store = Store::open(folder / "state.db");
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
  std::filesystem::path folder;
};

TEST_F(StoreTest, remembers_a_run_and_its_planned_publishes_over_a_restart) {
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

TEST_F(StoreTest, is_made_once_when_many_open_it_at_the_same_moment) {
  for (int round = 0; round < 20; ++round) {
    std::filesystem::remove_all(folder / "state.db");
    std::vector<std::thread> openers;
    for (int i = 0; i < 4; ++i) openers.emplace_back([this] { open(); });
    for (auto& opener : openers) opener.join();
  }
}

TEST_F(StoreTest, settling_moves_a_publish_out_of_the_planned_ones) {
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

TEST_F(StoreTest, a_file_that_is_no_store_is_set_aside_and_a_new_one_begun) {
  for (const std::string text :
       {"garbage that is no database at all ............................", "SQLite format 3"}) {
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
    std::ofstream(folder / "state.db") << text << std::string(5000, 'x');
    EXPECT_TRUE(is_damaged(folder / "state.db"));
    EXPECT_FALSE(Store::open(folder / "state.db").ok());
    const auto opened =
        Store::open_or_begin_anew(folder / "state.db", io::local_files(), system_clock());
    ASSERT_TRUE(opened.ok()) << opened.error().text();
    EXPECT_NE(opened->warning.find("state.db.broken-"), std::string::npos);
    EXPECT_TRUE(opened->store->begin_run(run("prices"), {}).ok());
    EXPECT_FALSE(is_damaged(folder / "state.db"));
  }
}

TEST_F(StoreTest, a_whole_store_stays_where_it_is) {
  ASSERT_TRUE(open()->begin_run(run("prices"), {}).ok());
  const auto opened =
      Store::open_or_begin_anew(folder / "state.db", io::local_files(), system_clock());
  ASSERT_TRUE(opened.ok());
  EXPECT_EQ(opened->warning, "");
  EXPECT_EQ(opened->store->runs("", 5)->size(), 1u);
}

TEST_F(StoreTest, a_store_of_a_newer_program_is_no_damage) {
  open();
  ASSERT_TRUE(sqlite::execute(sqlite::open_database(folder / "state.db", sqlite::Access::create,
                                                    std::chrono::seconds(1))
                                  ->get(),
                              "PRAGMA user_version = 99")
                  .ok());
  const auto opened =
      Store::open_or_begin_anew(folder / "state.db", io::local_files(), system_clock());
  ASSERT_FALSE(opened.ok());
  EXPECT_NE(opened.error().text().find("newer leat"), std::string::npos);
}

/// The bug: a second opener took a store whose tables were still being made for damage, and set it
/// aside too.
TEST_F(StoreTest, a_store_that_is_being_made_is_no_damage) {
  const auto path = folder / "state.db";
  const auto database = sqlite::open_database(path, sqlite::Access::create);
  ASSERT_TRUE(database.ok());
  EXPECT_FALSE(is_damaged(path));
  ASSERT_TRUE(sqlite::execute(database->get(), "CREATE TABLE runs(run_id TEXT)").ok());
  ASSERT_TRUE(sqlite::execute(database->get(), "PRAGMA user_version = 1").ok());
  EXPECT_FALSE(is_damaged(path));
  ASSERT_TRUE(sqlite::execute(database->get(), "PRAGMA user_version = 3").ok());
  EXPECT_TRUE(is_damaged(path)) << "no publishes in a whole store";
}

TEST_F(StoreTest, a_database_of_another_program_is_damage) {
  const auto path = folder / "state.db";
  const auto database = sqlite::open_database(path, sqlite::Access::create);
  ASSERT_TRUE(sqlite::execute(database->get(), "CREATE TABLE cats(name TEXT)").ok());
  EXPECT_TRUE(is_damaged(path));
}

TEST_F(StoreTest, of_two_that_find_the_same_broken_file_one_begins_anew) {
  for (int round = 0; round < 10; ++round) {
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
    std::ofstream(folder / "state.db") << std::string(5000, 'x');
    std::vector<std::thread> openers;
    std::atomic<int> opened{0};
    for (int i = 0; i < 4; ++i) {
      openers.emplace_back([&] {
        const auto store =
            Store::open_or_begin_anew(folder / "state.db", io::local_files(), system_clock());
        if (store.ok()) ++opened;
        if (!store.ok()) {
          EXPECT_TRUE(store.error().is_busy()) << store.error().text();
        }
      });
    }
    for (auto& opener : openers) opener.join();
    EXPECT_GE(opened.load(), 1);
    std::size_t aside = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
      const auto name = entry.path().filename().string();
      aside += name.find("broken") != std::string::npos && name.ends_with("Z");
    }
    EXPECT_EQ(aside, 1u);
  }
}

TEST_F(StoreTest, a_store_that_is_open_is_not_moved_away) {
  const auto path = folder / "state.db";
  const auto lock = keep_in_place(io::local_files(), path);
  ASSERT_TRUE(lock.ok());
  int asked = 0;
  const auto given_up = have_alone(io::local_files(), path, [&] { return ++asked < 3; });
  ASSERT_TRUE(given_up.ok());
  EXPECT_EQ(*given_up, nullptr);
  EXPECT_EQ(asked, 3);
}

TEST_F(StoreTest, who_opens_a_store_waits_until_it_has_been_moved_away) {
  const auto path = folder / "state.db";
  auto alone = have_alone(io::local_files(), path, [] { return true; });
  ASSERT_TRUE(alone.ok());
  std::atomic<bool> is_open{false};
  std::thread opener([&] { is_open = Store::open(path).ok(); });
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  EXPECT_FALSE(is_open.load());
  alone->reset();
  opener.join();
  EXPECT_TRUE(is_open.load());
}

TEST_F(StoreTest, an_unknown_run_is_the_askers_fault) {
  const auto found = open()->run("ffff");
  ASSERT_FALSE(found.ok());
  EXPECT_EQ(found.error().fault(), Fault::config);
}

TEST_F(StoreTest, refuses_a_store_of_a_newer_program) {
  open();
  auto database = sqlite::open_database(folder / "state.db", sqlite::Access::write);
  ASSERT_TRUE(sqlite::execute(database->get(), "PRAGMA user_version = 99").ok());
  const auto store = Store::open(folder / "state.db");
  ASSERT_FALSE(store.ok());
  EXPECT_NE(store.error().text().find("newer leat"), std::string::npos);
}

TEST_F(StoreTest, lists_runs_newest_first) {
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

/// As leat 0.1 of before the steps left it: version 3, with the reports beside the runs.
void make_version_3(const std::filesystem::path& path, const Uuid& run_id) {
  const auto database = sqlite::open_database(path, sqlite::Access::create);
  for (const std::string& sql :
       {std::string(
            "CREATE TABLE runs(run_id TEXT PRIMARY KEY, pipeline TEXT NOT NULL, environment "
            "TEXT NOT NULL, status TEXT NOT NULL, started_at INTEGER NOT NULL, ended_at "
            "INTEGER, exit_code INTEGER NOT NULL, report TEXT NOT NULL) WITHOUT ROWID"),
        std::string("CREATE TABLE publishes(publish_id TEXT PRIMARY KEY, run_id TEXT NOT NULL, "
                    "pipeline TEXT NOT NULL, sink TEXT NOT NULL, lane TEXT NOT NULL, status TEXT "
                    "NOT NULL, planned_at INTEGER NOT NULL, receipt TEXT NOT NULL, held_file TEXT "
                    "NOT NULL, pipeline_file TEXT NOT NULL) WITHOUT ROWID"),
        std::string("CREATE INDEX publishes_by_pipeline ON publishes(pipeline, status)"),
        "INSERT INTO runs VALUES ('" + run_id.text() +
            "', 'prices', 'dev', 'success', 1000, NULL, 0, '{\"rows\":1}')",
        std::string("PRAGMA user_version = 3")}) {
    ASSERT_TRUE(sqlite::execute(database->get(), sql).ok()) << sql;
  }
}

TEST_F(StoreTest, a_store_of_an_older_program_keeps_its_runs_and_reports) {
  const auto id = make_uuid7(system_clock());
  make_version_3(folder / "state.db", id);
  auto store = open();
  EXPECT_EQ(*store->version(), 4u);
  const auto found = store->run(id.text());
  ASSERT_TRUE(found.ok()) << found.error().text();
  EXPECT_EQ(found->report, "{\"rows\":1}");
  EXPECT_EQ(found->started_at, Instant(Micros(1000)));
  EXPECT_FALSE(found->ended_at.has_value());
  EXPECT_EQ(found->process.number, 0);
}

TEST_F(StoreTest, a_run_comes_back_as_it_was_written) {
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
TEST_F(StoreTest, forgetting_runs_keeps_the_publishes_that_somebody_needs) {
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

TEST_F(StoreTest, runs_are_forgotten_by_age_but_never_those_that_go_on) {
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

TEST_F(StoreTest, tells_the_last_publish_of_a_lane_alone) {
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

TEST_F(StoreTest, pausing_twice_keeps_the_later_reason) {
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

TEST_F(StoreTest, dumps_each_row_once_however_many_pages_they_fill) {
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

}  // namespace
}  // namespace leat::state
