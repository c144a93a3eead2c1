#include "state/store.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <atomic>
#include <fstream>
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

TEST_F(StoreTest, is_made_once_when_many_open_it_at_the_same_moment) {
  for (int round = 0; round < 20; ++round) {
    std::filesystem::remove_all(folder / "state.db");
    std::vector<std::thread> openers;
    for (int i = 0; i < 4; ++i) openers.emplace_back([this] { open(); });
    for (auto& opener : openers) opener.join();
  }
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

/// The bug: a broken page that opening the store does not read held up every run.
TEST_F(StoreTest, a_page_that_is_met_broken_later_is_looked_for_by_the_next_that_opens) {
  const auto path = folder / "state.db";
  ASSERT_TRUE(open()->begin_run(run("prices"), {}).ok());
  std::size_t page = 0;
  {
    const auto database = sqlite::open_database(path, sqlite::Access::create);
    ASSERT_TRUE(sqlite::execute(database->get(), "PRAGMA wal_checkpoint(TRUNCATE)").ok());
    const auto rows = sqlite::query(database->get(),
                                    "SELECT rootpage FROM sqlite_schema WHERE name = 'pauses'", {});
    page = std::stoul(rows->at(0).at(0));
  }
  {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(std::streamoff((page - 1) * 4096));
    file << std::string(4096, 'x');
  }
  const auto again = [&] {
    return Store::open_or_begin_anew(path, io::local_files(), system_clock());
  };
  {
    const auto opened = again();
    ASSERT_TRUE(opened.ok());
    EXPECT_EQ(opened->warning, "");
    EXPECT_FALSE(opened->store->pauses().ok());
  }
  const auto opened = again();
  ASSERT_TRUE(opened.ok()) << opened.error().text();
  EXPECT_NE(opened->warning.find("state.db.broken-"), std::string::npos);
  EXPECT_TRUE(opened->store->pauses().ok());
  EXPECT_FALSE(io::local_files().exists(damage_mark(path)));
}

TEST_F(StoreTest, a_whole_store_that_was_doubted_stays_where_it_is) {
  const auto path = folder / "state.db";
  ASSERT_TRUE(open()->begin_run(run("prices"), {}).ok());
  std::ofstream(damage_mark(path)).put('x');
  const auto opened = Store::open_or_begin_anew(path, io::local_files(), system_clock());
  ASSERT_TRUE(opened.ok());
  EXPECT_EQ(opened->warning, "");
  EXPECT_EQ(opened->store->runs("", 5)->size(), 1u);
  EXPECT_FALSE(io::local_files().exists(damage_mark(path)));
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

TEST_F(StoreTest, refuses_a_store_of_a_newer_program) {
  open();
  auto database = sqlite::open_database(folder / "state.db", sqlite::Access::write);
  ASSERT_TRUE(sqlite::execute(database->get(), "PRAGMA user_version = 99").ok());
  const auto store = Store::open(folder / "state.db");
  ASSERT_FALSE(store.ok());
  EXPECT_NE(store.error().text().find("newer leat"), std::string::npos);
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
  EXPECT_EQ(*store->version(), 7u);
  const auto found = store->run(id.text());
  ASSERT_TRUE(found.ok()) << found.error().text();
  EXPECT_EQ(found->report, "{\"rows\":1}");
  EXPECT_EQ(found->started_at, Instant(Micros(1000)));
  EXPECT_FALSE(found->ended_at.has_value());
  EXPECT_EQ(found->process.number, 0);
}

}  // namespace
}  // namespace leat::state
